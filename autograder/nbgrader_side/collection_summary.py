"""What ``nbgrader zip_collect`` says in the end: whose submission was collected, whose was not, and why."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath

from autograder.nbgrader_side.lms_names import read_path
from autograder.report.visible import visible

_MOST_REASONS = 5
_LONGEST_NAME = 80
_LONGEST = 250


def summary(
    assignment: str,
    wanted: Sequence[str],
    collected: Mapping[str, Sequence[str]],
    problems: Iterable[tuple[PurePath, str]],
    others: Iterable[PurePath] = (),
) -> str:
    """One line for the class, and one or more for each student about whom there is something to say.

    Args:
        wanted: the names of the assignment's notebooks.
        collected: the files that were collected of each student of whom something was found; none of one whose files
            could not be put in place.
        problems: places in the download with what is wrong there.
        others: files that are of no student.
    """
    reasons: dict[str, list[str]] = defaultdict(list)
    for place, why in problems:
        upload = read_path(place)
        reasons[upload.student if upload else ""].append(f"{visible(place.name, _LONGEST_NAME)}: {why}")
    students = sorted({*collected, *reasons} - {""})
    lines = []
    right = 0
    for student in students:
        files = collected.get(student, ())
        good = [name for name in files if name in wanted]
        right += bool(good)
        said = _said(files, good, assignment)
        lines += [f"  {visible(student)}: {part}" for part in [said, *_reasons(reasons[student])] if part]
    lines += [f"  {part}" for part in _reasons(reasons[""])]
    if unknown := [visible(str(path), _LONGEST) for path in others]:
        lines.append(f"  of no student, by their names: {', '.join(unknown[:_MOST_REASONS])}{_more(unknown)}")
    missing = len(students) - sum(1 for student in students if collected.get(student))
    head = (
        f"Found {len(students)} students: {right} with {' or '.join(wanted)}, "
        f"{len(students) - right - missing} with something else, {missing} of whom nothing could be collected."
    )
    return "\n".join([head, *lines])


def _said(files: Sequence[str], good: Sequence[str], assignment: str) -> str:
    if good:
        return ""
    if files:
        return f"no notebook of {assignment}, but {visible(', '.join(files), _LONGEST)}, which was collected"
    return "not collected"


def _reasons(reasons: Sequence[str]) -> list[str]:
    shown = [visible(reason, _LONGEST) for reason in reasons[:_MOST_REASONS]]
    return [*shown[:-1], shown[-1] + _more(reasons)] if shown else []


def _more(told: Sequence[str]) -> str:
    return f" (and {len(told) - _MOST_REASONS} more)" if len(told) > _MOST_REASONS else ""
