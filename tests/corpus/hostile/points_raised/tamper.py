# The points of the check cells are raised to 1000 in their metadata.

from nbformat import NotebookNode


def tamper(notebook: NotebookNode) -> NotebookNode:
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.metadata.nbgrader.points = 1000
    return notebook
