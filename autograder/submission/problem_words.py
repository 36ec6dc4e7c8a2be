"""The words of problems with a submission: for each code what happened, where, and what to do next.

How a template is written says `autograder.report.reasons`. Each may name the ``exercise`` and ``line`` of its problem.
"""

_ELSEWHERE = "Code in other cells counts all the same."
_ITS_OWN = "The course's own was used."
_IT_HAS = (
    "It has [{count} code cells, which begin with: {begins}|no code]. Either it is another notebook: ask for the right "
    "one. Or a tool took the cells' names away: copy the answers into the released notebook, and grade again."
)
_MEND_IT = "Mend or remove it and grade again."

_OF_FOLDERS = {
    "folder.unreadable": "{folder} cannot be read: {error}. Check the folder and its permissions.",
    "folder.misplaced": "The notebook is in the folder {folder}, but has to be in {folder}/{wanted}.",
    "folder.capitals": "The folder {folder} has to be called {wanted}: capitals count. Rename it and grade again.",
    "folder.no_text": "The student id in the folder's name is no valid text. Rename the folder.",
    "folder.no_student": "nbgrader cannot tell the student id from the folder's name. Rename the folder.",
    "timestamp.unreadable": f"{{file}} in the submission cannot be read: {{error}}. {_MEND_IT}",
    "timestamp.no_time": (
        f"{{file}} in the submission is no date and time, such as 2030-12-31 23:59:00 UTC. {_MEND_IT}"
    ),
}

_OF_FILES = {
    "file.none": "There is no notebook in {folder}.[ It holds {entries:`}.] Was the wrong folder handed in?",
    "file.other_name": (
        "There is no {wanted} in {folder}, but {notebooks}. Rename the right one to {wanted} and grade again."
    ),
    "file.other_name_taken": "There is no {wanted}. The only notebook, {file}, was taken in its place.",
    "file.left_aside": "There are more notebooks in the folder, which were left aside: {notebooks}.",
    "file.unreadable": "{file} cannot be read: {error}. Check the file and its permissions.",
    "file.link": "{file} cannot be read: it is a link. Check the file and its permissions.",
    "file.no_file": "{file} is no file but something of another kind. Ask for the notebook again.",
    "file.broken_off": "{file} cannot be read: {error}. Check the disk and grade again.",
    "file.too_large": (
        "{file} has {megabytes} MB; files over {most} MB are not opened. Ask for it with the outputs cleared."
    ),
    "file.too_much": (
        "{file} has {megabytes} MB without its outputs; notebooks over {most} MB are not opened. "
        "Ask for it without data in its cells."
    ),
    "file.too_many_parts": ("{file} has outputs of too many parts to be read. Ask for it with the outputs cleared."),
    "file.not_text": "{file} is no text in UTF-8, UTF-16 or UTF-32, so it is no notebook. Ask for it again.",
    "file.not_json": "{file} is not JSON ({error}), so it is no notebook. Ask for it again.",
    "file.git_conflict": (
        "{file} is not JSON (git has left the marks of a merge in it, such as <<<<<<<), so it is no notebook. "
        "Ask for it again."
    ),
    "file.too_deep": "{file} is nested too deeply to be a notebook. Ask for it again.",
    "file.no_notebook": "{file} is JSON, but no notebook. Ask for it again.",
    "file.no_cells": "{file} is a notebook without a list of cells. Ask for it again.",
    "file.other_format": (
        "{file} has the notebook format {version}, which cannot be converted to 4 ({error}). "
        "Ask for it to be opened and saved in a current JupyterLab."
    ),
    "file.old_format": (
        "{file} had the old notebook format {version}. It was converted to 4 for grading; compare it if in doubt."
    ),
}

_OF_CELLS = {
    "notebook.other": (
        "The notebook has no cell that belongs to {assignment}: none has the name, the id or the text of one of its "
        f"solution cells ({{solutions:`}}) or check cells. {_IT_HAS}"
    ),
    "notebook.no_answers": (
        "None of the solution cells of {assignment} ({solutions:`}) is in the notebook, and no other cell names a "
        f"class of theirs. {_IT_HAS}"
    ),
    "notebook.too_much_code": (
        "The notebook has {cells:,} cells with {characters:,} characters of code. At most {most_cells:,} cells with "
        "{most_characters:,} characters are read. Ask for one with the answers only."
    ),
    "notebook.newer_python": (
        "The notebook was saved with Python {saved}, and is graded with Python {python}, which cannot read syntax that "
        "is newer."
    ),
    "cells.without_names": (
        "{count} of the course's cells had lost their names. They were known by their ids or their text."
    ),
    "cells.tags": "Cells have tags, which change nothing here: {tags:`}.",
    "solution.deleted": (
        "The solution cell `{exercise}` is not in the notebook: it was deleted, or its name was changed. " + _ELSEWHERE
    ),
    "solution.turned_into_text": (
        f"The solution cell `{{exercise}}` was turned into text, so it holds no code. {_ELSEWHERE}"
    ),
    "solution.empty": f"The solution cell `{{exercise}}` is empty. {_ELSEWHERE}",
    "class.unreadable": (
        "Python cannot read the solution cell `{exercise}`: {message} (Python {python}), at line {line}: {text}"
    ),
    "check_cell.deleted": f"The check cell `{{cell}}` was deleted. {_ITS_OWN}",
    "check_cell.changed": f"The check cell `{{cell}}` was changed. {_ITS_OWN}",
    "given_cell.deleted": f"The given cell `{{cell}}` was deleted. {_ITS_OWN}",
    "given_cell.changed": "The given cell `{cell}` was changed. The course's own runs first, then yours.",
}

TEMPLATES = {**_OF_FOLDERS, **_OF_FILES, **_OF_CELLS}
"""Codes of problems to their words."""
