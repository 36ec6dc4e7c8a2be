"""The ideas behind the hints of this assignment, and the sections of its notebook that teach them."""

from autograder.rubric import concepts
from autograder.rubric.concepts import Idea

_PROTOCOL, _WAIT, _WEIGHTS, _CONTROL, _CRASH = (
    "The protocol",
    "Rounds need waiting",
    "Which weights keep the average",
    "A controller with two steps",
    "When a neighbour falls silent",
)

AVERAGING = Idea("A site's new value is a weighted average of its own and its neighbours' values.", _PROTOCOL)
ROUNDS = Idea("All values that are averaged belong to the same iteration, however fast each site is.", _WAIT)
METROPOLIS = Idea("Two neighbours give each other the same weight; then the average is kept.", _WEIGHTS)
STEPS = Idea("Who begins before all are ready talks to sites that do not know their neighbours.", _CONTROL)
END = Idea("When control_flow ends, the run ends, at sites that are not done as well.", _CONTROL)
WHOLE = Idea("The weights of a site sum up to 1 in each iteration, whoever is lost.", _CRASH)
LOSS = Idea("A neighbour that stays silent is told from a slow one by patience alone.", _CRASH)

TEACHES: dict[Idea, str] = {
    concepts.SENDING: _PROTOCOL,
    concepts.ENGINE: _PROTOCOL,
    concepts.TARGETS: _PROTOCOL,
    concepts.KNOWN_NAMES: _PROTOCOL,
    concepts.TOPIC: _PROTOCOL,
    concepts.CONTENT: _PROTOCOL,
    concepts.SAME_CODE: _PROTOCOL,
    concepts.TASK: _PROTOCOL,
    concepts.RESULT: _PROTOCOL,
    concepts.HANDLER: _PROTOCOL,
    concepts.WAITING: _WAIT,
}
