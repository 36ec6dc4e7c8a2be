"""The runs of ``reliable_messaging``: every site runs the student's code, and every site meets every fault.

Nothing is drawn behind which a mistake could hide: the seed decides which neighbour meets which fault, what the items
are called and say, and how long the deadlines are.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from random import Random
from typing import Any

from autograder.rubric.matchers import Equals
from autograder.rubric.model import Cast
from autograder.simulator.network.faults import Fault, FaultKind, FaultPlan
from autograder.simulator.parties.lines import Lines, line
from autograder.simulator.scenario import Expected, Gathering, LogTemplate, Part, Scenario

SITES = ("site-0", "site-1", "site-2", "site-3")
NEWS, PING = "news", "ping"
ANNOUNCE, ROLL_CALL = "announce", "roll_call"
UNKNOWN = "withdraw"
"""A task that is not in the notebook."""
CONTROLLER = "NewsController"
MOST_SENDS = 6
MOST_PINGS = 3
ITEMS_OF_A_TURN = 2
"""How many items each site tells each other one in a turn of exercise 2."""
NEWS_LOG = LogTemplate("News {id} from {sender}: {text}")

_KIND = "APP_DEFINED"
_SLOWNESS, _SLOW_ERROR = 0.28, 0.325
"""The parts of the deadline after which a slow peer and an error answer: up to a third is what the notebook says.

So long as they are, whoever waits for one peer after the other, for two fifths of the deadline each, is late.
"""
_BEFORE = 2.0
"""The deadline of the item that is announced before the roll is called, on a network that is kind to news."""

Item = dict[str, Any]


def others_of(site: str) -> tuple[str, ...]:
    """Return the other sites."""
    return tuple(other for other in SITES if other != site)


def deliver(cast: Cast) -> tuple[Scenario, ...]:
    """Announce two items: one that a peer refuses for ever, and then one that all can have at the sixth time.

    Five answers to the second one are lost, so whoever waits for them for too long runs out of time when there is still
    something to send. No deadline is so short that an answer with pauses of a second could not send twice on a busy
    machine. A task of another name comes with an item as well, so whoever does it all the same has what it needs.
    """
    random = cast.random
    *told, unasked = (_item(random) for _ in range(3))
    tasks = [_task(ANNOUNCE, {**item, "deadline": round(random.uniform(2.0, 2.06), 2)}) for item in told]
    tasks.append(_task(UNKNOWN, {**unasked, "deadline": _BEFORE}))
    turned = _neighbours(random)
    refuses, starts, loses = ([(site, turned[site][place]) for site in SITES] for place in range(3))
    faults = (
        *_faults(FaultKind.LATE_START, refuses, NEWS, *range(1, MOST_SENDS + 1)),
        *_faults(FaultKind.DUPLICATE, refuses, NEWS, MOST_SENDS + 1),
        *_faults(FaultKind.LATE_START, starts, NEWS, 2),
        *_faults(FaultKind.HANDLER_ERROR, starts, NEWS, 3),
        *_faults(FaultKind.DROP, loses, NEWS, 2, 4, 5, 6),
        *_faults(FaultKind.LOSE_REPLY, loses, NEWS, 3),
    )
    scenario = Scenario(
        "deliver",
        _giver(tasks),
        {site: cast.student("ReliableExecutor") for site in SITES},
        frozenset(SITES),
        (*_announced(told), *(replace(one, times=(0, MOST_SENDS)) for one in _announced([unasked]))),
        cast.seed,
        tasks={ANNOUNCE: SITES},
        acknowledged=(NEWS,),
        faults=FaultPlan(faults, cast.seed),
    )
    return (scenario,)


def exactly_once(cast: Cast) -> tuple[Scenario, ...]:
    """Let every site get items of all others, each twice at the same moment, and then some of them again.

    All senders call their items by the same names. Under one of these they say the same, under another one each its
    own, and each says that again under a third one: so only sender and id together tell all items apart. One of
    the names begins with another one. What comes again comes last, so a memory has to keep it for longer.
    """
    random = cast.random
    first, last = (f"{random.getrandbits(32):08x}" for _ in range(2))
    names = [first, first[:6], last]
    said = {site: [_item(random, name) for name in names] for site in SITES}
    for items in said.values():
        items[1]["text"] = said[SITES[0]][1]["text"]
        items[2]["text"] = items[0]["text"]
    turns = [{site: _lines(site, said[site][:ITEMS_OF_A_TURN]) for site in SITES}]
    turns.append({site: _lines(site, [said[site][2], said[site][0]]) for site in SITES})
    links = [(site, other) for site in SITES for other in others_of(site)]
    expected = tuple(
        Expected(
            site, other, NEWS, _content(item), item["text"], (2, 2) if place == 0 else (1, 1), _key(item), NEWS_LOG
        )
        for site, other in links
        for place, item in enumerate(said[site])
    )
    scenario = Scenario(
        "exactly_once",
        _giver([], turns),
        {site: cast.student("InboxExecutor") for site in SITES},
        frozenset(SITES),
        expected,
        cast.seed,
        gather=Gathering(NEWS, 4 * len(others_of(SITES[0])), in_step=True),
        faults=FaultPlan(_faults(FaultKind.DUPLICATE, links, NEWS, 1, 2), cast.seed),
    )
    return (scenario,)


def roll_call(cast: Cast) -> tuple[Scenario, ...]:
    """Call the roll where each site has one peer that is slow, one behind a cut link, and one that answers an error.

    Two of the sites get one error, and two another one, and both come late. Before that all sites announce an item, as
    they did before.
    """
    random = cast.random
    deadline = round(random.uniform(3.0, 3.6), 1)
    ring = random.sample(SITES, len(SITES))
    places = range(len(ring))
    slow = [(ring[place], ring[(place + 1) % 4]) for place in places]
    cut = [(ring[place], ring[place + 2]) for place in range(2)]
    failing = [(ring[place], ring[(place + 3) % 4]) for place in places]
    faults = (
        *(Fault(FaultKind.DELAY, a, b, PING, seconds=_SLOWNESS * deadline) for a, b in slow),
        *(Fault(FaultKind.CUT, a, b, PING) for a, b in cut),
        *_faults(FaultKind.HANDLER_ERROR, failing[:2], PING),
        *_faults(FaultKind.LATE_START, failing[2:], PING),
        *(Fault(FaultKind.DELAY, a, b, PING, seconds=_SLOW_ERROR * deadline) for a, b in failing),
    )
    news, before = {site: _item(random) for site in SITES}, _item(random)
    told = {ring[place]: ring[(place + 1) % 4] for place in places}
    announced = (replace(one, times=(0, MOST_SENDS)) for one in _announced([before]))
    said = (
        Expected(site, told[site], NEWS, _content(item), item["text"], (0, 1), _key(item), NEWS_LOG)
        for site, item in news.items()
    )
    tasks = [_task(ANNOUNCE, {**before, "deadline": _BEFORE}), _task(ROLL_CALL, {"deadline": deadline})]
    turn = {site: [line(told[site], NEWS, item, _KIND)] for site, item in news.items()}
    scenario = Scenario(
        "roll_call",
        _giver(tasks, [turn]),
        {site: cast.student("RollCallExecutor") for site in SITES},
        frozenset(SITES),
        (*_pings(), *announced, *said),
        cast.seed,
        tasks={ROLL_CALL: SITES},
        faults=FaultPlan(faults, cast.seed),
    )
    return (scenario,)


def own(class_name: str, task: str, log: LogTemplate | None = None) -> Callable[[Callable[[str], Part]], Scenario]:
    """Return the scenario of a student's own runs, on a network without faults.

    What is sent is told; what is missing the check tells, since experiments of the notebook send what they like.
    """

    def scenario(student: Callable[[str], Part]) -> Scenario:
        controller = student(CONTROLLER)
        if task == ROLL_CALL:
            controller = replace(controller, arguments={"task": task})
        news = _announced([{"id": "n-1", "text": "The moon is full"}], log)
        return Scenario(
            "own",
            controller,
            {site: student(class_name) for site in SITES},
            frozenset(SITES),
            tuple(replace(one, times=(0, one.times[1])) for one in (*news, *_pings())),
            tasks={task: SITES},
            acknowledged=(NEWS,) if class_name == "ReliableExecutor" else (),
        )

    return scenario


def _pings() -> tuple[Expected, ...]:
    """Return the pings of a right answer."""
    links = ((site, other) for site in SITES for other in others_of(site))
    return tuple(Expected(site, other, PING, Equals(None, {}), times=(1, MOST_PINGS)) for site, other in links)


def _announced(items: Iterable[Item], log: LogTemplate | None = None) -> tuple[Expected, ...]:
    """Return what a right answer sends of items: each to all others, once or again."""
    return tuple(
        Expected(site, other, NEWS, _content(item), item["text"], (1, MOST_SENDS), _key(item), log)
        for item in items
        for site in SITES
        for other in others_of(site)
    )


def _content(item: Item) -> Equals:
    return Equals(_KIND, {"id": item["id"], "text": item["text"]})


def _key(item: Item) -> dict[str, Any]:
    return {"id": item["id"]}


def _item(random: Random, name: str = "") -> Item:
    """Draw an item, whose text has a space at both ends, by which it shows whether it was changed."""
    return {"id": name or f"{random.getrandbits(32):08x}", "text": f" It is {random.getrandbits(48):012x} "}


def _task(name: str, data: Item) -> dict[str, Any]:
    return {"task": name, "data": data}


def _giver(tasks: list[dict[str, Any]], turns: list[dict[str, Lines]] | None = None) -> Part:
    return Part.of_file(__package__, "giver", "NewsGiver", tasks=tasks, turns=turns or [])


def _lines(site: str, items: Iterable[Item]) -> Lines:
    return [line(other, NEWS, item, _KIND) for item in items for other in others_of(site)]


def _neighbours(random: Random) -> dict[str, list[str]]:
    """Return the others of each site, turned in the same way for all, so that each is each one's once."""
    steps = random.sample((1, 2, 3), 3)
    return {site: [SITES[(place + step) % 4] for step in steps] for place, site in enumerate(SITES)}


def _faults(kind: FaultKind, links: Iterable[tuple[str, str]], topic: str, *nths: int) -> tuple[Fault, ...]:
    return tuple(Fault(kind, sender, receiver, topic, nths) for sender, receiver in links)
