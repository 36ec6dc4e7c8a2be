"""The order of test modules."""

from pathlib import Path

from tests.tools.order import LONG, longest_first


def test_each_long_one_is_there() -> None:
    found = [path.stem for path in Path(__file__).parents[2].rglob("test_*.py")]
    assert [name for name in LONG if found.count(name) != 1] == []


def test_they_come_first_and_all_else_stays_as_it_is() -> None:
    class Item:
        def __init__(self, name: str) -> None:
            self.path = Path(f"{name}.py")

    items = [Item(name) for name in ("test_a", LONG[1], "test_b", LONG[0], LONG[1])]
    longest_first(items)  # type: ignore[arg-type]  # of an item the path is all that is looked at
    assert [item.path.stem for item in items] == [LONG[1], LONG[0], LONG[1], "test_a", "test_b"]
