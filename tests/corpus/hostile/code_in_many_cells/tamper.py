# Cells of magics, each as large as may be, that take minutes to read together and at every grading.

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell


def tamper(notebook: NotebookNode) -> NotebookNode:
    notebook.cells += [new_code_cell("!x\n" * 60_000 + f"y = {number}") for number in range(40)]
    return notebook
