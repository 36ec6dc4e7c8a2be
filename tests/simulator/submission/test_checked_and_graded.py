"""At the check of an exercise a notebook is the same in a kernel, in the own check and in grading, however arranged.

A kernel is IPython itself. What the own check runs is what its history has taken down there, and what grading runs is
laid out from the notebook as it was handed in.
"""

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import nbformat
import pytest

from autograder.assignments import load
from autograder.submission.percent import put_parts, read_parts
from autograder.submission.released import grade_id_of
from tests.tools.course_folder import CHECKOUT
from tests.tools.sampling import played
from tests.unit.submission.both_ways import ask
from tests.unit.submission.dressed import SNIPPETS, dressed, split

pytestmark = pytest.mark.slow

ASSIGNMENT = load("p2p_communication")
_BEGIN = "SEEN = []\nclass Box: pass\ndef REGISTER(f):\n    SEEN.append(f.__name__)\n    return f"

Book = dict[str, Any]


def solved() -> Book:
    release = nbformat.read(CHECKOUT.release(ASSIGNMENT.name), as_version=4)
    answers = read_parts((CHECKOUT.solutions(ASSIGNMENT.name) / f"{ASSIGNMENT.name}.py").read_text(encoding="utf-8"))
    book: Book = json.loads(nbformat.writes(put_parts(release, answers)))
    for cell in book["cells"]:
        cell["source"] = "".join(cell["source"])
    return book


SOLVED = solved()
STUBS = {
    grade_id_of(cell): "".join(cell["source"])
    for cell in json.loads(CHECKOUT.release(ASSIGNMENT.name).read_text())["cells"]
}


def new(source: str, kind: str = "code") -> dict[str, Any]:
    return {"cell_type": kind, "metadata": {}, "source": source}


def arranged(seed: int) -> Book:
    """Return the solved notebook after what students and tools do to one."""
    chance = random.Random(seed)
    book = copy.deepcopy(SOLVED)
    book["cells"] = list(_cells(book["cells"], chance))
    return book


def _cells(cells: list[dict[str, Any]], chance: random.Random) -> Iterator[dict[str, Any]]:
    last = ""
    for cell in cells:
        name = grade_id_of(cell)
        if name in {exercise.name for exercise in ASSIGNMENT.exercises}:
            yield from _answer(cell, chance)
        elif name in ASSIGNMENT.given and chance.random() < 0.3:
            yield {**cell, "source": f"{cell['source']}\nimport time as clock"}
        else:
            yield cell
        if cell["cell_type"] == "code":
            last = last or _BEGIN
            yield from _own(chance, last)
        last = cell["source"] if name in STUBS else last


def _own(chance: random.Random, above: str) -> Iterator[dict[str, Any]]:
    """Yield what a student adds below a cell: helpers, trials, notes, a copy of the cell."""
    yield new(_BEGIN)
    for _ in range(chance.randint(0, 3)):
        source = chance.choice(SNIPPETS).format(n=chance.randint(0, 3))
        yield new(dressed(source, chance))
    match chance.randrange(6):
        case 0:
            yield new("a note", "markdown")
        case 1:
            yield new("class TalkingExecutor(Executor):\n    tried = 'again'")
        case 2:
            yield new("setattr(SimpleController, 'added', lambda self: 1)")
        case 3:
            yield new(above)


def _answer(cell: dict[str, Any], chance: random.Random) -> Iterator[dict[str, Any]]:
    source = cell["source"]
    match chance.randrange(5):
        case 0:  # Split Cell of JupyterLab: both have the name
            head, tail = split(source, chance)
            yield {**cell, "source": head}
            yield {**cell, "id": f"{cell['id']}-2", "source": tail}
        case 1:  # the stub stays
            yield {**cell, "source": STUBS[grade_id_of(cell)]}
            yield new(dressed(source, chance))
        case 2:  # merged with one of the student's own
            yield {**cell, "source": f"{chance.choice(SNIPPETS[:4]).format(n=1)}\n\n{source}"}
        case _:
            yield {**cell, "source": dressed(source, chance)}


@pytest.fixture(scope="module")
def found(request: pytest.FixtureRequest) -> dict[int, Any]:
    seeds = played(request.session, test_kernel_own_check_and_grading_have_the_same_at_each_check.__name__, "seed")
    return dict(zip(seeds, ask("tests.unit.submission.three_ways", [arranged(seed) for seed in seeds]), strict=True))


@pytest.mark.sampled(3)
@pytest.mark.parametrize("seed", range(24))
def test_kernel_own_check_and_grading_have_the_same_at_each_check(seed: int, found: dict[int, Any]) -> None:
    assert found[seed].keys() == {exercise.name for exercise in ASSIGNMENT.exercises}
    for name, (in_kernel, checked, graded) in found[seed].items():
        assert checked["names"] == in_kernel, name
        assert graded["names"] == in_kernel, name
