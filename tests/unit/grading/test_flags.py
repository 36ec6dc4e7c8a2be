"""What a person is told to look at, on evidence made by hand."""

from typing import Any

import pytest

from autograder.evidence.collect import MOST_MESSAGES
from autograder.evidence.model import Activity, Evidence
from autograder.grading.flags import flags_of
from tests.unit.rubric.evidence import PEERS, STUDENT, hello, line, message, said, scenario

SCENARIO = scenario(tuple(hello(peer, STUDENT) for peer in PEERS))
HEARD = tuple(message(peer, STUDENT) for peer in PEERS)
UNHEARD = tuple(message(peer, STUDENT, reply="TOPIC_UNKNOWN") for peer in PEERS)


def kinds(activity: Activity | None = None, **evidence: Any) -> list[str]:
    found = Evidence(activity={STUDENT: activity or Activity()}, **evidence)
    return [flag.kind for flag in flags_of(SCENARIO, found)]


def test_a_right_answer_has_none() -> None:
    lines = tuple(line(STUDENT, f"Received message from {peer}: Hello from {peer}") for peer in PEERS)

    assert kinds(messages=HEARD, log_lines=lines) == []


@pytest.mark.parametrize(
    "text",
    [
        "Received message from site-0",
        "Received message from site-0: something else",
        f"Received message from {STUDENT}: Hello from site-0",
        "Received message from site-0: {'message': 'Hello from site-0'}",
        "message: Hello from site-9",
    ],
)
def test_a_wrong_line_is_no_forgery(text: str) -> None:
    assert kinds(messages=HEARD, log_lines=(line(STUDENT, text),)) == []


@pytest.mark.parametrize("messages", [(), UNHEARD])
def test_a_line_on_a_message_that_no_handler_got_is_one(messages: tuple[object, ...]) -> None:
    forged = line(STUDENT, "Received message from site-0: Hello from site-0")

    assert kinds(messages=messages, log_lines=(forged, forged)) == ["forged"]


@pytest.mark.parametrize("reply", [None, "COMMUNICATION_ERROR"])
def test_what_perhaps_came_to_a_handler_explains_no_line_about_what_did_not(reply: str | None) -> None:
    perhaps = tuple(message(peer, STUDENT, content=said(f"Ciao from {peer}"), reply=reply) for peer in PEERS)
    forged = line(STUDENT, "Received message from site-0: Hello from site-0")
    wrong = line(STUDENT, "Received message from site-0: a text of its own")

    assert kinds(messages=(*UNHEARD, *perhaps), log_lines=(forged,)) == ["forged"]
    assert kinds(messages=(*UNHEARD, *perhaps), log_lines=(wrong,)) == []


def test_a_message_that_came_to_a_handler_explains_every_line_that_names_its_sender() -> None:
    late = tuple(message(peer, STUDENT, content=said(f"Ciao from {peer}")) for peer in PEERS)
    fixed = line(STUDENT, "Received message from site-0: Hello from site-0")

    assert kinds(messages=(*UNHEARD, *late), log_lines=(fixed,)) == []


def test_lines_of_the_courses_own_sites_are_never_looked_at() -> None:
    assert kinds(log_lines=(line(PEERS[0], "Received message from site-1: Hello"),)) == []


@pytest.mark.parametrize(
    ("activity", "expected"),
    [
        (
            Activity(tried=(("files", "open '/etc/passwd'"), ("files", "open '/x'"), ("network", "y"))),
            ["files", "network"],
        ),
        (Activity(tried=(("processes", "os.fork ''"),), left=2), ["processes", "left processes"]),
        (Activity(tried=(("invented by the student", "x"),)), []),
        (Activity(limit="memory: 3 of 2", ended_itself=True, disk="/tmp"), ["limit", "ended"]),
        (Activity(disk="/tmp"), ["limit"]),
        (Activity(junk="the log has more than 4 MiB"), ["junk"]),
    ],
)
def test_activity_becomes_flags_of_each_kind_once(activity: Activity, expected: list[str]) -> None:
    assert kinds(activity) == expected


def test_who_sends_more_than_is_looked_at_is_flagged() -> None:
    answer = message(PEERS[0], STUDENT)
    storm = tuple(message(STUDENT, PEERS[0]) for _ in range(MOST_MESSAGES - 1))

    assert kinds(messages=(answer, *storm)) == ["junk"]
    assert kinds(messages=storm) == [], "one fewer, so all of them were looked at"
    assert kinds(messages=(message(STUDENT, PEERS[0]), *(answer for _ in storm))) == [], "they are another one's"


def test_a_party_that_says_that_the_course_failed_there_is_looked_at() -> None:
    assert kinds(course_failed={STUDENT: "KeyError: 'x'"}) == ["course"]
