"""Five small assignments as an outside author writes them, in a course folder: `course`.

None of them is about saying hello: a token in a ring, average consensus on a graph that is drawn, a shop that answers
the third time, a round of swarm learning, an exchange of readings.
"""

import shutil
from pathlib import Path

from autograder.course import CONFIG_NAME, Course

NAMES = ("ring_token", "consensus", "third_time", "swarm_round", "exchange")
_HERE = Path(__file__).parent
_ROOT = _HERE.parents[1]


def lay_out(folder: Path) -> Course:
    """Make a course folder with the five assignments, whose releases are their sources: they hold stubs only."""
    course = Course(Path(shutil.copytree(_HERE / "course", folder)))
    shutil.copy(_ROOT / CONFIG_NAME, folder)
    shutil.copytree(folder / "source", folder / "release")
    return course
