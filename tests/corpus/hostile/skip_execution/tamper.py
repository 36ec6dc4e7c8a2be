# All cells are tagged skip-execution, so that their old outputs would stay and count.

from nbformat import NotebookNode


def tamper(notebook: NotebookNode) -> NotebookNode:
    for cell in notebook.cells:
        cell.metadata.tags = ["skip-execution", "raises-exception", "remove-cell", "<script>alert(1)</script>"]
    return notebook
