"""Which functions are the methods of a class when a program has come to its end."""

import ast
import time

import pytest

from autograder.rubric import program


def lines(source: str, class_name: str = "A") -> dict[str, int]:
    """The methods of a class, each with the line in which it begins."""
    return {name: function.lineno for name, function in program.read(source).methods(class_name).items()}


A = "class A:\n    def f(self): pass\n"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (A, {"f": 2}),
        (A + A, {"f": 4}),
        (A + "def g(self): pass\nA.f = g", {"f": 3}),
        (A + "def g(self): pass\nsetattr(A, 'h', g)", {"f": 2, "h": 3}),
        (A + "A.h = lambda self: 1", {"f": 2, "h": 3}),
        ("A.f = 1\n" + A, {"f": 3}),
        (A + "A.f = lambda self: 1\n" + A, {"f": 5}),
        ("class B:\n    def g(self): pass\nclass A(B):\n    pass", {"g": 2}),
        ("class B:\n    def f(self): pass\nclass A(B):\n    def f(self): pass", {"f": 4}),
        ("class B:\n    def f(self): pass\nclass A:\n    f = B.f", {"f": 2}),
        ("class B:\n    def f(self): pass\nclass C:\n    def f(self): pass\nclass A(B, C): pass", {"f": 2}),
        ("def g(self): pass\nclass A:\n    f = g", {"f": 1}),
        ("try:\n    import x\nexcept ImportError:\n    pass\nelse:\n    class A:\n        def f(self): pass", {"f": 7}),
        ("class A(A):\n    def f(self): pass", {"f": 2}),
        ("class A(B): pass\nclass B(A): pass", {}),
        ("A = 1", {}),
        ("class A(", {}),
        ("\x00", {}),
        ("(" * 10_000, {}),
    ],
)
def test_methods_are_those_that_the_class_has_in_the_end(source: str, found: dict[str, int]) -> None:
    assert lines(source) == found


def test_helpers_are_followed_as_far_as_they_lead() -> None:
    source = A.replace("pass", "g()") + "def g(): h()\ndef h(): g()\ndef other(): pass"

    assert [(one.name, one.is_method) for one in program.reached(source, "A")] == [
        ("f", True),
        ("g", False),
        ("h", False),
    ]


def test_a_long_program_is_read_once() -> None:
    source = A.replace(" pass", "\n" + "        x = (x, 1)\n" * 20_000)
    program.reached(source, "A")
    began = time.process_time()
    for _ in range(100):
        (found,) = program.reached(source, "A")

    assert time.process_time() - began < 0.5
    assert sum(isinstance(node, ast.Assign) for node in found.nodes) == 20_000
