# The kernel named in the notebook is another one, with a path and a command in its name.

from nbformat import NotebookNode


def tamper(notebook: NotebookNode) -> NotebookNode:
    name = "../../../tmp/kernel; touch was-here"
    notebook.metadata.kernelspec = {"name": name, "display_name": "<script>alert(1)</script>", "language": "bash"}
    notebook.metadata.language_info = {"name": "bash", "pygments_lexer": "../../x", "file_extension": "/../../x.sh"}
    return notebook
