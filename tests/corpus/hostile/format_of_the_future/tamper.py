# The notebook says that it has format 99.

from nbformat import NotebookNode


def tamper(notebook: NotebookNode) -> NotebookNode:
    notebook.nbformat = 99
    return notebook
