"""A student at work, in a real kernel with the real simulator."""

import os
import re
from collections.abc import Iterator
from typing import Any

import psutil
import pytest
from jupyter_client.manager import start_new_kernel
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from tests.tools.course_folder import PATIENCE
from tests.tools.of_runs import of_runs
from tests.unit.notebook.cells import ENDLESS, IMPORT, SILENT, STUB, parts

pytestmark = pytest.mark.slow
GIVEN, EXECUTE, HANDLE, SERVER = parts().values()
MOST_WORK = 0.5
"""CPU seconds of the kernel until a run shows that it has begun."""


class Kernel:
    """A kernel as a front end uses it: cells have ids, and updated outputs take the place of what they update."""

    def __init__(self, folder: str, environment: dict[str, str] | None = None) -> None:
        environment = environment or dict(os.environ)
        self.manager, self.client = start_new_kernel(cwd=folder, startup_timeout=PATIENCE, env=environment)
        self.folder = folder
        assert isinstance(self.manager.provisioner, LocalProvisioner)
        self.process = psutil.Process(self.manager.provisioner.pid)
        self.outputs: list[dict[str, Any]] = []

    def start(self, source: str, cell_id: str = "cell") -> str:
        message = self.client.session.msg(
            "execute_request",
            {"code": source, "silent": False, "store_history": True, "user_expressions": {}, "stop_on_error": True},
            metadata={"cellId": cell_id},
        )
        self.outputs, self.first_after, self._begun = [], 0.0, self._cpu_seconds()
        self.client.shell_channel.send(message)
        return message["header"]["msg_id"]

    def collect(self, request: str, until: str = "") -> bool:
        """Takes in outputs until the cell is done (True), or one holds this text."""
        while True:
            message = self.client.get_iopub_msg(timeout=PATIENCE)
            if message["parent_header"].get("msg_id") != request:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                return True
            if kind in ("stream", "error", "display_data", "execute_result", "update_display_data"):
                self.first_after = self.first_after or self._cpu_seconds() - self._begun
                self._take(kind, content)
                if until and until in shown(self.outputs):
                    return False

    def _cpu_seconds(self) -> float:
        """What the kernel has worked so far. On a busy machine it waits longer, and does no more."""
        used = self.process.cpu_times()
        return used.user + used.system

    def _take(self, kind: str, content: dict[str, Any]) -> None:
        number = content.get("transient", {}).get("display_id")
        if kind == "update_display_data":
            for output in self.outputs:
                if output["content"].get("transient", {}).get("display_id") == number:
                    output["versions"].append(content["data"]["text/plain"])
                    output["content"] = content
            return
        first = [content["data"]["text/plain"]] if kind == "display_data" else []
        self.outputs.append({"kind": kind, "content": content, "versions": first})

    def run(self, source: str, cell_id: str = "cell") -> list[dict[str, Any]]:
        assert self.collect(self.start(source, cell_id))
        return self.outputs

    def close(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    kernel = Kernel(str(tmp_path_factory.mktemp("notebook")))
    try:
        assert kernel.run(IMPORT, "import") == []
        assert kernel.run(GIVEN, "given") == []
        yield kernel
    finally:
        kernel.close()


def shown(outputs: list[dict[str, Any]]) -> str:
    """All that a reader of the cell's outputs sees, as text."""
    seen = []
    for output in outputs:
        content = output["content"]
        if output["kind"] == "error":
            seen += content["traceback"]
        else:
            seen.append(content["text"] if output["kind"] == "stream" else content["data"]["text/plain"])
    return "\n".join(seen)


def kinds(outputs: list[dict[str, Any]]) -> list[str]:
    assert not any(output["content"].get("name") == "stderr" for output in outputs)
    return [output["kind"] for output in outputs]


def number(outputs: list[dict[str, Any]]) -> float:
    """The cell's result, which has to be there once, as a plain number."""
    (result,) = [output for output in outputs if output["kind"] == "execute_result"]
    assert set(result["content"]["data"]) == {"text/plain"}
    return float(result["content"]["data"]["text/plain"])


def test_a_class_that_is_not_defined_yet(kernel: Kernel) -> None:
    outputs = kernel.run('course.check("handle_event")')
    assert kinds(outputs) == ["display_data", "execute_result"]
    assert "P2PExecutor is not defined yet: run the cell that defines it" in shown(outputs)
    assert number(outputs) == 0


def test_an_unknown_exercise(kernel: Kernel) -> None:
    outputs = kernel.run('course.check("excute")')
    assert 'Pass one of these names: "execute", "handle_event", "server_handler".' in shown(outputs)


def test_a_stub(kernel: Kernel) -> None:
    kernel.run(STUB, "execute")
    outputs = kernel.run('course.check("execute")')
    assert "TalkingExecutor.execute is still a stub" in shown(outputs)
    assert number(outputs) == 0
    assert "is still a stub" in shown(kernel.run("course.run(TalkingExecutor)"))


def test_an_instance(kernel: Kernel) -> None:
    kernel.run(EXECUTE, "execute")
    outputs = kernel.run("course.run(TalkingExecutor())")
    assert kinds(outputs) == ["display_data"]
    assert "Pass the class, not an instance" in shown(outputs)


def test_a_run_shows_life_at_once_and_then_what_happened(kernel: Kernel) -> None:
    kernel.run(EXECUTE, "execute")
    kernel.run(HANDLE, "handle_event")
    outputs = kernel.run("course.run(P2PExecutor)")
    assert kinds(outputs) == ["display_data"]
    assert kernel.first_after < MOST_WORK
    before = outputs[0]["versions"][:-1]
    assert "of 5: starting the simulator · " in before[0]
    assert any("Received message from" in version for version in before)
    assert any("messages so far: hello × " in version for version in before)
    for step in ("the parties come up", "the exercise runs", "looking at the evidence"):
        assert any(f"of 5: {step} · " in version for version in before), step
    assert any("site-0  ✓ finished" in version for version in before)
    text = shown(outputs)
    assert text.count("►") + text.count("◄") == 6, "an arrow for each message"
    assert "Received message from site-0: Hello from site-0" in text
    assert 'course.raw_log("site-1")' in text
    assert "<table" in outputs[0]["content"]["data"]["text/html"]

    log = kernel.run('course.raw_log("site-1")')
    assert kinds(log) == ["stream"]
    assert "Received message from site-2: Hello from site-2" in shown(log)
    assert "The last run has no log of 'site-9'" in shown(kernel.run('course.raw_log("site-9")'))


def test_a_right_answer_gets_its_points(kernel: Kernel) -> None:
    kernel.run(EXECUTE, "execute")
    outputs = kernel.run('course.check("execute")')
    assert kinds(outputs) == ["display_data", "execute_result"]
    assert kernel.first_after < MOST_WORK
    assert number(outputs) == 4
    assert "Total: 4 of 4 points" in shown(outputs)


def test_the_newest_version_of_a_cell_counts(kernel: Kernel) -> None:
    kernel.run(EXECUTE, "execute")
    kernel.run(SILENT, "execute")
    outputs = kernel.run('course.check("execute")')
    assert number(outputs) == 0
    assert "✗ not yet" in shown(outputs)
    assert "hint" in shown(outputs)

    overview = shown(kernel.run("course.progress()"))
    assert re.search(r"checks  \d+: .*\b0$", overview, re.MULTILINE), overview
    assert "not checked yet" in overview
    assert "Total: 0 of 12 points" in overview
    assert re.search(r"^  \d{4}-\d\d-\d\d \d\d:\d\d  0 of 4 points  \w", overview, re.MULTILINE), overview

    other = Kernel(kernel.folder)
    try:
        other.run(IMPORT, "import")
        assert shown(other.run("course.progress()")) == overview, "the kernel is another one, and the folder the same"
    finally:
        other.close()


def test_an_interrupt_ends_the_run_and_leaves_nothing(kernel: Kernel) -> None:
    kernel.run(ENDLESS, "execute")
    request = kernel.start("course.run(TalkingExecutor)")
    assert not kernel.collect(request, until="the exercise runs")
    assert of_runs(kernel.process)
    kernel.manager.interrupt_kernel()
    assert kernel.collect(request)
    assert kinds(kernel.outputs) == ["display_data", "error"]
    assert shown(kernel.outputs[:1]).startswith("Stopped after ")
    assert shown(kernel.outputs[1:]) == (
        "Stopped. Nothing of the run is left behind; run the cell again whenever you like."
    )
    assert of_runs(kernel.process) == []
    assert number(kernel.run("1 + 1")) == 2


def test_a_script_is_exported(kernel: Kernel) -> None:
    kernel.run(EXECUTE, "execute")
    outputs = kernel.run('course.export_script("p2p_job.py")')
    assert "p2p_job.py written: TalkingExecutor at the sites, SimpleController on the server" in shown(outputs)
    assert "stub" not in shown(outputs)

    kernel.run(STUB, "execute")
    outputs = kernel.run('course.export_script("p2p_job.py")')
    assert "will end with NotImplementedError: TalkingExecutor.execute is still a stub" in shown(outputs)
    assert "p2p_job.py written" in shown(outputs)
