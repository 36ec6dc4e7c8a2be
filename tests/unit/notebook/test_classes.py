"""Which class is meant, and what is said when it cannot run."""

import pytest
from nvflare.apis.executor import Executor
from nvflare.apis.fl_context import FLContext
from nvflare.apis.impl.controller import Controller
from nvflare.apis.shareable import Shareable
from nvflare.apis.signal import Signal

from autograder.notebook.classes import (
    CONTROLLER,
    EXECUTOR,
    inherited_stubs,
    name_of,
    newest,
    require,
    stub_message,
    stubs,
)
from autograder.notebook.user_errors import NotReady
from autograder.submission.model import Cell
from tests.unit.notebook.cells import STUB, parts


class TalkingExecutor(Executor):
    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        raise NotImplementedError


class Elsewhere(TalkingExecutor):
    pass


class SimpleController(Controller):
    def start_controller(self, fl_ctx: FLContext) -> None: ...
    def control_flow(self, abort_signal: Signal, fl_ctx: FLContext) -> None: ...
    def stop_controller(self, fl_ctx: FLContext) -> None: ...


NAMESPACE = {"TalkingExecutor": TalkingExecutor, "SimpleController": SimpleController, "again": TalkingExecutor}
CELLS = [Cell(None, "class SimpleController(Controller):\n    pass"), Cell(None, STUB)]


def test_classes_are_named() -> None:
    assert name_of(TalkingExecutor, EXECUTOR, NAMESPACE) == "TalkingExecutor"
    assert name_of(SimpleController, CONTROLLER, NAMESPACE) == "SimpleController"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (TalkingExecutor(), "Pass the class, not an instance of it: TalkingExecutor, without the brackets"),
        ("execute", "was given a str"),
        (3, "was given an int"),
        (SimpleController, "SimpleController is not an Executor"),
        (Elsewhere, "is no variable of this notebook"),
    ],
)
def test_what_cannot_run_is_explained(given: object, message: str) -> None:
    with pytest.raises(NotReady, match=message):
        name_of(given, EXECUTOR, NAMESPACE)


def test_a_class_that_is_called_otherwise_is_known_by_its_variable() -> None:
    assert name_of(TalkingExecutor, EXECUTOR, {"mine": TalkingExecutor}) == "mine"


def test_the_newest_class_of_a_kind_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (TalkingExecutor, SimpleController):
        monkeypatch.setattr(kind, "__module__", "__main__")  # as in a notebook
    namespace = {"Executor": Executor, **NAMESPACE}
    assert newest(EXECUTOR, CELLS, namespace) == "TalkingExecutor"
    assert newest(CONTROLLER, CELLS, namespace) == "SimpleController"
    assert newest(EXECUTOR, [], {"Executor": Executor, "made": TalkingExecutor}) == "made"
    with pytest.raises(NotReady, match="no Executor in this notebook yet"):
        newest(EXECUTOR, CELLS, {"Executor": Executor})


def test_missing_classes_are_named() -> None:
    require(("TalkingExecutor",), NAMESPACE)
    with pytest.raises(NotReady, match="B and C are not defined yet"):
        require(("TalkingExecutor", "B", "C"), NAMESPACE)


def test_stubs_are_found() -> None:
    assert stubs(("TalkingExecutor", "Unknown"), CELLS) == (["TalkingExecutor.execute"], True)
    assert "TalkingExecutor.execute is still a stub" in stub_message(["TalkingExecutor.execute"])
    partly = Cell(None, STUB + "\n    def other(self):\n        return 1\n")
    assert stubs(("TalkingExecutor",), [partly]) == (["TalkingExecutor.execute"], False)


def test_stubs_of_exercises_on_which_a_class_builds_are_found() -> None:
    source = """
class First(Executor):
    def execute(self): raise NotImplementedError()
class Second(First):
    def handle_event(self): raise NotImplementedError()
    def handle_hello(self): return 1
class Third(Second):
    pass
class Fourth(Third):
    def execute(self): return 1
"""
    cells = [Cell(None, source)]
    assert inherited_stubs("First", cells) == []
    assert inherited_stubs("Second", cells) == ["First.execute"]
    assert inherited_stubs("Third", cells) == ["Second.handle_event", "First.execute"]
    assert inherited_stubs("Fourth", cells) == ["Second.handle_event"]


def test_classes_that_inherit_from_each_other_are_looked_at_once() -> None:
    cells = [Cell(None, "class A(B): pass"), Cell(None, "class B(A): pass")]
    assert inherited_stubs("A", cells) == []


def test_model_answers_are_no_stubs() -> None:
    cells = [Cell(None, source) for source in parts().values()]
    assert stubs(("TalkingExecutor", "P2PExecutor", "P2PController"), cells) == ([], False)
