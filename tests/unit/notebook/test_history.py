"""Which source counts: the newest version of each cell that ran."""

from collections.abc import Iterator

import pytest
from IPython.core.interactiveshell import InteractiveShell

from autograder.notebook.history import History


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    shell = InteractiveShell()
    yield shell
    assert shell.history_manager
    shell.history_manager.end_session()


@pytest.fixture
def history(shell: InteractiveShell) -> History:
    history = History()
    history.watch(shell)
    return history


def sources(history: History) -> list[str]:
    return [cell.source.strip() for cell in history.cells()]


def test_a_cell_that_runs_again_takes_the_place_of_its_older_version(shell: InteractiveShell, history: History) -> None:
    shell.run_cell("a = 1", store_history=True, cell_id="one")
    shell.run_cell("b = 1", store_history=True, cell_id="two")
    shell.run_cell("a = 2", store_history=True, cell_id="one")
    assert sources(history) == ["b = 1", "a = 2"]


def test_a_cell_that_cannot_be_parsed_takes_the_place_of_its_older_version(
    shell: InteractiveShell, history: History, capsys: pytest.CaptureFixture[str]
) -> None:
    shell.run_cell("a = 1", store_history=True, cell_id="one")
    shell.run_cell("a = = 2", store_history=True, cell_id="one")
    assert sources(history) == ["a = = 2"]


def test_cells_that_ran_before_are_found(shell: InteractiveShell) -> None:
    shell.run_cell("a = 1", store_history=True)
    history = History()
    history.watch(shell)
    history.watch(shell)
    assert sources(history) == ["a = 1"]
    shell.run_cell("a = 1", store_history=True, cell_id="one")
    assert sources(history) == ["a = 1"]


def test_the_running_cell_is_among_them(shell: InteractiveShell, history: History) -> None:
    shell.user_ns["history"] = history
    shell.run_cell("c = 3\nseen = [cell.source for cell in history.cells()]", store_history=True)
    assert "c = 3" in shell.user_ns["seen"][0]


def test_magic_commands_are_no_obstacle(shell: InteractiveShell, history: History) -> None:
    shell.run_cell("%time x = 1\nclass A:\n    pass", store_history=True)
    assert "class A:" in sources(history)[0]


def test_what_a_cell_runs_itself_is_no_cell(shell: InteractiveShell, history: History) -> None:
    shell.run_cell("%%capture\na = 1", store_history=True, cell_id="one")
    shell.run_cell("get_ipython().run_cell('b = 1')", store_history=True, cell_id="two")
    assert sources(history) == ["%%capture\na = 1", "get_ipython().run_cell('b = 1')"]


def test_without_ids_all_versions_are_kept_in_their_order(shell: InteractiveShell, history: History) -> None:
    shell.run_cell("a = 1", store_history=True)
    shell.run_cell("a = 2", store_history=True)
    assert sources(history) == ["a = 1", "a = 2"]
