"""A scenario: who takes part in a run, with which code, and what is asked of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from autograder.simulator.network.content import Matcher, Value
from autograder.simulator.network.faults import FaultPlan
from autograder.simulator.until import Condition

COURSE_TOPIC_PREFIX = "_course."
"""Topics of the course's own aux messages begin with this."""

SERVER = "server"
"""The name of the server among the parties of a run."""


@dataclass(frozen=True)
class Notebook:
    """The way to run a part's module as a notebook: see `autograder.submission.program.Program`.

    Attributes:
        spans: the first and the last line of each cell.
        stop: how many cells are run in any case.
        stand_ins: the methods among them that only tell of calls, such as ``Sender.execute``.
    """

    spans: tuple[tuple[int, int], ...]
    stop: int
    stand_ins: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """A component with the modules that it needs: what one party runs.

    Attributes:
        module: the name of the module that holds ``class_name``; a key of ``sources``, or a module of this package that
            a run has: see `autograder.simulator.own_modules`.
        arguments: keyword arguments for its constructor, JSON values.
        sources: module name to source text; written to the party's ``custom`` folder.
        notebook: how the module is run when it is a student's notebook; None for a module that is imported.
    """

    module: str
    class_name: str
    sources: dict[str, str] = field(default_factory=dict)
    arguments: dict[str, Any] = field(default_factory=dict)
    notebook: Notebook | None = None

    @classmethod
    def of_file(cls, package: str, module: str, class_name: str, **arguments: Any) -> "Part":
        """Return the part whose class is in a module of an assignment's package.

        It goes into the run as a source: the process of a party imports nothing of what judges it.
        """
        source = files(package).joinpath(f"{module}.py").read_text(encoding="utf-8")
        name = f"{package.rpartition('.')[2]}_{module}"  # told from a student's module by it
        return cls(name, class_name, {name: source}, arguments)

    @property
    def path(self) -> str:
        """Return the class as NVFlare's configurations name it."""
        return f"{self.module}.{self.class_name}"


@dataclass(frozen=True)
class LogTemplate:
    """A line that is to be logged, with named fields in braces: ``round {round} from {sender}: {value}``.

    Attributes:
        fields: what stands in place of fields that are not the message's sender, receiver, topic, or an item of its
            data with the field's name.
        atol: how far a number may be off.
        rtol: the same, as a part of the number.
    """

    text: str
    fields: Mapping[str, Value] = field(default_factory=dict)
    atol: float = 0.0
    rtol: float = 0.0


@dataclass(frozen=True)
class Expected:
    """A message that the exercise asks for, or several that are alike.

    Attributes:
        content: what it is to say: see `autograder.rubric.matchers`.
        label: what pictures call it; by default what it says.
        times: how often it is to be sent, at least and at most; None for as often as one likes.
        key: items of the data by which it is known although it says something else, such as ``{"round": 3}``. Where
            there are none, messages on the same way are told apart by what they say, and alike ones by their order: so
            these are to be answered alike.
        log: the line that its receiver is to log; None for none.
        reply: the return code with which its receiver is to answer.
        reply_content: what that answer is to say; None where the code is all that counts.
        handled: whether its receiver is asked to have a handler for it. Where none is asked for yet, a message that
            finds none is as it should be.
        refusable: whether its receiver may refuse it, as one that says what the exercise does not speak of. Whoever
            answers it with ``OK`` has to have logged it all the same.
        repeats: whether the same was said before. Its receiver has to answer it as before, and may leave out its line.
    """

    sender: str
    receiver: str
    topic: str
    content: Matcher
    label: str = ""
    times: tuple[int, int | None] = (1, 1)
    key: Mapping[str, Value] = field(default_factory=dict)
    log: LogTemplate | None = None
    reply: str = "OK"
    reply_content: Matcher | None = None
    handled: bool = True
    refusable: bool = False
    repeats: bool = False

    @property
    def called(self) -> str:
        """Return the name in pictures."""
        return self.label or self.content.label


@dataclass(frozen=True)
class ExpectedResult:
    """A result that a site is to send for a task.

    Of several for the same task of a site, the first one is for its first result, and so on.

    Attributes:
        content: what it is to say, as in `Expected`.
    """

    site: str
    task: str
    content: Matcher


@dataclass(frozen=True)
class Gathering:
    """Messages of a topic that are given to a party's handlers at the same moment: the first ``count`` that come.

    Attributes:
        in_step: whether these handlers also let each other go on after every line of the student's code, so that what
            two threads can spoil is spoiled in every run.
    """

    topic: str
    count: int
    in_step: bool = False


@dataclass(frozen=True)
class Scenario:
    """A run to make.

    Attributes:
        name: such as ``send``.
        controller: what the server runs.
        executors: site name to what it runs.
        students: the parties that run the student's code.
        expected: the messages that a right answer leads to. Where they depend on what was seen, a pure function from
            the `autograder.evidence.model.Evidence` of the run to them; the simulator never calls it.
        seed: from which positions and nonces were drawn.
        barrier: whether the course's start barrier runs before the controller.
        late: a site whose client starts only when another one has got its task; empty for none.
        tasks: the names of the tasks, each with the sites that are asked to do it. Results are asked of these alone; of
            every site where none is declared.
        relieved: tasks that a component of the course's does at every site. The executor of the site hears of their
            events, as of any other, and is asked for nothing.
        gather: what reaches the handlers of each student's party at the same moment; None when nothing is held.
        acknowledged: topics that the course answers with ``OK`` at each of the student's sites, where the exercise does
            not ask for a handler yet.
        credited: for methods of stand-ins, such as ``Sender.execute``, the messages that a right answer in
            their place would send. A site that calls one is credited with those of which it is the sender.
        faults: what the network does to messages.
        until: what a run waits for after its workflow has ended, as long as anything can still come of what the parties
            do. Messages on their way, and threads that the parties have started, are waited for in any case.
        results: what the results of tasks are to say, where more than their return code counts; or a function, as for
            ``expected``.
    """

    name: str
    controller: Part
    executors: dict[str, Part]
    students: frozenset[str]
    expected: tuple[Expected, ...] | Callable[[Any], tuple[Expected, ...]]
    seed: int = 0
    barrier: bool = True
    late: str = ""
    tasks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    relieved: tuple[str, ...] = ()
    gather: Gathering | None = None
    acknowledged: tuple[str, ...] = ()
    credited: Mapping[str, tuple[Expected, ...]] = field(default_factory=dict)
    faults: FaultPlan = field(default_factory=FaultPlan)
    until: tuple[Condition, ...] = ()
    results: tuple[ExpectedResult, ...] | Callable[[Any], tuple[ExpectedResult, ...]] = ()

    def part_of(self, party: str) -> Part:
        """Return what a party runs."""
        return self.controller if party == SERVER else self.executors[party]

    def tasks_of(self, site: str) -> tuple[str, ...]:
        """Return the declared tasks that a site is asked to do."""
        return tuple(task for task, sites in self.tasks.items() if site in sites)

    def owes_result(self, site: str) -> bool:
        """Return whether a result is asked of a site."""
        return not self.tasks or bool(self.tasks_of(site))

    def expected_in(self, evidence: Any) -> tuple[Expected, ...]:
        """Return the messages that a right answer leads to in a run with this evidence."""
        return self.expected(evidence) if callable(self.expected) else self.expected

    def results_in(self, evidence: Any) -> tuple[ExpectedResult, ...]:
        """Return what results are to say in a run with this evidence."""
        return self.results(evidence) if callable(self.results) else self.results

    @property
    def witnesses(self) -> tuple[str, ...]:
        """Return the parties whose journals of messages count, and who apply the faults.

        It is the server, through which all traffic goes. Where a student's code runs there, the course's own sites tell
        of what they send and what it sends them, each in a process of its own.
        """
        sites = tuple(site for site in self.executors if site not in self.students)
        return sites if sites and SERVER in self.students else (SERVER,)
