"""One module out of a notebook's cells."""

import random
import types

import pytest

from autograder.submission.model import Cell
from autograder.submission.module import Module, Place, build_module


def build(*sources: str, roots: tuple[str, ...] = ("A",)) -> Module:
    return build_module([Cell(None, source) for source in sources], roots)


def load(module: Module) -> types.SimpleNamespace:
    namespace: dict[str, object] = {}
    exec(compile(module.source, "module", "exec"), namespace)
    return types.SimpleNamespace(**namespace)


def test_only_what_the_roots_need_is_kept() -> None:
    module = build(
        "import json\nimport a_package_that_is_not_there",
        "LIMIT = 3\nUNUSED = json",
        "def helper():\n    return LIMIT",
        "class A:\n    def value(self):\n        return helper()",
        "class B: pass",
    )

    assert load(module).A().value() == 3
    assert "a_package_that_is_not_there" not in module.source
    assert "class B" not in module.source and "json" not in module.source


def test_statements_that_run_things_are_left_out() -> None:
    module = build("class A: pass", "A()\nraise SystemExit", "for i in range(3):\n    print(i)", "result = A()")

    assert module.source.strip() == "class A: pass"


def test_the_last_definition_counts() -> None:
    assert load(build("class A:\n    x = 1", "class A:\n    x = 2")).A.x == 2


def test_a_definition_that_builds_on_an_earlier_one_of_the_same_name_keeps_it() -> None:
    assert load(build("x = 1", "x = x + 1", "class A:\n    y = x")).A.y == 2


def test_cells_in_any_order_are_put_in_the_order_of_their_needs() -> None:
    module = build("class A(B):\n    pass", "class B(C):\n    pass", "class C:\n    x = 5")

    assert load(module).A.x == 5


def test_decorators_defaults_and_annotations_count_as_needs() -> None:
    module = build(
        "@decorate\nclass A:\n    def f(self, x=DEFAULT) -> 'Later':\n        return x",
        "DEFAULT = 7",
        "def decorate(cls):\n    return cls",
        "class Later: pass",
    )

    assert load(module).A().f() == 7
    assert "class Later" in module.source


def test_guarded_imports_and_attributes_set_later_are_kept() -> None:
    module = build(
        "try:\n    import a_package_that_is_not_there as quick\nexcept ImportError:\n    import json as quick",
        "class A:\n    def dump(self):\n        return quick.dumps(self.x)",
        "A.x = [1]",
        "A.unused = 1",
    )

    assert load(module).A().dump() == "[1]"


def test_star_imports_are_kept_and_come_first() -> None:
    assert load(build("class A:\n    x = pi", "from math import *")).A.x > 3


def test_future_imports_come_first() -> None:
    module = build("import json", "from __future__ import annotations\nclass A:\n    x: Unknown = json")

    assert load(module).A.x.__name__ == "json"


def test_the_courses_helpers_never_get_in() -> None:
    module = build("from autograder import notebook as course", "class A:\n    def f(self):\n        return course.run")

    assert "autograder" not in module.source


def test_magics_shell_commands_and_help_are_passed_over() -> None:
    module = build("%matplotlib inline\n!ls\nprint?\nclass A:\n    x = 1", "%%bash\nif [ 1 ]; then echo; fi")

    assert load(module).A.x == 1
    assert module.unreadable == ()


def test_a_cell_that_is_no_python_is_told_and_the_rest_is_used() -> None:
    module = build("class A: pass", "def broken(:\n    pass")

    assert module.missing == ()
    assert [(u.cell, u.line, u.text) for u in module.unreadable] == [(1, 1, "def broken(:")]


def test_what_is_not_defined_is_missing() -> None:
    assert build("class B: pass").missing == ("A",)


def test_lines_can_be_followed_back_to_their_cells() -> None:
    module = build("import json\n\n\nclass A:\n    def f(self):\n        return json\n", "x = 1")
    line = next(n for n, text in enumerate(module.source.splitlines(), 1) if "return json" in text)

    assert module.places[line] == Place(0, 6)


def test_comments_inside_a_class_stay() -> None:
    assert "# why" in build("class A:\n    # why\n    x = 1").source


def test_two_statements_on_a_line_are_told_apart() -> None:
    module = build("class A: x = 1\nB = 2; raise SystemExit", "class C(A): y = B", roots=("C",))

    assert load(module).C.y == 2


@pytest.mark.parametrize(
    "source",
    [
        "\0",
        "x = '\ud800'",
        "(" * 5000,
        "1" * 10000,
        "class A(A): pass",
        "class A:\n\tx = 1\n        y = 2",
        "",
        "%%",
        "?",
        "a = b\nb = a\nclass A: x = a",
        "-" * 20000 + "1",
    ],
)
def test_whatever_a_cell_holds_nothing_is_raised(source: str) -> None:
    build(source, "class A: pass")


def test_random_cells_raise_nothing() -> None:
    draw = random.Random(7)
    pieces = [
        "class A:",
        "def f():",
        "  x = 1",
        "import os",
        "A.x = f()",
        "A",
        "(",
        ")",
        "\n",
        "%",
        "'",
        "@f",
        "x += 1",
    ]
    for _ in range(300):
        build(*("\n".join(draw.choices(pieces, k=draw.randint(0, 8))) for _ in range(3)))
