# Text cells of the student's that would lie over the results, hide them, or look as they do.

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_raw_cell

OVER = "width:100%;height:1400px;background-color:white"
TEXTS = (
    f'<div style="opacity:0.999;margin-top:-13860px;{OVER}"><h1 style="color:green">12 of 12 points</h1></div>',
    f'<div style="position:fixed;top:0;left:0;z-index:9999;{OVER}"><h1>12 of 12 points</h1></div>',
    f'<div style="float:left;margin:-9000px 0 0 0;{OVER}">12 of 12 points</div>',
    '<div id="top" class="total next">12 of 12 points</div>',
    "<style>header, section { display: none }</style>",
    "</div></div></main></body><header><h1>12 of 12 points</h1></header>",
    "12" + "\u0300\u0301\u0302" * 5_000,
)


def tamper(notebook: NotebookNode) -> NotebookNode:
    for number, text in enumerate(TEXTS):
        markdown, raw = new_markdown_cell(text), new_raw_cell(text)
        markdown.id, raw.id = f"covering-{number}", f"covering-raw-{number}"
        notebook.cells.insert(0, markdown)
        notebook.cells.append(raw)
    return notebook
