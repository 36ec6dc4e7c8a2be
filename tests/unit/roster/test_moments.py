"""Moments as an LMS and people write them: each is read as it is meant, or refused."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from autograder.roster.spans import moment

MEANT = datetime(2030, 2, 1, 9, 5)


@pytest.mark.parametrize(
    "text",
    [
        "Friday, 1 February 2030, 9:05 AM",
        "Friday, February 1, 2030, 9:05 AM",
        "1. Feb. 2030 09:05",
        "2030-02-01 09:05:00 UTC",
        "2030-02-01T09:05Z",
        "2030/2/1 9:05",
        "Fri Feb 1 09:05:00 2030",
        "2030-02-01 10:05 +0100",
        "2030-02-01 12:05 GMT+3",
        "1 Feb 2030, 06:05 UTC-03:00",
    ],
)
def test_a_moment_is_read_as_it_is_meant(text: str) -> None:
    assert moment(text, UTC) == MEANT


def test_the_zone_of_the_rules_holds_where_there_is_none() -> None:
    assert moment("1 Feb 2030, 10:05", ZoneInfo("Europe/Berlin")) == MEANT
    assert moment("1 Feb 2030, 10:05 +02:00", ZoneInfo("Europe/Berlin")) == datetime(2030, 2, 1, 8, 5)


@pytest.mark.parametrize(
    "text",
    [
        "Freitag, 1. Februar 2030, 09:05",
        "vendredi 1 février 2030, 09:05",
        "viernes, 1 de febrero de 2030, 09:05",
        "mar., 5 feb. 2030, 09:05",
        "пятница, 1 февраля 2030, 09:05",
        "2030年2月1日 星期五 09:05",
        "2030年 02月 1日(金曜日) 09:05",
        "2030-02-01 9:05 em",
        "1 Feb 2030, kl. 9.05",
        "yesterday, 9:05",
    ],
)
def test_another_language_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no date with a time"):
        moment(text, UTC)


@pytest.mark.parametrize("text", ["February 2030 09:05", "2030-02 09:05", "2030 09:05", "Fri 09:05 2030"])
def test_a_day_that_is_missing_is_not_made_up(text: str) -> None:
    with pytest.raises(ValueError, match="no date with a time"):
        moment(text, UTC)


@pytest.mark.parametrize("text", ["2573-02-01 09:05", "1408/11/12 09:05", "۱۴۰۸/۱۱/۱۲ ۰۹:۰۵"])
def test_a_year_of_another_calendar_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no date with a time"):
        moment(text, UTC)


@pytest.mark.parametrize("text", ["01/02/2030 9:05", "1. 2. 2030 9:05", "1 2 2030 9:05", "1 / 2 / 2030, 9:05"])
def test_what_can_be_read_in_two_ways_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="in two ways"):
        moment(text, UTC)


def test_a_difference_tells_more_than_the_name_beside_it() -> None:
    assert moment("Fri, 01 Feb 2030 09:05:00 +0100 (CET)", UTC) == datetime(2030, 2, 1, 8, 5)


@pytest.mark.parametrize("text", ["2030-02-01 09:05 CEST", "Fri, 1 Feb 2030, 9:05 AM EST", "2030-02-01 09:05 MEZ"])
def test_a_zone_that_is_not_known_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"time zone '\w+'"):
        moment(text, UTC)
