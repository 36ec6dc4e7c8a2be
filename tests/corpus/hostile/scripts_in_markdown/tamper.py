# Text cells of the student's hold scripts, frames, forms and attachments that run when they are shown.

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_raw_cell

TEXTS = (
    "<script>alert(1)</script>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe><object data=javascript:alert(1)></object>",
    "<form action=//example.com><input autofocus onfocus=alert(1)></form>",
    "[link](javascript:alert(1)) ![image](attachment:x.svg)",
    "<style>body { display: none }</style><meta http-equiv=refresh content='0; url=//example.com'>",
    "$$\\href{javascript:alert(1)}{x}$$ <math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
)
SVG = "PHN2ZyB4bWxucz0naHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmcnIG9ubG9hZD0nYWxlcnQoMSknLz4="


def tamper(notebook: NotebookNode) -> NotebookNode:
    for number, text in enumerate(TEXTS):
        markdown = new_markdown_cell(text, attachments={"x.svg": {"image/svg+xml": SVG}})
        raw = new_raw_cell(text, metadata={"format": "text/html"})
        markdown.id, raw.id = f"text-{number}", f"raw-{number}"
        notebook.cells[number:number] = [markdown, raw]
    return notebook
