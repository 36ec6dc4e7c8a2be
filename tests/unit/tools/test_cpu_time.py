"""Work that grows like the square of its input is told from work that grows like its input."""

import subprocess
import sys

from tests.tools.cpu_time import grows_like_its_input, seconds_so_far


def test_which_work_grows_like_its_input() -> None:
    assert grows_like_its_input(lambda size: sum(range(size)), 1_000_000)
    assert not grows_like_its_input(lambda size: sum(1 for _ in range(size) for _ in range(size)), 1_000)


def test_the_time_of_those_that_were_started_counts() -> None:
    before = seconds_so_far()
    subprocess.run([sys.executable, "-c", "import time\nwhile time.process_time() < 0.5: pass"], check=True)
    # The kernel tells of each process in whole hundredths of a second, cut off, in user and in system mode apart.
    assert seconds_so_far() - before >= 0.4
