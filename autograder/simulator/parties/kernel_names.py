"""The names that a kernel gives a notebook, made harmless: nobody looks at what cells of a run display."""

from typing import Any


class _Nothing:
    """Can be called and asked for anything, and does nothing."""

    def __call__(self, *_: Any, **__: Any) -> None:
        """Do nothing, whatever is asked for."""

    def __getattr__(self, name: str) -> "_Nothing":
        if name.startswith("__"):
            raise AttributeError(name)
        return self


nothing = _Nothing()


def _display(*_: Any, display_id: object = None, **__: Any) -> _Nothing | None:
    """Display nothing. A display with an id can be updated."""
    return nothing if display_id else None


GIVEN = {"display": _display, "exit": nothing, "quit": nothing, **dict.fromkeys(("_", "__", "___"), "")}
"""Names that a kernel puts among a notebook's variables."""
