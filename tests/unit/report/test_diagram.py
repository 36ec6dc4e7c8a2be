"""The picture of a run: everything is in it, for any run, and nothing in it can do harm."""

import re
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from autograder.report import words
from autograder.report.diagram.lanes import lanes
from autograder.report.diagram.rows import MAX_LANES, MAX_ROWS, Diagram, Kind, diagram
from autograder.report.diagram.sentences import sentences, summary, title
from autograder.report.diagram.svg import draw
from autograder.report.fault_signs import FaultSign
from autograder.report.model import Delivery, RunSummary
from autograder.report.reasons import Reason
from autograder.report.sanitize import columns
from autograder.simulator.network.faults import FaultKind
from tests.unit.report import rendered

SVG = "{http://www.w3.org/2000/svg}"


def run(*deliveries: Delivery, students: tuple[str, ...] = ("site-0",)) -> RunSummary:
    return RunSummary("send", students, 0, 1.0, 1, "settled", deliveries)


def came(sender: str, receiver: str, **more: Any) -> Delivery:
    given: dict[str, Any] = {"reply": "OK", "logged": f"Received message from {sender}: x"} | more
    return Delivery(sender, receiver, "hello", "x", True, True, **given)


def full_mesh(number: int) -> RunSummary:
    names = [*(f"site-{n}" for n in range(number - 1)), "server"]
    return run(*(came(a, b) for a in names[:-1] for b in names if a != b))


MISSING = Delivery("site-0", "site-1", "hello", "x", False, True, reasons=(Reason("unsent"),))
REFUSED = came("site-0", "site-1", reply="TOPIC_UNKNOWN", logged=None, reasons=(Reason("reply.TOPIC_UNKNOWN"),))
EXTRA = replace(came("site-0", "site-1"), expected=False)
HIT = {
    "drop": ("╳", "lost on the way", None),
    "cut": ("╳", "lost on the way", None),
    "die": ("╳", "lost on the way", None),
    "late_start": ("⊣", "not taken by the receiver", "TOPIC_UNKNOWN"),
    "handler_error": ("⊣", "not taken by the receiver", "HANDLER_EXCEPTION"),
    "delay": ("◷", "came later", "OK"),
    "hold": ("◷", "came later", "OK"),
    "duplicate": ("►►", "came twice", "OK"),
    "lose_reply": ("╳╌", "came, and the reply was lost", "OK"),
}
"""Faults of the network, each with its sign, what the legend says, and the reply."""


def hit(*faults: str, receiver: str = "site-1", **more: Any) -> Delivery:
    return came("site-0", receiver, faults=faults, logged=None, reply=HIT[faults[-1]][2], **more)


STORM = run(*(replace(EXTRA, label=f"spam {n}", logged=f"spam {n}") for n in range(200)))
EMPTY = RunSummary("send", (), 0, 1.0, 1, "deadline")
RUNS = {
    "mixed": rendered.own_run(),
    "hostile": rendered.hostile().runs[0],
    "storm": STORM,
    "empty": EMPTY,
    "nobody spoke": run(students=("site-0", "server")),
    "faults": run(*(hit(fault, receiver=f"site-{n}") for n, fault in enumerate(HIT, 1)), hit("delay", "duplicate")),
    "to itself": run(replace(EXTRA, receiver="site-0", topic="", label="")),
    "empty names": run(Delivery("", "", "", "", True, True, "", "", 0)),
    "many parties": run(*(came("site-0", f"site-{n}") for n in range(1, 300))),
    "many rows": run(*(replace(MISSING, topic=f"t{n}") for n in range(200))),
} | {f"{number} parties": full_mesh(number) for number in range(3, 9)}
ALL = pytest.mark.parametrize("shown", [diagram(one) for one in RUNS.values()], ids=list(RUNS))


def texts(svg: str) -> list[str]:
    return ["".join(node.itertext()) for node in ElementTree.fromstring(svg).iter(f"{SVG}text")]


@ALL
def test_the_svg_is_well_formed_and_neither_runs_nor_fetches(shown: Diagram) -> None:
    drawn = draw(shown)
    assert drawn.svg.isascii()
    tree = ElementTree.fromstring(drawn.svg)
    tags = {node.tag.removeprefix(SVG) for node in tree.iter()}
    assert tags <= {"svg", "title", "desc", "style", "rect", "path", "circle", "text", "g"}
    names = {name for node in tree.iter() for name in node.attrib}
    assert not any(name.startswith("on") or name.endswith("href") for name in names)
    assert "url(" not in drawn.svg and "@import" not in drawn.svg


@ALL
def test_everything_drawn_is_within_the_picture(shown: Diagram) -> None:
    drawn = draw(shown)
    tree = ElementTree.fromstring(drawn.svg)
    for node in tree.iter(f"{SVG}text"):
        assert 0 < float(node.attrib["x"]) < drawn.width
        assert 0 < float(node.attrib["y"]) < drawn.height
    for node in tree.iter(f"{SVG}rect"):
        assert float(node.attrib["x"]) + float(node.attrib["width"]) <= drawn.width


@ALL
@pytest.mark.parametrize("width", [40, 82, 100])
def test_the_text_keeps_to_its_width(shown: Diagram, width: int) -> None:
    assert max(map(columns, lanes(shown, width)), default=0) <= width


@ALL
def test_all_forms_hide_nothing(shown: Diagram) -> None:
    for form in (*lanes(shown, 100), *sentences(shown), title(shown), summary(shown)):
        assert not {"\x1b", "\x00", "\u202e", "\u202c", "\ud800", "\r", "\t", "\n"} & set(form)


def test_markup_of_a_student_is_text() -> None:
    drawn = draw(diagram(RUNS["hostile"]))
    assert "<script" not in drawn.svg
    assert any("<script>" in text for text in texts(drawn.svg))


def test_the_same_message_to_several_receivers_is_one_row() -> None:
    (row,) = diagram(run(came("site-0", "site-1"), came("site-0", "server"))).rows
    assert (row.sender, row.receivers, row.heading, row.reply) == (0, (1, 2), "hello “x”", "OK")


def test_where_no_line_is_asked_for_none_is_missed() -> None:
    (row,) = diagram(run(came("site-0", "site-1", logged=None))).rows
    assert (row.kind, row.results) == (Kind.GOOD, ("reply OK",))


def test_what_came_of_it_makes_a_row_of_its_own() -> None:
    assert len(diagram(run(came("site-0", "site-1"), replace(REFUSED, receiver="site-2"))).rows) == 2


@pytest.mark.parametrize(
    ("delivery", "kind", "said"),
    [
        (came("site-0", "site-1"), Kind.GOOD, "logged “Received message from site-0: x”"),
        (MISSING, Kind.MISSING, "never came: not sent"),
        (REFUSED, Kind.UNWELL, "no handler for this topic"),
        (EXTRA, Kind.EXTRA, "not asked for"),
        (replace(EXTRA, reasons=(Reason("sent.to_itself"),)), Kind.EXTRA, "not asked for; sent to itself"),
    ],
)
def test_a_row_says_what_came_of_a_message(delivery: Delivery, kind: Kind, said: str) -> None:
    shown = diagram(run(delivery))
    (row,) = shown.rows
    assert row.kind is kind
    assert row.result[0] == said
    assert said in " ".join(texts(draw(shown).svg))
    assert said in "\n".join(lanes(shown, 100))
    assert said.lower() in sentences(shown)[0].lower()


def test_the_kinds_can_be_told_without_colour() -> None:
    drawn = [draw(diagram(run(one))).svg for one in (came("site-0", "site-1"), MISSING, REFUSED, EXTRA)]
    marks = [re.findall(r'<(?:path|circle|rect) [^>]*class="(?:sign|fill|line)"[^>]*>', svg) for svg in drawn]
    assert len({tuple(found) for found in marks}) == 4
    written = [lanes(diagram(run(one)), 60)[4] for one in (came("site-0", "site-1"), MISSING, REFUSED, EXTRA)]
    assert [line.strip()[:1] + line.strip()[-2:] for line in written] == ["├►│", "├✗│", "├!│", "├►│"]
    assert len(set(written)) == 4


def test_no_kind_of_fault_is_left_out() -> None:
    assert HIT.keys() == set(FaultKind)


@pytest.mark.parametrize(("fault", "told"), HIT.items(), ids=list(HIT))
def test_each_fault_has_a_sign_and_a_legend_in_all_forms(fault: str, told: tuple[str, str, str | None]) -> None:
    glyph, legend, _ = told
    shown = diagram(run(hit(fault)))
    written = "\n".join(lanes(shown, 100))

    assert f"By the network: {glyph} {legend}" in written
    assert sentences(shown)[0].startswith(f"✓ {glyph} site-0 to site-1: hello “x”.")
    assert f"by the network: {legend}" in texts(draw(shown).svg)
    assert summary(shown) == f"Messages: 1 as it should be. By the network: 1 {legend}. Your code ran as site-0."
    assert words.state(hit(fault)).endswith(f" {glyph}")


def test_the_signs_of_faults_can_be_told_without_colour_and_text() -> None:
    one_of_each = {told[0]: fault for fault, told in HIT.items()}
    deliveries = [came("site-0", "site-1"), *map(hit, one_of_each.values())]
    pictures = [draw(diagram(run(one))).svg for one in deliveries]
    signs = {
        tuple(re.findall(r'<(?:path|circle) [^>]*class="(?:fault|fault wall|clock|fill)"[^>]*>', one))
        for one in pictures
    }
    written = [lanes(diagram(run(one)), 60)[4:6] for one in deliveries]
    arrows = {tuple(line for line in lines if "│" in line) for lines in written}

    assert len(signs) == len(arrows) == len(deliveries) == len(FaultSign) + 1


@pytest.mark.parametrize("fault", ["drop", "late_start"])
def test_an_arrow_of_what_was_not_taken_has_no_head(fault: str) -> None:
    line = lanes(diagram(run(hit(fault, receiver="site-2"), came("site-0", "site-1"))), 60)[4]
    assert line.count("│") == 1 and "►" not in line


def test_two_faults_of_a_message_are_both_drawn() -> None:
    shown = diagram(run(hit("delay", "duplicate")))
    assert "◷" in lanes(shown, 60)[4] and "►►" in lanes(shown, 60)[4]
    assert shown.rows[0].results == ("reply OK", "by the network: delayed; delivered twice")


def test_messages_that_the_network_treated_otherwise_are_rows_of_their_own() -> None:
    lost, taken = diagram(run(hit("drop", count=3, asked=3), came("site-0", "site-1"))).rows
    assert (lost.heading, lost.results) == ("hello “x” × 3", ("by the network: lost",))
    assert (taken.heading, taken.faults) == ("hello “x”", ())


def test_a_picture_without_faults_has_no_legend() -> None:
    shown = diagram(run(came("site-0", "site-1")))
    assert not [text for text in (*texts(draw(shown).svg), *lanes(shown, 60), *sentences(shown)) if "network" in text]


def test_what_was_sent_too_often_is_drawn_as_not_asked_for() -> None:
    good, again = diagram(run(came("site-0", "site-1", count=3))).rows
    assert (good.kind, good.count) == (Kind.GOOD, 1)
    assert (again.kind, again.heading) == (Kind.EXTRA, "hello “x” × 2")
    assert again.result[0] == "not asked for; sent 3 times in place of once"


def test_many_messages_fold_into_a_count() -> None:
    (row,) = diagram(STORM).rows
    assert row.heading == "hello 200 texts, such as “spam 0” × 200"
    assert diagram(run(*STORM.deliveries[:3])).rows[2].heading == "hello “spam 2”"


def test_more_rows_than_there_is_room_for_are_counted() -> None:
    shown = diagram(RUNS["many rows"])
    assert (len(shown.rows), shown.left_out) == (MAX_ROWS, 200 - MAX_ROWS)
    for form in (texts(draw(shown).svg), lanes(shown, 100), sentences(shown)):
        assert "… and 170 more rows" in "\n".join(form)


def test_more_parties_than_there_is_room_for_share_a_lane() -> None:
    shown = diagram(RUNS["many parties"])
    assert len(shown.lanes) == MAX_LANES
    assert shown.lanes[-1].name == "289 others"


def test_lanes_are_in_order_and_the_students_are_marked() -> None:
    shown = diagram(run(came("site-10", "server"), came("site-2", "site-10"), students=("site-2", "site-1")))
    assert [lane.name for lane in shown.lanes] == ["site-1", "site-2", "site-10", "server"]
    assert texts(draw(shown).svg).count("your code") == 2
    assert lanes(shown, 100)[1].split() == ["your", "code", "your", "code"]


def test_senders_stand_together_in_the_order_of_the_exercise() -> None:
    shown = diagram(run(came("site-1", "site-0"), MISSING, replace(EXTRA, sender="site-1", receiver="site-2")))
    assert [shown.lanes[row.sender].name for row in shown.rows] == ["site-1", "site-1", "site-0"]


def test_a_run_without_messages_says_so() -> None:
    assert texts(draw(diagram(EMPTY)).svg) == ["No message was seen."]
    assert summary(diagram(EMPTY)) == "No message was seen."


def test_the_words_of_a_screen_reader() -> None:
    shown = diagram(run(came("site-0", "site-1"), came("site-0", "server"), replace(MISSING, receiver="site-2")))
    assert title(shown) == "Sequence diagram: messages between site-0, site-1, site-2 and server."
    assert summary(shown) == "Messages: 2 as it should be, 1 never came. Your code ran as site-0."
    assert sentences(shown) == [
        "✓ site-0 to site-1 and server: hello “x”. Reply OK; logged “Received message from site-0: x”.",
        "✗ site-0 to site-2: hello “x”. Never came: not sent.",
    ]
    tree = ElementTree.fromstring(draw(shown).svg)
    assert tree.findtext(f"{SVG}title") == title(shown)
    assert tree.findtext(f"{SVG}desc") == "\n".join([summary(shown), *sentences(shown)])
