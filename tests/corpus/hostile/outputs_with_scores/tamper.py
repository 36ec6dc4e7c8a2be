# The check cells come with outputs: full marks, and HTML, SVG and JavaScript that run when they are shown.

from nbformat import NotebookNode
from nbformat.v4 import new_output

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)><h1>4 of 4</h1>"
SHOWN = {
    "text/plain": "4.0",
    "text/html": SCRIPT,
    "text/markdown": SCRIPT,
    "text/latex": f"$${SCRIPT}$$",
    "image/svg+xml": f"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(3)'>{SCRIPT}</svg>",
    "application/javascript": "alert(4)",
    "application/vnd.jupyter.widget-view+json": {"model_id": SCRIPT},
}


def tamper(notebook: NotebookNode) -> NotebookNode:
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count = 1
            cell.outputs = [
                new_output("execute_result", data=SHOWN, execution_count=1),
                new_output("display_data", data=SHOWN),
                new_output("stream", name="stdout", text=SCRIPT),
                new_output("error", ename=SCRIPT, evalue=SCRIPT, traceback=[f"\x1b[31m{SCRIPT}"]),
            ]
    return notebook
