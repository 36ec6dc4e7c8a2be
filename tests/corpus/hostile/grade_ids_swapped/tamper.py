# The names of the solution and check cells of exercise 1 are swapped.

from nbformat import NotebookNode

SWAPPED = {"execute": "test_execute", "test_execute": "execute"}


def tamper(notebook: NotebookNode) -> NotebookNode:
    for cell in notebook.cells:
        told = cell.metadata.get("nbgrader", {})
        if told.get("grade_id") in SWAPPED:
            told["grade_id"] = SWAPPED[told["grade_id"]]
    return notebook
