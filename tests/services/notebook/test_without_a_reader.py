"""Where a notebook runs without a reader (nbconvert, papermill), what is shown live does not pile up."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.tools.course_folder import PATIENCE
from tests.unit.notebook.cells import IMPORT, parts

pytestmark = pytest.mark.slow
GIVEN, EXECUTE, *_ = parts().values()


def test_only_what_came_of_a_run_is_left(tmp_path: Path) -> None:
    sources = [IMPORT, GIVEN, EXECUTE, "course.run(TalkingExecutor)"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    place = {"metadata": {"path": tmp_path}}
    NotebookClient(notebook, timeout=PATIENCE, kernel_name="python3", resources=place).execute()
    (output,) = notebook.cells[-1].outputs
    assert "Who received what from whom" in output.data["text/plain"]
    assert "Step " not in output.data["text/plain"]
