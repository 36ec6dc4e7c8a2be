"""``python -m tests.services.monday``: play it, and print what each student got. Exit status 0 when all is right."""

import argparse
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
    print("\n".join(map(line, found)))
    return 0 if all(one.is_right for one in found) else 1


def line(got: Got) -> str:
    """What a student handed in and got, beside what it must be."""
    grade, wanted = ("no line" if one is None else one or "no grade" for one in (got.grade, got.student.grade))
    what = ", then ".join(got.student.hands_in) or "nothing"
    wrong = "" if got.is_right else f"   WRONG: not {wanted}, {got.student.told!r}; told: {got.told!r}"
    return f"{got.student.name:20} {what:34} {grade:9} {got.student.told}{wrong}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
