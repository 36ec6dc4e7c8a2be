# The solution cell has 6 MB of code, which takes minutes to read.

from nbformat import NotebookNode


def tamper(notebook: NotebookNode) -> NotebookNode:
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "execute":
            cell.source += "\n" + "X = [[[[1]]]]\n" * 430_000
    return notebook
