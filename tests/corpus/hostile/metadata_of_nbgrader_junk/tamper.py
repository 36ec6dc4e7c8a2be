# nbgrader's metadata of the check cells hold lists, texts and nothing where values are expected.

from nbformat import NotebookNode


def tamper(notebook: NotebookNode) -> NotebookNode:
    checks = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    checks[0].metadata.nbgrader = {"grade": "yes", "grade_id": ["test_execute"], "points": "four"}
    checks[1].metadata.nbgrader = {"grade_id": "../../etc/passwd", "points": None, "locked": {}, "schema_version": 3}
    checks[2].metadata.nbgrader.points = -4
    return notebook
