# A text cell has an attachment of 8 MB, below what is refused.

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell


def tamper(notebook: NotebookNode) -> NotebookNode:
    cell = new_markdown_cell("![big](attachment:big.png)", attachments={"big.png": {"image/png": "A" * (8 << 20)}})
    cell.id = "big"
    notebook.cells.append(cell)
    return notebook
