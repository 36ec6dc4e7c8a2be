"""What a journal says, read back."""

from autograder.evidence.collect import ready_of


def test_a_site_that_came_after_the_exercise_began_was_not_ready():
    journal = [
        {"kind": "ready", "site": "site-0"},
        {"kind": "begin", "missing": ["site-1", "site-2"]},
        {"kind": "ready", "site": "site-1"},
    ]
    assert ready_of(journal) == {"site-0"}


def test_without_a_barrier_every_site_that_asked_for_a_task_was_ready():
    assert ready_of([{"kind": "ready", "site": "site-0"}, {"kind": "ready", "site": "site-1"}]) == {"site-0", "site-1"}
