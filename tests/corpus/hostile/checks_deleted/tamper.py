# The check cells are deleted, so that there is nothing to fail.

from nbformat import NotebookNode


def tamper(notebook: NotebookNode) -> NotebookNode:
    notebook.cells = [cell for cell in notebook.cells if not cell.metadata.get("nbgrader", {}).get("grade")]
    return notebook
