# The solution cell holds an expression that is nested too deeply for any reader.

from nbformat import NotebookNode


def tamper(notebook: NotebookNode) -> NotebookNode:
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "execute":
            cell.source += "\nX = " + "-" * 50_000 + "1" + "\nY = " + "(" * 50_000
    return notebook
