"""The summary of ``nbgrader zip_collect``: whose submission was collected, whose was not, and why."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath

from autograder.nbgrader_plugin.lms_names import read_path
from autograder.report.sanitize import visible
from autograder.roster.class_list import ClassList

_MOST = 3
_LONGEST_NAME = 80
_LONGEST = 250


def summary(
    wanted: Sequence[str],
    collected: Mapping[str, Sequence[str]],
    problems: Iterable[tuple[PurePath, str]],
    notes: Sequence[tuple[str, str]] = (),
    others: Sequence[PurePath] = (),
) -> str:
    """Return one line for the class, and one for each student with something to report.

    Args:
        wanted: the names of the assignment's notebooks.
        collected: by student the files that are in place, which may be none.
        problems: places in the download with what is wrong there.
        notes: what a person should know, each after the student or team that it is about.
        others: files that are of no student.
    """
    reasons: dict[str, list[str]] = defaultdict(list)
    for place, why in problems:
        upload = read_path(place)
        file = upload.file if upload else place.name
        reasons[upload.student if upload else ""].append(f"{visible(file, _LONGEST_NAME)}: {why}")
    students = sorted({*collected, *reasons} - {""})
    besides = [f"{visible(name)}: {visible(note, 2 * _LONGEST)}" for name, note in notes if name not in collected]
    for name, note in notes:
        if name in collected:
            reasons[name].append(note)
    have = {student: _what(collected.get(student, ()), wanted) for student in students}
    lines = [_head(wanted, list(have.values()))]
    lines += [_line(student, what, reasons[student]) for student, what in have.items() if what or reasons[student]]
    lines += [f"  {part}" for part in [*besides, *reasons[""]]]
    if others:
        names = [visible(str(path), _LONGEST_NAME) for path in others]
        lines.append(f"  Of no student, by their names: {_some(names)}")
    return "\n".join(lines)


_NOTHING = "not collected"


def _what(files: Sequence[str], wanted: Sequence[str]) -> str:
    """Return what was collected in place of a notebook; empty if that was a notebook."""
    if any(name in wanted for name in files):
        return ""
    return f"no {' or '.join(wanted)}; collected in its place: {_some(files)}" if files else _NOTHING


def _head(wanted: Sequence[str], have: Sequence[str]) -> str:
    right, nothing = have.count(""), have.count(_NOTHING)
    return (
        f"Found {len(have)} students: {right} with {' or '.join(wanted)}, "
        f"{len(have) - right - nothing} with something else, {nothing} not collected."
    )


def _line(student: str, what: str, reasons: Sequence[str]) -> str:
    return f"  {visible(student)}: {'. '.join(filter(None, [what, _some(reasons, '; ')]))}"


def summary_of_class(of_class: ClassList) -> str:
    """Return lines on who has not handed in, and what is wrong with the lists; nothing where there are none."""
    lines = [visible(remark, _LONGEST) for remark in of_class.remarks]
    if of_class.roster.people:
        absent, strangers = of_class.absent, of_class.matching.strangers
        lines.append(f"Not handed in ({len(absent)} of {len(of_class.roster.people)} in the roster): {_all(absent)}")
        if strangers:
            lines.append(f"Handed in by nobody in the roster ({len(strangers)}): {_all(strangers)}")
    return "".join(f"{line}\n" for line in lines)


def _all(names: Sequence[str]) -> str:
    return "; ".join(visible(name, _LONGEST_NAME) for name in names) or "nobody"  # names can have commas


def _some(told: Sequence[str], between: str = ", ") -> str:
    shown = between.join(visible(one, _LONGEST) for one in told[:_MOST])
    return f"{shown} (and {len(told) - _MOST} more)" if len(told) > _MOST else shown
