# The metadata of the notebook have 11 MB.

from nbformat import NotebookNode


def tamper(notebook: NotebookNode) -> NotebookNode:
    notebook.metadata.padding = "x" * (11 << 20)
    return notebook
