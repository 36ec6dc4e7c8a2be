"""A source notebook teaches all that it promises, shows what it refers to, and gives no answer away."""

import ast
import re
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

from nbformat import NotebookNode

from autograder.rubric.model import Assignment

_SVG = "{http://www.w3.org/2000/svg}"

_TAUGHT = {
    "p2p_communication": (
        "aux message",
        "swarm learning",
        "decentralised optimisation",
        "send_aux_request",
        "`targets`",
        "`topic`",
        "`request`",
        "`timeout`",
        "timeout=0",
        "get_return_code()",
        "TOPIC_UNKNOWN",
        "HANDLER_EXCEPTION",
        "COMMUNICATION_ERROR",
        "TIMEOUT",
        "invalid target",
        "register_aux_message_handler",
        "handler already registered",
        "START_RUN",
        "methods **of the engine**",
        "get_identity_name()",
        "get_peer_prop",
        "engine.get_clients()",
        "received unknown aux message topic hello",
        "targets=None",
        '"@ALL"',
        "SiteType.ALL",
        "only the server",
        "barrier=False",
        "acknowledge and retry",
        "readiness round",
        "idempotent",
        "FedJob",
        "simulator_run",
        "source code not available",
        "log.json",
        "start_controller",
        "P2PController",
    ),
    "reliable_messaging": (
        "retry storm",
        "exponential backoff",
        "two generals",
        "at least once",
        "at most once",
        "exactly once",
        "idempotent",
        "acknowledge",
        "under one lock",
        "`TIMEOUT`",
        "`TOPIC_UNKNOWN`",
        "`HANDLER_EXCEPTION`",
        "time.monotonic()",
        "a third of the deadline",
        "majority",
        "jitter",
        "ReliableMessage",
        "per_msg_timeout",
        "tx_timeout",
        "timeout=0",
        "course.fault",
        "seed=",
    ),
    "average_consensus": (
        "neighbour",
        "at most one iteration ahead",
        "threading.Condition",
        "doubly stochastic",
        "Metropolis weights",
        "spectral gap",
        "patience",
        "not on the true average",
        "decentralised learning",
        "`WEIGHTS`",
        "`APP_DEFINED`",
        "nvflare.app_opt.p2p",
        "ring",
        "path",
        "star",
        "random",
        "sum of the degrees",
        "completion_status",
        "by reference",
        "FedJob",
        "grep",
    ),
}
"""What a reader must find in the text of each assignment, whatever its case."""

_LINKS_TO_FLARE = {"p2p_communication": 8, "reliable_messaging": 3, "average_consensus": 3}
"""So many links at least lead to NVFlare's documentation."""

_COMMON = {
    "engine = fl_ctx.get_engine()",
    "return make_reply(ReturnCode.OK)",
    "data = from_shareable(shareable).data",
    "super().__init__()",
}
"""Statements of the model answers that give nothing away."""

_DECISIVE = {
    "p2p_communication": (
        'topic="hello"',
        "topic='hello'",
        'f"Hello from',
        'f"Received message',
        "data_kind=DataKind.APP",
    ),
    "reliable_messaging": ('f"Delivered', "pause >= end", 'f"News', "with self._lock", 'f"Alive', "deadline * 0.6"),
    "average_consensus": (
        'f"Consensus after',
        "own_weight = 1 -",
        "lambda: all(",
        "len(self.graph[",
        "while any(task.completion_status",
        'f"Lost',
        "until - time.monotonic()",
    ),
}
"""Pieces of the model answers that would give them away."""

_REGISTRIES = ("pypi", "pythonhosted", "anaconda", "conda", "npmjs", "docker.io")


def test_the_text_teaches(name: str, markdown: str) -> None:
    text = re.sub(r"\s+", " ", markdown).lower()
    assert [term for term in _TAUGHT[name] if term.lower() not in text] == []


def runs(notebook: NotebookNode) -> list[tuple[NotebookNode, NotebookNode, NotebookNode]]:
    """Each cell that runs something, between those before and after it."""
    threes = zip(notebook.cells, notebook.cells[1:], notebook.cells[2:], strict=False)
    return [three for three in threes if three[1].id.startswith("run_") and three[1].cell_type == "code"]


def test_each_exercise_is_run(notebook: NotebookNode, assignment: Assignment) -> None:
    assert {f"run_{exercise.name}" for exercise in assignment.exercises} <= {cell.id for _, cell, _ in runs(notebook)}


def test_every_run_is_asked_about_before(notebook: NotebookNode) -> None:
    for before, cell, _ in runs(notebook):
        assert "What do you expect to see" in before.source, cell.id


def test_every_experiment_is_explained_after(notebook: NotebookNode) -> None:
    for _, cell, after in runs(notebook):
        assert "<summary>What this shows</summary>" in after.source, cell.id


def test_folded_text_is_closed_and_readable_as_markdown(notebook: NotebookNode) -> None:
    assert any("<details>" in cell.source for cell in notebook.cells)
    for cell in notebook.cells:
        assert cell.source.count("<details>") == cell.source.count("</details>"), cell.id
        # Without an empty line after the summary, what follows is shown as it is and not as Markdown.
        assert len(re.findall(r"</summary>\n\n", cell.source)) == cell.source.count("<details>"), cell.id


def test_figures_are_there_and_described(markdown: str, folder: Path) -> None:
    figures = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", markdown)
    assert figures
    assert {target for _, target in figures} == {f"figures/{path.name}" for path in (folder / "figures").iterdir()}
    for alternative, target in figures:
        assert len(alternative) > 40, target
        root = ElementTree.parse(folder / target).getroot()
        assert root.tag == f"{_SVG}svg"
        for part in ("title", "desc"):
            element = root.find(f"{_SVG}{part}")
            assert element is not None and element.text, f"{target} has no {part}"
            assert element.get("id") in root.get("aria-labelledby", "").split()
        assert not re.search("script|href|http(?!://www.w3.org/2000/svg)", (folder / target).read_text("utf-8"))


def test_links_are_safe_and_lead_to_no_registry(name: str, markdown: str, folder: Path) -> None:
    text = markdown + (folder / "README.md").read_text("utf-8")
    links = re.findall(r"\]\(([^)]+)\)", text)
    remote = [link for link in links if not link.startswith("figures/")]
    assert remote and all(urlsplit(link).scheme == "https" for link in remote)
    assert (
        len([link for link in remote if urlsplit(link).hostname == "nvflare.readthedocs.io"]) >= _LINKS_TO_FLARE[name]
    )
    assert not any(registry in text.lower() for registry in _REGISTRIES)


def answers_in(solution: str, assignment: Assignment) -> tuple[str, str]:
    """The model answers in two parts: what they repeat of the notebook, and the answers."""
    start = solution.index(f"# %% [{assignment.exercises[0].name}]")
    return solution[:start], solution[start:]


def test_no_statement_of_the_model_answers_is_in_it(
    notebook: NotebookNode, assignment: Assignment, solution: str
) -> None:
    _, answers = answers_in(solution, assignment)
    statements = {ast.unparse(node) for node in _statements(answers)} - _COMMON
    assert len(statements) > 10
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.id not in assignment.given:
            shared = statements & {ast.unparse(node) for node in _statements(cell.source)}
            assert not shared, cell.id


def test_no_decisive_part_of_an_answer_is_in_it(name: str, notebook: NotebookNode, solution: str) -> None:
    for given_away in _DECISIVE[name]:
        assert given_away.replace("'", '"') in solution, "it is part of an answer"
        assert [cell.id for cell in notebook.cells if given_away in cell.source] == []


def test_what_is_given_is_what_the_model_answers_repeat(
    notebook: NotebookNode, assignment: Assignment, solution: str
) -> None:
    repeated, _ = answers_in(solution, assignment)
    imports, *others = (next(cell for cell in notebook.cells if cell.id == name) for name in assignment.given)
    assert [cell.id for cell in others if cell.source.strip() not in repeated] == []
    lines = imports.source.splitlines()
    assert [line for line in repeated.splitlines() if line.startswith(("import ", "from ")) and line not in lines] == []


def _statements(source: str) -> list[ast.stmt]:
    """The statements inside of functions, without docstrings."""
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    inside = [node for function in functions for node in ast.walk(function) if isinstance(node, ast.stmt)]
    return [node for node in inside if not isinstance(node, ast.FunctionDef | ast.Raise) and not _is_docstring(node)]


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
