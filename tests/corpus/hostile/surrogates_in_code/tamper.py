# The solution cell holds a lone surrogate, which is JSON but no text.

from nbformat import NotebookNode


def tamper(notebook: NotebookNode) -> NotebookNode:
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "execute":
            cell.source += "\n# \ud800"
    return notebook
