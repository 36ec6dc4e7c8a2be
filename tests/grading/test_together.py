"""One run in which a student's parts take several exercises' roles at once."""

from pathlib import Path
from random import Random

import nbformat
import pytest

from autograder import exercises
from autograder.course import Course
from autograder.evidence.model import Evidence, Message, TaskResult
from autograder.grading import cross_play
from autograder.grading.cross_play import CrossPlay, _of_it_alone
from autograder.grading.grade import grade_submission
from autograder.grading.play import Play, Seen
from autograder.grading.reference import Reference
from autograder.grading.store import Store
from autograder.report.model import Delivery, ExerciseReport, Report, RunSummary, Verdict
from autograder.rubric.model import Cast, Played, Together
from autograder.simulator.conditions import Conditions
from autograder.simulator.sandbox import Isolation
from autograder.simulator.scenario import SERVER, Part
from autograder.submission.percent import put_parts, read_parts
from autograder.submission.read import from_notebook

NAME = "p2p_communication"
ASSIGNMENT = exercises.load(NAME)
COURSE = Course(Path(__file__).parents[2])


def together(seed: int = 1) -> Together:
    """The run of several exercises, with parts that are never run."""
    cast = Cast(
        lambda name, *then: Part("submission", name, {"submission": ""}, then=then),
        lambda name, arguments: Part("peers", name, {"peers": ""}, arguments),
        Random(seed),
        seed,
    )
    assert ASSIGNMENT.together is not None
    return ASSIGNMENT.together(cast)


def graded(parts: str | None = None) -> Report:
    """The report of the model answer, or of a sample's cells in its place."""
    release = nbformat.read(COURSE.release(NAME), as_version=4)
    answers = read_parts((COURSE.solutions(NAME) / f"{NAME}.py").read_text(encoding="utf-8"))
    own = read_parts(parts) if parts else []
    given = {part.grade_id for part in own}
    cells = [*(part for part in answers if part.grade_id not in given), *own]
    return grade_submission(from_notebook(put_parts(release, cells), ASSIGNMENT), ASSIGNMENT, COURSE)


def scenarios(report: Report) -> dict[str, list[str]]:
    return {exercise.name: [run.scenario for run in exercise.runs] for exercise in report.exercises}


@pytest.mark.parametrize("seed", range(20))
def test_every_role_is_taken_and_every_position_comes_up(seed: int) -> None:
    scenario = together(seed).scenario
    classes = sorted((part.class_name, *part.then) for part in scenario.executors.values())

    assert classes == [("P2PExecutor",), *[("TalkingExecutor", "BroadcastingExecutor")] * 2]
    assert SERVER not in scenario.students and scenario.server_sends


def test_an_exercise_sees_its_own_round_only() -> None:
    made = together()
    (sender, *_) = sorted(s for s, part in made.scenario.executors.items() if part.then)
    messages = tuple(
        Message(number, sender, "site-0", "hello", "x", "APP_DEFINED", round=part)
        for number, part in enumerate((1, 2, 2), start=1)
    )
    results = (TaskResult(sender, "talk", "OK", 1), TaskResult(sender, "talk", "ERROR", 2))
    evidence = Evidence(messages=messages, results=results)

    _, first = made.views["execute"](evidence)
    _, second = made.views["server_handler"](evidence)
    assert ([m.number for m in first.messages], [r.return_code for r in first.results]) == ([1], ["OK"])
    assert ([m.number for m in second.messages], [r.return_code for r in second.results]) == ([2, 3], ["ERROR"])


def test_receiving_sees_what_the_server_sent_and_what_the_receiver_did() -> None:
    made = together()
    (receiver,) = (site for site, part in made.scenario.executors.items() if not part.then)
    (sender, _) = sorted(made.scenario.executors.keys() - {receiver})
    pairs = [("simulator_server", receiver), (sender, receiver), (receiver, sender), (sender, SERVER)]
    messages = tuple(Message(0, a, b, "hello", "x", "APP_DEFINED") for a, b in pairs)

    seen = Evidence(messages=messages, to_self={sender: 1, receiver: 2})
    scenario, evidence = made.views["handle_event"](seen)
    assert evidence.to_self == {receiver: 2}
    assert [(m.sender, m.receiver) for m in evidence.messages] == [pairs[0], pairs[2]]
    assert scenario.students == {receiver}
    assert len({message.text for message in scenario.expected}) == 2, "each greeting has a nonce of its own"


def test_of_the_log_an_exercise_shows_what_was_logged_of_its_own_messages() -> None:
    hello = Delivery("server", "site-0", "hello", "x", True, True, "OK", logged="Received message from server: x")
    own = "site-0: INFO P2PExecutor: Received message from server: x"
    others = (
        "site-0: INFO P2PExecutor: Received message from site-1: what another exercise sent",
        "site-1: INFO BroadcastingExecutor: Received message from server: x",
        "site-1: ERROR BroadcastingExecutor: a trial",
    )
    run = RunSummary("together", ("site-0",), 1, 2.0, 1, "settled", (hello,), (others[0], own, *others[1:]))
    assert _of_it_alone(run).log_lines == (own,)


@pytest.mark.parametrize(("flags", "shared"), [((), True), (("files: site-1 in together: /etc",), False)])
def test_a_flagged_run_of_several_exercises_is_not_shared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: tuple[str, ...], shared: bool
) -> None:
    run = RunSummary("together", ("site-0",), 1, 2.0, 1, "settled", flags=flags)
    passed = ExerciseReport("handle_event", "2 Receive", "test_handle_event", Verdict.PASSED, (), (run,))
    monkeypatch.setattr(cross_play, "judge", lambda *_arguments: passed)
    store = Store(tmp_path, NAME)
    conditions = Conditions(Isolation.SANDBOX)
    judging = CrossPlay(ASSIGNMENT, Reference.of(COURSE, ASSIGNMENT), "rubric", 1, conditions, results=store)
    seen = Play(Played(together().scenario, Evidence()), Seen(Evidence(), 1, (), 2.0), flags=flags)
    answers = read_parts((COURSE.solutions(NAME) / f"{NAME}.py").read_text(encoding="utf-8"))

    assert judging.judge_seen(ASSIGNMENT.exercise("handle_event"), answers, seen) == passed
    assert bool(list(tmp_path.rglob("*.json"))) == shared


@pytest.mark.simulator
def test_a_right_submission_takes_two_runs() -> None:
    report = graded()

    assert report.verdict is Verdict.PASSED
    assert scenarios(report) == {
        "execute": ["together"],
        "handle_event": ["together"],
        "server_handler": ["together", "serve"],
    }
    assert len({run.seconds for exercise in report.exercises for run in exercise.runs}) == 2
    assert report.flags == ()


@pytest.mark.simulator
def test_an_exercise_that_does_not_pass_in_it_is_looked_at_by_itself() -> None:
    text = (COURSE.samples(NAME) / "mistakes" / "execute_wrong_topic" / "submission.py").read_text(encoding="utf-8")

    report = graded(text)

    assert scenarios(report)["execute"] == ["send"]
    assert scenarios(report)["handle_event"] != ["send"]
    assert [exercise.points for exercise in report.exercises] == [3, 4, 4]
