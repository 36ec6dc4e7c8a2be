# The version of nbgrader's metadata is one that no nbgrader knows.

from nbformat import NotebookNode


def tamper(notebook: NotebookNode) -> NotebookNode:
    for number, cell in enumerate(notebook.cells):
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.schema_version = (99, -1, 2)[number % 3]
    return notebook
