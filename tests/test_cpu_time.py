"""Work that grows like the square of its input is told from work that grows like its input."""

from tests.cpu_time import grows_like_its_input


def test_which_work_grows_like_its_input() -> None:
    assert grows_like_its_input(lambda size: sum(range(size)), 1_000_000)
    assert not grows_like_its_input(lambda size: sum(1 for _ in range(size) for _ in range(size)), 1_000)
