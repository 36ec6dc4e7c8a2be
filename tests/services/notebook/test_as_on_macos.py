"""A student at work without what only Linux has: see ``tests/tools/as_on_macos``.

The kernel, the reaper, the supervisor and every party are without it. The folder for temporary files is a link, as on
macOS.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.notebook.test_kernel import (
    GIVEN,
    Kernel,
    number,
    shown,
    test_a_right_answer_gets_its_points,
    test_a_run_shows_life_at_once_and_then_what_happened,
    test_an_interrupt_ends_the_run_and_leaves_nothing,
    test_the_newest_version_of_a_cell_counts,
)
from tests.simulator.parts import LASTING
from tests.simulator.started import left_over, started_from_now_on
from tests.tools import as_on_macos
from tests.unit.notebook.cells import IMPORT

pytestmark = pytest.mark.slow
__all__ = [
    "test_a_right_answer_gets_its_points",
    "test_a_run_shows_life_at_once_and_then_what_happened",
    "test_an_interrupt_ends_the_run_and_leaves_nothing",
    "test_the_newest_version_of_a_cell_counts",
]
FORKING = f"""
import os, subprocess
class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        subprocess.run(["sh", "-c", "(setsid sleep {LASTING} &) ; sleep {LASTING} &"])
        try:
            os.fork()
        except OSError as error:
            self.log_info(fl_ctx, f"refused: {{error}}")
        os._exit(0)
"""


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    folder = tmp_path_factory.mktemp("notebook")
    (folder / "real").mkdir()
    Path(folder, "link").symlink_to("real")
    kernel = Kernel(str(folder), {**as_on_macos.environment(), "TMPDIR": str(folder / "link")})
    try:
        assert kernel.run(IMPORT, "import") == []
        assert kernel.run(GIVEN, "given") == []
        yield kernel
    finally:
        kernel.close()


def test_what_a_student_starts_does_not_outlive_the_run(kernel: Kernel) -> None:
    started = started_from_now_on(kernel.process)
    kernel.run(FORKING, "execute")
    outputs = kernel.run('course.check("execute")')

    assert number(outputs) == 0
    assert "ended" in shown(outputs)
    assert "refused: " in shown(kernel.run('course.raw_log("site-0")')), "no fork of the student's process either"
    assert left_over(started) == []
