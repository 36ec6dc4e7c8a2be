"""One module out of a notebook's cells."""

import random
import types

import pytest

from autograder.submission.definitions import MOST_CODE
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
    module = build(
        "import json\nfrom math import *", "from __future__ import annotations\nclass A:\n    x: Unknown = json"
    )

    assert load(module).A.x.__name__ == "json"


def test_the_courses_helpers_never_get_in() -> None:
    module = build("from autograder import notebook as course", "class A:\n    def f(self):\n        return course.run")

    assert "autograder" not in module.source


def test_magics_shell_commands_and_help_are_passed_over() -> None:
    module = build("%matplotlib inline\n!ls\nprint?\nclass A:\n    x = 1", "%%bash\nif [ 1 ]; then echo; fi")

    assert load(module).A.x == 1
    assert module.unreadable == ()


def test_what_only_looks_like_a_magic_is_python() -> None:
    module = build(
        "class A:\n    '''Is it?\n    really?\n    '''\n    x = 1  # is that right?\n    y = ('%s'\n         % 1)",
    )

    a = load(module).A
    assert (a.x, a.y) == (1, "1")
    assert "really?" in a.__doc__ and "# is that right?" in module.source


@pytest.mark.parametrize(
    "source",
    [
        "%%time\nclass A: x = 1",
        "files = !ls\nclass A: x = 1",
        "if True:\n    !ls\nclass A: x = 1",
        "!ls \\\n  -l\nclass A: x = 1",
        "A?\nclass A:\n    x = (1  # not )\n)",
        "%time\nclass A:\n    '''\n    %no magic\n    '''\n    x = 1",
        "%time\r\nclass A:\r\n    x = 1\r\n",
    ],
)
def test_a_cell_with_magics_is_still_read(source: str) -> None:
    module = build(source)

    assert module.unreadable == () and load(module).A.x == 1


@pytest.mark.parametrize(
    "run", ["result = course.run(A)", "if True:\n    result = course.run(A)", "course.result = 1\nresult = !ls"]
)
def test_a_local_name_or_a_text_does_not_bring_in_a_run_of_the_same_name(run: str) -> None:
    given = "import json, autograder\nfrom autograder import notebook as course"
    module = build(given, "class A:\n    def f(self):\n        result = json\n        return result, 'result'", run)

    load(module).A().f()
    assert "course" not in module.source


def test_a_run_that_a_class_mentions_is_left_out_all_the_same() -> None:
    cells = ["from autograder import notebook as course", "result = course.run(1)", "table = result.table"]

    assert "course" not in build(*cells, "class A:\n    def f(self):\n        return table").source


def test_globals_that_a_function_writes_are_kept() -> None:
    a = load(build("n = 0", "class A:\n    def f(self):\n        global n\n        n += 1\n        return n")).A

    assert a().f() == 1


def test_imports_of_several_submodules_are_all_kept() -> None:
    loaded = load(build("import xml.dom.minidom", "import xml.sax", "class A: x = xml.dom.minidom, xml.sax"))

    assert len(loaded.A.x) == 2


def test_postponed_annotations_do_not_change_the_order() -> None:
    future = "from __future__ import annotations"
    module = build(future, "class A:\n    def f(self, b: B): ...", "class B(A): ...", roots=("A", "B"))

    loaded = load(module)
    assert issubclass(loaded.B, loaded.A)


def test_a_decorator_finds_what_it_calls() -> None:
    module = build("@mark\nclass A: ...", "def mark(cls):\n    return again(cls)", "def again(cls):\n    return cls")

    load(module)


@pytest.mark.parametrize(
    "cells",
    [
        ("x = 1", "x += 1", "class A: y = x"),
        ("class A: ...", "A.y = A.z = 2"),
        ("A.y = 2", "class A: ..."),
        ("class A: ...", "A.y: int = 2"),
        ("class A: y = 1", "A.y += 1"),
        ("_, *x = 1, 2", "class A: y = x[0]"),
        ("class A: y = x", "if 1 > 2:\n    x = 1\nelif 2 > 1:\n    x = 2"),
    ],
)
def test_every_way_to_give_a_value(cells: tuple[str, ...]) -> None:
    assert load(build(*cells)).A.y == 2


def test_what_is_awaited_in_a_cell_is_left_out() -> None:
    load(build("x = await later()", "class A:\n    def f(self):\n        return x"))


@pytest.mark.parametrize("source", ["def f(a, a): ...", "class A: ...\nreturn 1", "x = '\ud800'"])
def test_what_only_the_compiler_refuses_is_told(source: str) -> None:
    (unreadable,) = build("class A: ...", source).unreadable

    unreadable.text.encode("utf-8")
    load(build("class A: ...", source))


def test_more_code_than_anyone_writes_is_not_read() -> None:
    module = build("class A: ...", "#" * MOST_CODE, "class B: ...")

    assert [unreadable.cell for unreadable in module.unreadable] == [1]


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "source", ["x=1;" * 20_000, "(" * 400_000, "'" + "\\'" * 200_000, "x = 1\n" * 5000, "A" + ".a" * 200_000 + "=1"]
)
def test_long_cells_do_not_take_long(source: str) -> None:
    build("class A: ...", source)


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
        "x = " + "+".join(["1"] * 1500),
        "if 0: x = 1\n" + "elif 1: x = 1\n" * 1500,
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
