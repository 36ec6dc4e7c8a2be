"""Judging an exercise on its own merits, whatever became of those on which it builds."""

from collections.abc import Callable, Sequence

from autograder.report.model import ExerciseReport, Verdict

Judge = Callable[[Sequence[str], Sequence[str]], ExerciseReport]
"""Judges an exercise with stand-ins for the earlier ones that are named, and puts notes into the report."""


def on_its_merits(judge: Judge, doubtful: Sequence[str]) -> ExerciseReport:
    """Return the report of an exercise, of which a mistake in an earlier one takes nothing.

    Stand-ins take the place of what it builds on and is not right. But it may also rely on something of the student's
    own in there, so the better of both counts.

    Args:
        doubtful: the earlier exercises on which it builds and which are not passed.
    """
    if not doubtful:
        return judge((), ())
    note = (
        f"Judged with a stand-in in place of your {' and '.join(f'`{name}`' for name in doubtful)}, so that it counts "
        "by itself. What is left to the stand-in counts as done."
    )
    with_stand_ins = judge(doubtful, (note,))
    if with_stand_ins.verdict is not Verdict.NOT_PASSED:
        return with_stand_ins
    with_own = judge((), ())
    return with_own if with_own.points > with_stand_ins.points else with_stand_ins
