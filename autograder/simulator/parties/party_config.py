"""The configuration that the process of one party is given when it starts."""

from dataclasses import dataclass, field
from pathlib import Path

from autograder.simulator.folder import CUSTOM, FAULTS, JOB, WORKSPACE


@dataclass(frozen=True)
class PartyConfig:
    """The configuration of one party in a run, as its own process sees it. Numbers are inherited descriptors.

    Attributes:
        party: a site's name, or ``server``.
        module: the name of the module that holds its component.
        parts: the folder with what it is given; read only.
        work_dir: the folder in which it works.
        journal: where it tells of itself.
        control_fd: from which it reads what the supervisor has to say, a JSON object a line.
        spawn_fd: where the server asks the supervisor for the start of a client; None for a site.
        connections: the ends of the connections between the server and the sites, by the other's name.
        started_fd: where it tells the supervisor that it is about to load its module, before any code of that runs.
        sites: all sites, for the server.
        late: the site that starts only when another one has got its task, for the server; empty for none.
        confined: whether it has a sandbox of its own: limits are then put in place.
        audited: whether what it reaches for is written down, since a student's code runs in that sandbox.
        limits: the limits of such a process, by the names of the ``resource`` module.
        is_witness: whether its word on messages counts: see `Scenario.witnesses`.
    """

    party: str
    module: str
    parts: str
    work_dir: str
    journal: int
    control_fd: int
    started_fd: int
    spawn_fd: int | None = None
    connections: dict[str, int] = field(default_factory=dict)
    sites: tuple[str, ...] = ()
    late: str = ""
    confined: bool = False
    audited: bool = False
    limits: dict[str, int] = field(default_factory=dict)
    is_witness: bool = False

    @property
    def custom(self) -> Path:
        """Return the folder of its modules."""
        return Path(self.parts, CUSTOM)

    @property
    def job(self) -> Path:
        """Return the folder of the job, or what the server would have deployed of it to a site."""
        return Path(self.parts, JOB)

    @property
    def faults(self) -> Path:
        """Return the file of faults that a witness applies to messages."""
        return Path(self.parts, FAULTS)

    @property
    def workspace(self) -> Path:
        """Return NVFlare's workspace."""
        return Path(self.work_dir, WORKSPACE)

    @property
    def descriptors(self) -> tuple[int, ...]:
        """Return all file descriptors that are the party's own."""
        asks = () if self.spawn_fd is None else (self.spawn_fd,)
        return (self.journal, self.control_fd, self.started_fd, *asks, *self.connections.values())
