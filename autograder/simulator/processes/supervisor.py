"""The supervisor of a run: starts all parties, watches what the students' use, and tells of every end.

In the sandbox `autograder.simulator.processes.fork_server` forks it for each run. Without one, it runs in a process of
`autograder.simulator.processes.waiting_supervisor`. No student's code runs in it, and it reads nothing from a student's
process but the lines with which a server asks for a client, or for the end of one that is to die.

All parties are forked from here, so NVFlare is imported once for all of them. It holds nothing that a student's party
must not know: that would be in the memory of the fork.
"""

import json
import os
import re
import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from autograder.simulator import journal
from autograder.simulator.disk import DISK, WORK_DIR
from autograder.simulator.folder import RunFolder
from autograder.simulator.journal import Journal
from autograder.simulator.parties import process_limits
from autograder.simulator.parties.party_config import PartyConfig
from autograder.simulator.processes import ends, forking, interpreters, kernel_memory
from autograder.simulator.processes.ends import Ended
from autograder.simulator.processes.held_disks import HeldDisks
from autograder.simulator.processes.usage import Usage, usage_of
from autograder.simulator.sandbox import inner
from autograder.simulator.sandbox.inner import Confinement, Making
from autograder.simulator.scenario import SERVER

_SAMPLE = 0.1
"""Seconds between two looks at what the students' parties use."""
_CPU_STEP = 0.5
"""CPU seconds of a party after which it is told of again."""
CPU_SECONDS = "CPU seconds"
"""What there is a limit of for all of a student's parties together."""
_LONGEST_REQUEST = 4096
_WORDS = (
    re.compile(r"[\w.\-]{1,100}"),
    re.compile(r"[\w\-]{1,200}"),
    re.compile(r"tcp://(?:localhost|127\.0\.0\.1):\d{1,5}"),
)
"""What a site's name, a token and the address of a server look like, all of it."""


@dataclass
class _Party:
    """A party as the supervisor knows it: its configuration, and its ends of what connects them.

    Attributes:
        control_fd: where to write what the party is to know.
        started_fd: from where to read that its process is about to load its module.
        pid: of its process, or of the one that waits for it outside its sandbox.
        wait: returns when that one has ended.
        kill: ends it, also in the moment in which it ends by itself.
        confinement: the sandbox around a student's party.
        died: whether its end is one of the scenario's faults.
        stopped: whether it is ended from here, at a limit.
    """

    config: PartyConfig
    control_fd: int
    started_fd: int
    pid: int = 0
    wait: Callable[[], Ended] = Ended
    kill: Callable[[], object] = Ended
    confinement: Confinement | None = None
    ended: bool = False
    asked_for: bool = False
    died: bool = False
    stopped: bool = False


class Supervisor:
    """The supervisor of one run.

    Args:
        bubblewrap: a ``bwrap`` with which students' parties get a sandbox of their own; None without sandbox.
        grader: the socket on which the grader is given what is in memory; None without sandbox.
    """

    def __init__(self, folder: RunFolder, bubblewrap: str | None, grader: socket.socket | None) -> None:
        self._folder = folder
        self._bubblewrap = bubblewrap
        self._has_interpreters = bubblewrap is None and interpreters.are_needed()
        self._plan: dict[str, Any] = json.loads(folder.plan.read_text())
        self._disks = HeldDisks(self._plan["students"], grader) if grader else None
        self._journal = Journal(journal.create(folder.supervisor_journal))
        self._requests, spawn_fd = os.pipe()
        self._parties = self._make_parties(spawn_fd)
        self._pending = b""
        self._extra: dict[str, int] = {}
        self._cpu: dict[str, float] = {}
        self._told_cpu: dict[str, float] = {}

    @property
    def _confined(self) -> list[_Party]:
        return [party for party in self._parties.values() if party.config.confined]

    def run(self) -> None:
        """Start every party, and return when the server's process has ended.

        Raises:
            TooLittleAllowed: when the machine allows a party less than the run's limits do.
        """
        if self._bubblewrap is not None:
            process_limits.check(self._plan["of_process"])
        self._fork_all(self._sandboxes())
        self._journal.write("launched")
        self._watch()

    def _make_parties(self, spawn_fd: int) -> dict[str, _Party]:
        sites: list[str] = self._plan["sites"]
        confined = self._bubblewrap is not None
        pairs = {site: socket.socketpair() for site in sites}
        connections = {SERVER: {site: pair[0].detach() for site, pair in pairs.items()}}
        connections |= {site: {SERVER: pair[1].detach()} for site, pair in pairs.items()}
        parties = {}
        for name, module in self._plan["modules"].items():
            control_out, control_in = os.pipe()
            started_out, started_in = os.pipe()
            is_students = name in self._plan["students"]
            config = PartyConfig(
                party=name,
                module=module,
                parts=inner.PARTS if confined else str(self._folder.parts(name)),
                work_dir=WORK_DIR if confined else str(self._folder.work_dirs / name),
                journal=journal.create(self._folder.journal(name)),
                control_fd=control_out,
                started_fd=started_in,
                spawn_fd=spawn_fd if name == SERVER else None,
                connections=connections[name],
                sites=tuple(sites),
                late=self._plan["late"],
                confined=confined,
                audited=confined and is_students,
                limits=self._plan["of_process" if is_students else "of_course_process"],
                is_witness=name in self._plan["witnesses"],
            )
            parties[name] = _Party(config, control_in, started_out)
        return parties

    def _sandboxes(self) -> dict[str, Making]:
        """Let bubblewrap begin with the sandboxes of the parties."""
        made = {}
        for party in self._confined:
            assert self._bubblewrap is not None
            name = party.config.party
            with open(self._folder.output(name), "ab") as output:
                in_memory = name in self._plan["students"]
                disk = self._plan["disk"]
                command = inner.for_party(self._bubblewrap, self._folder, name, disk, in_memory=in_memory)
                made[name] = Making(command, output.fileno())
        return made

    def _fork_all(self, sandboxes: dict[str, Making]) -> None:
        for name, making in sandboxes.items():
            self._parties[name].confinement = sandbox = making.done()
            # Before any party is started: with descriptors of its own on their way, one could keep others from theirs.
            if self._disks and sandbox.first is not None:
                self._disks.hold(name, sandbox.first)
        for name, party in self._parties.items():
            self._start(party, self._folder.output(name))
        for party in self._parties.values():
            for descriptor in party.config.descriptors:
                os.close(descriptor)

        if self._has_interpreters:
            for party in self._parties.values():
                os.read(party.started_fd, 1)  # it has imported what a fork has from the beginning, or has ended

    def _start(self, party: _Party, output: Path) -> None:
        if self._has_interpreters:
            process = interpreters.start_party(party.config, output)
            party.pid, party.wait, party.kill = process.pid, lambda: Ended(process.wait()), process.kill
        else:
            child = ends.Child(forking.fork_party(party.config, output, party.confinement))
            party.pid, party.wait, party.kill = child.pid, child.wait, child.kill

    def _watch(self) -> None:
        selector = selectors.DefaultSelector()
        selector.register(self._requests, selectors.EVENT_READ, lambda _: self._hear_request(selector))
        for party in self._parties.values():
            selector.register(party.started_fd, selectors.EVENT_READ, partial(self._note_begin, party, selector))
            ended = ends.told_by(party.wait)
            selector.register(ended, selectors.EVENT_READ, partial(self._note_end, party, selector))
        next_look = time.monotonic()
        while not self._parties[SERVER].ended:
            for key, _ in selector.select(_SAMPLE):
                key.data(key.fd)
            if self._confined and time.monotonic() >= next_look:
                self._look_at_usage()
                next_look = time.monotonic() + _SAMPLE
        for party in self._confined:
            if not party.ended:
                self._note_left(party)

    def _note_begin(self, party: _Party, selector: selectors.BaseSelector, descriptor: int) -> None:
        selector.unregister(descriptor)
        if os.read(descriptor, 1):
            self._journal.write("begun", site=party.config.party)

    def _hear_request(self, selector: selectors.BaseSelector) -> None:
        data = os.read(self._requests, _LONGEST_REQUEST)
        self._pending += data
        if not data or len(self._pending) > _LONGEST_REQUEST:
            selector.unregister(self._requests)
            return
        *lines, self._pending = self._pending.split(b"\n")
        for line in lines:
            if request := _request(line):
                self._begin(*request)
            elif (party := self._parties.get(_condemned(line))) and party.config.party in self._plan["mortal"]:
                self._let_die(party)

    def _let_die(self, party: _Party) -> None:
        """End a party's process, since the scenario's faults say so."""
        party.died = True
        if party.confinement is not None:
            party.confinement.end()
        else:
            party.kill()

    def _begin(self, site: str, token: str, root_url: str) -> None:
        """Let a client begin, which is done once only, whatever a server asks for."""
        party = self._parties.get(site)
        if party is None or site == SERVER or party.asked_for:
            return
        party.asked_for = True
        self._order(party, {"token": token, "root_url": root_url})

    def _order(self, party: _Party, order: dict[str, Any]) -> None:
        try:
            os.write(party.control_fd, (json.dumps(order) + "\n").encode())
        except BrokenPipeError:
            return  # its process has ended, which is noticed in another place

    def _note_end(self, party: _Party, selector: selectors.BaseSelector, descriptor: int) -> None:
        selector.unregister(descriptor)
        ended = ends.read(descriptor)
        party.ended = True
        if party.confinement is not None:
            self._note_left(party)
            party.confinement.end()
        name = party.config.party
        # Where the server is a student's, one of the course's sites that is to die ends itself.
        died = party.died or (name in self._plan["mortal"] and name not in self._plan["students"])
        kind = "server ended" if name == SERVER else "died" if died else "client ended"
        spent = "RLIMIT_CPU" in party.config.limits and ended.had_spent(party.config.limits["RLIMIT_CPU"])
        self._journal.write(kind, site=name, status=ended.status, spent=spent, stopped=party.stopped)
        if name != SERVER:
            self._order(self._parties[SERVER], {"ended": name, "status": ended.status, "died": died})

    def _note_left(self, party: _Party) -> None:
        """Note how many processes are there at a party's end, unless it was ended from here, with all of them.

        What was there at the last look says nothing: on a busy machine that can be a while ago.
        """
        if party.confinement is None or party.stopped or party.config.party not in self._plan["students"]:
            return
        (usage,) = usage_of({"": (party.pid, party.confinement.process.pid)}).values()
        self._note_extra(party.config.party, usage.processes - inner.PROCESSES + party.ended)

    def _look_at_usage(self) -> None:
        roots = {
            party.config.party: (party.pid, party.confinement.process.pid)
            for party in self._confined
            if party.confinement is not None and not party.ended
        }
        used = usage_of(roots)
        self._judge_cpu({name: usage for name, usage in used.items() if name in self._plan["students"]})
        for name, usage in used.items():
            if name in self._plan["students"]:
                self._judge_usage(name, usage)
            else:
                self._judge_memory(name, usage.memory, self._plan["course_memory"])
        assert self._disks is not None
        for name, place in self._disks.newly_full():
            self._journal.write("limit", site=name, what=DISK, place=place)
        total = sum(usage.memory for usage in used.values()) + kernel_memory.held(self._disks.all())
        if total > self._plan["run_memory"]:
            self._journal.write("limit", site="", what="memory", used=total, limit=self._plan["run_memory"])
            for name in roots:
                self._end(name)

    def _judge_usage(self, name: str, usage: Usage) -> None:
        self._note_extra(name, usage.processes - inner.PROCESSES)
        if self._cpu.get(name, 0) >= self._told_cpu.get(name, 0) + _CPU_STEP:
            self._tell_of_cpu(name)
        self._judge_memory(name, usage.memory, self._plan["memory"])
        if usage.threads > self._plan["processes"]:
            limit = self._plan["processes"]
            self._journal.write("limit", site=name, what="processes", used=usage.threads, limit=limit)
            self._end(name)

    def _note_extra(self, name: str, extra: int) -> None:
        extra = max(0, extra)
        if extra != self._extra.get(name, 0):
            self._extra[name] = extra
            self._journal.write("processes", site=name, extra=extra)

    def _judge_cpu(self, students: dict[str, Usage]) -> None:
        self._cpu |= {name: max(usage.cpu, self._cpu.get(name, 0)) for name, usage in students.items()}
        total, limit = sum(self._cpu.values()), self._plan["cpu_budget"]
        if total > limit:
            for name in students:
                self._tell_of_cpu(name)
                self._journal.write("limit", site=name, what=CPU_SECONDS, used=round(total), limit=round(limit))
                self._end(name)

    def _tell_of_cpu(self, name: str) -> None:
        self._told_cpu[name] = self._cpu[name]
        self._journal.write("cpu", site=name, seconds=round(self._cpu[name], 2))

    def _judge_memory(self, name: str, used: int, limit: int) -> None:
        if used > limit:
            self._journal.write("limit", site=name, what="memory", used=used, limit=limit)
            self._end(name)

    def _end(self, name: str) -> None:
        party = self._parties[name]
        assert party.confinement is not None
        party.stopped = True
        party.confinement.end()


def _request(line: bytes) -> tuple[str, str, str] | None:
    """Return a server's request: a site, its token, and the server's address. Anything else is None."""
    try:
        told = json.loads(line)
        words = (told["site"], told["token"], told["root_url"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    known = all(isinstance(word, str) and form.fullmatch(word) for form, word in zip(_WORDS, words, strict=True))
    return words if known else None


def _condemned(line: bytes) -> str:
    """Return the party that a server asks to be ended; nothing when the line is something else."""
    try:
        name = json.loads(line)["end"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""
    return name if isinstance(name, str) else ""


def supervise(folder: RunFolder, bubblewrap: str, channel: int) -> None:
    """Supervise a run in its sandbox. As long as that goes on, ``channel`` stays open, and the grader sees its end."""
    grader = socket.socket(fileno=channel)
    try:
        Supervisor(folder, bubblewrap, grader).run()
    except process_limits.TooLittleAllowed as why:
        print(why)
    grader.close()  # not where an exception is raised: this process has to say so before the grader ends it
