# A graded cell is added that is worth 100 points and prints them.

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output


def tamper(notebook: NotebookNode) -> NotebookNode:
    told = {"grade": True, "grade_id": "bonus", "locked": True, "points": 100, "solution": False, "task": False}
    cell = new_code_cell("100.0", metadata={"nbgrader": {**told, "schema_version": 3, "cell_type": "code"}})
    cell.outputs = [new_output("execute_result", data={"text/plain": "100.0"}, execution_count=1)]
    cell.id = "bonus"
    notebook.cells.append(cell)
    return notebook
