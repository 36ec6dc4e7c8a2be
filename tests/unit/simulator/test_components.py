"""The course's own components, as far as no run is needed."""

from autograder.simulator.parties.components import between_looks


def test_looks_become_rare_while_a_run_does_not_settle() -> None:
    waited, looks = 0.0, 0
    while waited < 30:
        waited += between_looks(waited)
        looks += 1
    assert looks < 100


def test_an_end_that_comes_soon_is_seen_at_once() -> None:
    assert between_looks(0.0) <= 0.02
    assert between_looks(0.1) <= 0.02
    assert between_looks(2.0) <= 0.2
