"""The folder of one run: what is where, and how files that strangers may have written are read."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from autograder.simulator.scenario import SERVER


@dataclass(frozen=True)
class RunFolder:
    """The folder of one run. All parties' files are below it, and nothing else is."""

    root: Path

    @property
    def spec(self) -> Path:
        """What the launcher has to know, as JSON."""
        return self.root / "spec.json"

    @property
    def job(self) -> Path:
        """The NVFlare job."""
        return self.root / "job"

    @property
    def workspace(self) -> Path:
        """Where the simulator works, with a folder for each party."""
        return self.root / "workspace"

    @property
    def journal(self) -> Path:
        """What the course's own parts saw: see `autograder.simulator.journal`."""
        return self.root / "journal.jsonl"

    @property
    def launcher_output(self) -> Path:
        """What the launcher printed, in case it broke."""
        return self.root / "launcher.txt"

    def app(self, party: str) -> Path:
        """A party's app within the job."""
        return self.job / f"app_{party}"

    def custom(self, party: str) -> Path:
        """A party's modules within the job."""
        return self.app(party) / "custom"

    def log(self, party: str) -> Path:
        """A party's structured log."""
        return self.workspace / (SERVER if party == SERVER else party) / "log.json"

    def output(self, party: str) -> Path:
        """What a party's process printed."""
        return self.root / f"{party}.out"

    def loading(self, party: str) -> Path:
        """How the loading of a party's module went: see `autograder.simulator.loading`."""
        return self.root / f"{party}.loading"


def read_regular_file(path: Path, limit: int, offset: int = 0) -> str:
    """Read at most ``limit`` bytes of a file that a student's code may have replaced by anything.

    Raises:
        OSError: when there is no regular file at ``path``. No link is followed, no FIFO waited for.
    """
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(fd, "rb") as file:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise OSError(f"{path} is no regular file")
        file.seek(offset)
        return file.read(limit).decode("utf-8", errors="replace")
