"""Code side by side: what is alike stands in one row, and what was handed out is left out."""

import ast

from autograder.similarity.shapes import HandedOut, numbered, statements
from autograder.similarity.side_by_side import Code, Kind, Known, Row, side_by_side
from tests.unit.similarity.test_comparison import HANDLER, ORIGINAL, RETOLD, STUB

KNOWN = Known(
    HandedOut.of({"execute": ast.parse(STUB)}), frozenset(), frozenset(line.strip() for line in STUB.splitlines())
)


def compared(left: str, right: str, known: Known = KNOWN) -> tuple[Row, ...]:
    return side_by_side(Code(left, ast.parse(left)), Code(right, ast.parse(right)), known)


def test_what_was_renamed_and_retold_stands_beside_the_original() -> None:
    rows = compared(ORIGINAL, RETOLD)
    alike = {row.left.strip(): row.right.strip() for row in rows if row.kind is Kind.ALIKE}
    assert alike["engine = fl_ctx.get_engine()"] == "machine = ctx.get_engine()"
    assert alike["for other in others:"] == "for friend in friends:"
    assert "class Talk(Executor):" not in alike
    assert [row.right.strip() for row in rows if row.right and not row.left][-1] == "pass"


def test_every_line_of_both_is_there_in_its_order() -> None:
    rows = compared(ORIGINAL, RETOLD)
    assert not any(row.left_out for row in rows)
    for side, source in ((0, ORIGINAL), (1, RETOLD)):
        lines = [(row.left, row.right)[side] for row in rows]
        assert [line for line in lines if line] == [line.rstrip() for line in source.splitlines() if line.strip()]


def test_a_long_run_of_what_was_handed_out_or_what_most_have_is_left_out() -> None:
    given = "\n".join(f"value_{number} = compute(number, {number})" for number in range(9))
    own = "others = sorted(set(names) - {own})"
    source = f"{given}\n{own}\n"
    handed_out = Known(HandedOut.of({"given": ast.parse(given)}), frozenset(), frozenset({""}))
    usual = frozenset(numbered(shape) for shape, _ in statements(ast.parse(given)).values())
    for known in (handed_out, Known(HandedOut.of({}), usual, frozenset({""}))):
        rows = compared(source, source.replace("others", "rest"), known)
        assert rows[0] == Row(Kind.LEFT_OUT, left_out=9)
        assert (rows[1].kind, rows[1].left, rows[1].right) == (Kind.ALIKE, own, own.replace("others", "rest"))


def test_where_nothing_is_alike_nothing_is_shown() -> None:
    assert compared(STUB, STUB) == ()
    assert compared(HANDLER, "x = 1") == ()


def test_equal_comments_are_told() -> None:
    rows = compared("# I did this on the train\nx = f(1)", "# I did this on the train\ny = [2]")
    assert [row.kind for row in rows] == [Kind.ALIKE, Kind.OWN]


def test_code_that_is_nested_deeply_is_not_shown() -> None:
    tree = ast.parse("x = f(1, 2)")
    for _ in range(5000):
        tree.body[0] = ast.If(test=ast.Constant(True), body=[tree.body[0]], orelse=[], lineno=1, end_lineno=1)
    assert side_by_side(Code("x", tree), Code("x", tree), KNOWN) == ()


def test_a_statement_of_several_lines_is_compared_line_by_line() -> None:
    left = "call(\n    one,\n    two(3),\n)"
    rows = compared(left, left.replace("one", "uno"))
    assert rows == (), "what it takes from elsewhere is not the same"
    own = "one = 1\n"
    rows = compared(own + left, own.replace("one", "uno") + left.replace("one", "uno"))
    assert [row.kind for row in rows[1:]] == [Kind.ALIKE] * 4
