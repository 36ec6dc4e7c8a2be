# Text cells of shapes whose rendering takes a time that grows with their square, in the middle of the notebook.

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_raw_cell

TEXTS = (
    "a" + " " * 300_000 + "b",
    "a" + " " * 49_000 + "b",
    "attachment" + " " * 49_000 + "b",
    "<a><b><div>" * 4_000,
    "# a\n" * 12_000,
    "\\begin{a}\n\n" * 4_500,
    '<p style="color:' + "(" * 40_000 + '">',
    "[" * 49_000,
    "![sketch](attachment:sketch.png)",
    "```html\n" + "<a " * 16_000 + "\n```",
)


def tamper(notebook: NotebookNode) -> NotebookNode:
    for number, text in enumerate(TEXTS):
        markdown, raw = new_markdown_cell(text), new_raw_cell(text)
        markdown.id, raw.id = f"costly-{number}", f"costly-raw-{number}"
        notebook.cells[number:number] = [markdown, raw]
    return notebook
