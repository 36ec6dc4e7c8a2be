"""Nothing of the model answer is in the memory of a process in which a student's code runs.

The student's code itself looks for it: it is given hashes of the beginnings of lines, and hashes whatever in its memory
can be such a beginning. Of the source it would find the comments, of bytecode the docstrings. That it finds what is
there is shown by a line of its own.
"""

import hashlib
import re

import pytest

from autograder.grading.grade import grade_submission
from autograder.report.model import Report
from autograder.submission.percent import Part, Place, put_parts
from tests.corpus.failing import ASSIGNMENT, NAME, answers, release, submission_of
from tests.corpus.failing.test_failing import lines_of_the_model_answer, told
from tests.tools.course_folder import CHECKOUT

LENGTH = 24
"""Characters of the beginning of a line. Shorter lines are said by everybody."""
OWN = "Looked for, to show that the search finds what there is."

PREFIX = 6
"""Characters that are told in clear, so that little has to be hashed."""
COMMENT = "# "

SEARCH = '''
import hashlib

OWN = {own!r}
WANTED = {hashes}


def found():
    """Which of the lines are in the memory of this process."""
    lines = set()
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
        for line in maps.read().splitlines():
            span, rights, *_ = line.split()
            first, last = (int(one, 16) for one in span.split("-"))
            if not rights.startswith("rw"):
                continue
            try:
                memory.seek(first)
                data = memory.read(last - first)
            except (OSError, ValueError, OverflowError):
                continue
            for prefix, hashes in WANTED.items():
                at = data.find(prefix.encode())
                while at >= 0:
                    part = data[at:at + {length}]
                    if hashlib.sha256(part).hexdigest() in hashes:
                        lines.add(part.decode())
                    at = data.find(prefix.encode(), at + 1)
    return sorted(lines)


class BroadcastingExecutor(P2PExecutor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        super().execute(task_name, shareable, fl_ctx, abort_signal)
        if fl_ctx.get_identity_name() == "site-1":
            self.log_info(fl_ctx, f"lines found: {{found()}}")
        return make_reply(ReturnCode.OK)


class P2PController(SimpleController):
    pass
'''


def secret_lines() -> list[str]:
    """The comments and the beginnings of docstrings that only the model answer has."""
    lines = [line.strip() for part in answers() for line in part.source.split("\n")]
    told = [line for line in lines if line.startswith((COMMENT, '"""')) and len(line) > LENGTH]
    public = CHECKOUT.release(NAME).read_text(encoding="utf-8")
    return [line for line in (one.strip('"') for one in told) if line[:LENGTH] not in public]


def searched(lines: list[str], untouched: tuple[str, ...]) -> Report:
    """The report of a submission that looks for lines, with some exercises left as they were handed out."""
    wanted: dict[str, list[str]] = {}
    for line in (*lines, OWN):
        prefix = COMMENT if line.startswith(COMMENT) else line[:PREFIX]
        wanted.setdefault(prefix, []).append(hashlib.sha256(line[:LENGTH].encode()).hexdigest())
    text = SEARCH.format(own=OWN, hashes=wanted, length=LENGTH)
    own = [part for part in answers() if part.replaces not in (*untouched, "server_handler", "notebook")]
    notebook = put_parts(release(), [*own, Part(Place.INSTEAD, "server_handler", text)])
    return grade_submission(submission_of(notebook), ASSIGNMENT, CHECKOUT)


@pytest.mark.simulator
def test_no_line_of_the_model_answer_is_in_a_students_process() -> None:
    lines = secret_lines()
    assert len(lines) > 15

    report = searched(lines, ("execute", "handle_event"))

    logged = [line.text for exercise in report.exercises for run in exercise.runs for line in run.log_lines]
    found = [match[1] for line in logged if (match := re.search(r"lines found: (.+)", line))]
    assert found == [str([OWN[:LENGTH]])], told(report)
    assert not lines_of_the_model_answer(report)
