"""Charts: values by step as a picture and as text, whatever is missing."""

from xml.etree import ElementTree

import pytest

from autograder.report import chart
from autograder.report.model import Chart, Series

FALLS = Chart(
    "The value of each site.",
    "round",
    (Series("one", (4.0, 3.0, 2.5)), Series("other", (0.0, None, 1.5))),
    2.0,
    "average",
)


def test_the_picture_has_a_line_for_each_series_and_the_goal() -> None:
    svg = chart.draw(FALLS)
    tree = ElementTree.fromstring(svg)
    lines = [one for one in tree.iter() if one.tag.endswith("polyline")]
    texts = ["".join(one.itertext()) for one in tree.iter() if one.tag.endswith("text")]

    assert svg.isascii() and [len(one.get("points", "").split()) for one in lines] == [3, 2]
    assert {"one", "other", "average", "round"} <= set(texts)


def test_the_text_has_the_first_steps_and_the_last() -> None:
    long = Chart("Long.", "round", (Series("one", tuple(float(n) for n in range(20))),))
    assert chart.text(FALLS, 80)[1:] == [
        "  round  0  1  2  ",
        "  one    4  3  2.5",
        "  other  0  -  1.5",
        "  average: 2",
    ]
    assert chart.table(long)[0] == ["round", "0", "1", "2", "3", "4", "19"]


@pytest.mark.parametrize(
    "odd",
    [
        Chart("Nothing.", "round", ()),
        Chart("Nothing.", "round", (Series("one", ()),)),
        Chart("Nothing.", "round", (Series("one", (None, None)),)),
        Chart("All the same.", "round", (Series("one", (1.0, 1.0)),), 1.0, "goal"),
        Chart("Huge.", "round", (Series("one", (1e300, -1e300)),)),
        Chart("Odd.", "<b>", (Series("<script>\u202e", (1.0,)),), 0.0, "&"),
        Chart("Many.", "round", tuple(Series(f"site-{n}", (float(n),)) for n in range(30))),
    ],
    ids=lambda one: one.title,
)
def test_whatever_is_in_it_there_is_a_picture_and_a_text(odd: Chart) -> None:
    ElementTree.fromstring(chart.draw(odd))
    assert chart.summary(odd)
    assert all(len(line) <= 60 for line in chart.text(odd, 60))
