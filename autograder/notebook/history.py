"""The cells that ran in this kernel: the source of what is run and checked.

A kernel knows classes, not their source. IPython tells of each cell before it runs it, in JupyterLab with the cell's
id, so a cell that ran again takes the place of its older version.
"""

from typing import Any

from autograder.submission.model import Cell


class History:
    """The newest version of each cell that ran, in the order in which they ran last.

    One that Python cannot read counts as well: what its older version has defined is not in the notebook any more.
    """

    def __init__(self) -> None:
        self._sources: dict[str, str] = {}
        self._count = 0
        self._shell: Any = None

    def watch(self, shell: Any) -> None:
        """Take down all cells that this IPython shell has run and will run. A second call does nothing."""
        if shell is None or shell is self._shell:
            return
        self._shell = shell
        for raw in shell.user_ns.get("In", [])[1:]:
            self.record(raw)
        shell.events.register("pre_run_cell", self._before)

    def _before(self, info: Any) -> None:
        if info.store_history:  # a magic such as %%capture runs the rest of its cell as one that is not
            self.record(info.raw_cell, getattr(info, "cell_id", None))

    def record(self, raw: str, cell_id: str | None = None) -> None:
        """Take down a cell. One without an id takes the place of a cell with the same source only."""
        older = [key for key, known in self._sources.items() if key == cell_id or _same(key, known, raw)]
        for key in older:
            del self._sources[key]
        self._count += 1
        self._sources[cell_id or f"{_NO_ID}{self._count}"] = raw

    def cells(self) -> list[Cell]:
        """Return the cells, oldest first."""
        return [Cell(None, source) for source in self._sources.values()]


_NO_ID = "\x00"


def _same(key: str, known: str, source: str) -> bool:
    return key.startswith(_NO_ID) and known == source
