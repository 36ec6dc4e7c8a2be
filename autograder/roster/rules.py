"""Reads the rules of a course about time: ``roster/rules.toml``, with due dates, grace, penalties and extensions."""

import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, field_validator, model_validator

from autograder.course import CourseError
from autograder.roster.lists import FIELDS, Reading
from autograder.roster.spans import moment, span

FILE = "rules.toml"
_PERCENT = re.compile(r"\s*(\d+(?:\.\d+)?)\s*%\s*")


def _span(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str):
        raise ValueError('write a span of time as "2 days" or "36 hours"')
    return span(value)


def _moment(value: object) -> datetime:
    """Return a date with a time. A time without a zone keeps none."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date) or not isinstance(value, str):
        raise ValueError("write a date with a time, such as 2030-12-31T23:59:00")
    return datetime.fromisoformat(value)


def _span_or_moment(value: object) -> timedelta | datetime:
    if isinstance(value, str) and not re.match(r"\s*\d{4}-", value):
        return _span(value)
    return _moment(value)


@dataclass(frozen=True)
class Amount:
    """Points, or a share of the points that were earned, from 0 to 1."""

    points: float = 0.0
    share: float = 0.0

    def of(self, score: float) -> float:
        """Return the amount in points, of this many points that were earned."""
        return self.points + self.share * score


def _amount(value: object) -> Amount:
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return Amount(points=float(value))
    if isinstance(value, str) and (told := _PERCENT.fullmatch(value)) and float(told[1]) <= 100:
        return Amount(share=float(told[1]) / 100)
    raise ValueError('write a number of points, or a share such as "10%"')


Span = Annotated[timedelta, BeforeValidator(_span)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
Reduction = Annotated[Amount, BeforeValidator(_amount)]
Extension = Annotated[timedelta | datetime, BeforeValidator(_span_or_moment)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LateRule(_Strict):
    """The rule for what was handed in after the due date.

    Attributes:
        grace: how much later is still in time.
        off: what is taken off.
        each: the time for which that is taken off once more; without it, it is taken off once.
        at_most: the most that is taken off.
        closed_after: how much later nothing is earned any more.
    """

    grace: Span = timedelta()
    off: Reduction = Amount()
    each: Span | None = None
    at_most: Reduction | None = None
    closed_after: Span | None = None

    @field_validator("each")
    @classmethod
    def _some(cls, value: timedelta | None) -> timedelta | None:
        if value is not None and value <= timedelta():
            raise ValueError("write a span of time above 0")
        return value

    def penalty(self, score: float, late: timedelta) -> float:
        """Return the points to take off, of this many points, for this much time after the due date."""
        if late <= max(self.grace, timedelta()):
            return 0.0
        if self.closed_after is not None and late > self.closed_after:
            return score
        times = -(-late // self.each) if self.each else 1  # rounded up: each that has begun
        most = self.at_most.of(score) if self.at_most else score
        return min(times * self.off.of(score), most, score)


class AssignmentRules(_Strict):
    """The rules of one assignment.

    Attributes:
        due: the due date; without it, that of the gradebook.
        late: in place of parts of the rule for all assignments.
        extensions: by a student's name, e-mail address or id how much later, or when, the work is due.
    """

    due: Moment | None = None
    late: LateRule = LateRule()
    extensions: dict[str, Extension] = {}


class Rules(_Strict):
    """The rules of a course.

    Attributes:
        timezone: of times that name no zone, here and in the lists.
        columns: the headings in the lists that are not the usual ones, by what is in the column.
        absent_get_zero: whether lists of grades give 0 points to those who have not handed in.
    """

    timezone: str = "UTC"
    absent_get_zero: bool = False
    columns: dict[str, str] = {}
    late: LateRule = LateRule()
    assignments: dict[str, AssignmentRules] = {}

    @model_validator(mode="after")
    def _known(self) -> Self:
        try:
            ZoneInfo(self.timezone)
        except (ValueError, OSError) as error:  # ZoneInfoNotFoundError is a KeyError
            raise ValueError(f"there is no time zone {self.timezone!r}") from error
        except KeyError as error:
            raise ValueError(f"there is no time zone {self.timezone!r}, such as Europe/Berlin") from error
        if unknown := sorted(self.columns.keys() - set(FIELDS)):
            raise ValueError(f"[columns] knows no {unknown[0]!r}, but {', '.join(FIELDS)}")
        for assignment in self.assignments:  # a time may be none in UTC
            self.due(assignment)
            self.extensions(assignment)
        return self

    @property
    def zone(self) -> tzinfo:
        """Return the zone of times that name none."""
        return UTC if self.timezone == "UTC" else ZoneInfo(self.timezone)

    @property
    def reading(self) -> Reading:
        """Return how the lists are to be read."""
        return Reading(self.zone, self.columns)

    def late_rule(self, assignment: str) -> LateRule:
        """Return the rule of an assignment: its own, and where that says nothing the course's."""
        own = self.assignments.get(assignment, AssignmentRules()).late
        return self.late.model_copy(update={name: getattr(own, name) for name in own.model_fields_set})

    def extensions(self, assignment: str) -> dict[str, timedelta | datetime]:
        """Return by name how much later, or when (in UTC, without a zone), some hand in."""
        given = self.assignments.get(assignment, AssignmentRules()).extensions
        return {
            name: moment(later, self.zone) if isinstance(later, datetime) else later for name, later in given.items()
        }

    def due(self, assignment: str) -> datetime | None:
        """Return the due date in UTC, without a zone; None if the rules have none."""
        due = self.assignments.get(assignment, AssignmentRules()).due
        return moment(due, self.zone) if due else None


def read_rules(folder: Path) -> Rules:
    """Return the rules in a folder; where there are none, nothing is due and nobody gets less.

    Raises:
        CourseError: when they cannot be read; the message says where and why.
    """
    path = folder / FILE
    place = f"{folder.name}/{FILE}"
    try:
        return Rules.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Rules()
    except ValidationError as error:
        raise CourseError(f"{place}: {_told(error.errors()[0])}.") from error
    except (OSError, ValueError, RecursionError) as error:
        raise CourseError(f"{place} cannot be read: {error}. docs/instructors.md shows how it is written.") from error


def _told(error: Any) -> str:
    where = ".".join(map(str, error["loc"]))
    if error["type"] == "extra_forbidden":
        return f"{where} is no setting; docs/instructors.md lists them"
    said = str(error["msg"]).removeprefix("Value error, ")
    return f"{where}: {said}" if where else said
