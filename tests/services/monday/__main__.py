"""``python -m tests.services.monday``: play it, and print what each student got. Exit status 0 when all is right."""

import argparse
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.services.monday.people import CANVAS, MOODLE
from tests.services.monday.run import Got, monday
from tests.tools.course_folder import make_course


def main(arguments: Sequence[str]) -> int:
    """Play it in a folder that is made for it."""
    parser = argparse.ArgumentParser(prog="python -m tests.services.monday", description=__doc__)
    parser.add_argument("--for", dest="lms", choices=(MOODLE, CANVAS), default=MOODLE)
    parser.add_argument("--ordinary", type=int, default=45, help="students besides the odd ones (default: %(default)s)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="monday-") as folder:
        found = monday(make_course(Path(folder) / "course"), options.lms, options.ordinary)
    print("\n".join([f"{'student':20} {'handed in':34} {'grade':9} what the instructor is told", *map(line, found)]))
    print(f"{len(found)} students, {sum(one.is_right for one in found)} of them with what is due")
    return 0 if all(one.is_right for one in found) else 1


def line(got: Got) -> str:
    """What a student handed in and got, and what is told of it; beside that what it must be, where it is not."""
    grade, wanted = ("no line" if one is None else one or "no grade" for one in (got.grade, got.student.grade))
    what = ", then ".join(got.student.hands_in) or "nothing"
    wrong = "" if got.is_right else f"   WRONG: not {wanted}, {got.student.told!r}; told: {got.told!r}"
    return f"{got.student.name:20} {what:34} {grade:9} {_heart(got)}{wrong}".rstrip()


def _heart(got: Got) -> str:
    """What was told, from the words on that must be in it to the end of the cell or line."""
    start = got.told.find(got.student.told) if got.student.told else -1
    return re.split(r"\s{2,}|; |\n", got.told[start:])[0] if start >= 0 else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
