"""Runs on disk: what was seen of a module's scenarios, so that another rubric can judge it without a simulator.

``reports/<assignment>/runs/<key>`` has the seed that was drawn for a module in one set of roles, and what came of every
scenario that was made from that seed. A rubric that makes the same scenarios judges these again; one that makes others
has them played.
"""

import base64
import zlib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.atomic_file import remove_half_written, replacing
from autograder.grading.attempts import RunResult
from autograder.grading.lru import evict_oldest, touch

if TYPE_CHECKING:
    from pydantic import TypeAdapter

LARGEST = 256 << 10
"""Bytes of a file at most. A right answer's runs take about 10 kB; what floods its log is played again instead."""


@dataclass(frozen=True)
class KeptRuns:
    """The kept runs of a module in one set of roles.

    Attributes:
        seed: from which the scenarios were made.
        seen: what came of each scenario, by its key.
    """

    seed: int
    seen: dict[str, RunResult] = field(default_factory=dict)


@cache
def _form() -> "TypeAdapter[KeptRuns]":
    from pydantic import TypeAdapter  # it takes long to import, and where no run is looked up nobody needs it

    return TypeAdapter(KeptRuns)


class RunStore:
    """The kept runs below a folder. Several processes and threads may use the same folder at the same time.

    Whatever is missing, or cannot be read, is played anew.
    """

    def __init__(self, folder: Path, *, anew: bool = False) -> None:
        """Make a store in ``folder``, which need not exist yet.

        Args:
            anew: whether to keep runs only, and to find none.
        """
        self._folder = folder
        self._anew = anew

    def get(self, key: str) -> KeptRuns | None:
        """Return the runs with this key, or None."""
        path = self._folder / key
        try:
            if self._anew:
                return None
            with path.open("rb") as file:
                kept = _form().validate_json(zlib.decompress(base64.b64decode(file.read(LARGEST))))
        except (OSError, ValueError, zlib.error):
            return None
        touch(path)
        return kept

    def put(self, key: str, kept: KeptRuns) -> None:
        """Keep runs under a key, unless they are too large or hold text that is no valid Unicode.

        Raises:
            OSError: when they cannot be written.
        """
        try:
            packed = base64.b64encode(zlib.compress(_form().dump_json(kept)))
        except ValueError:
            return
        if len(packed) <= LARGEST:
            self._folder.mkdir(parents=True, exist_ok=True)
            with replacing(self._folder / key, encoding="ascii") as file:
                file.write(packed.decode("ascii"))

    def forget_old(self, most: int) -> None:
        """Remove those that were not asked for the longest, so that no more than ``most`` are kept."""
        evict_oldest(self._folder, most)

    def remove_half_written(self) -> None:
        """Remove what is left of files that somebody was writing when killed."""
        remove_half_written(self._folder)
