"""``/sandbox/controls``: move the clock, and make the authority fail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from starlette.responses import Response

from eztong.domain.errors import InputInvalid
from eztong.domain.identity.age import SHANGHAI, age_on, service_date
from eztong.domain.identity.citizen_number import parse_number_of_any_kind
from eztong.i18n.moments import clock_words, date_words
from eztong.ports.sandbox import AuthorityFault, SandboxPersona
from eztong.sandbox.visit import CONTROLS, Visit

_DAY: Final = 86_400
STEPS: Final = (("minute", 60), ("three_minutes", 180), ("day", _DAY), ("three_days", 3 * _DAY))
UNITS: Final = {"seconds": 1, "minutes": 60, "hours": 3600, "days": _DAY}
WORKING_DAYS: Final = 15
_WEEKEND: Final = 5
_AGES: Final = (14, 16, 18)
# Further away than the sandbox's clock can go.
_HORIZON: Final = timedelta(days=3600)
_MAX_SECONDS: Final = int(_HORIZON.total_seconds())
_MAX_DIGITS: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Jump:
    """A day on which something happens to a persona."""

    day: date
    persona: str
    name: str
    event: str


def show(visit: Visit) -> Response:
    """Show clock and faults with what each will do."""
    today = service_date(visit.now)
    jumps = find_jumps(visit.door.controls.personas(), today=today)
    return visit.form_page(
        "controls.html",
        today=date_words(visit.now, words=visit.words),
        clock=clock_words(visit.now),
        steps=(*STEPS, ("working_days", seconds_of_working_days(WORKING_DAYS, now=visit.now))),
        units=tuple(UNITS),
        jumps=[(jump, _day_words(jump.day, visit)) for jump in jumps],
        faults=tuple(AuthorityFault),
    )


def move_clock(visit: Visit) -> Response:
    """Move the clock by seconds, by a number of units, or to the morning of a day.

    Raises:
        InputInvalid: no number or day, backwards, or too far.
    """
    visit.door.controls.advance_clock(_seconds_wanted(visit))
    return visit.redirect(CONTROLS)


def switch_fault(visit: Visit) -> Response:
    """Make the authority fail, or well again.

    Raises:
        InputInvalid: no such fault.
    """
    try:
        fault = AuthorityFault(visit.form.get("fault", ""))
    except ValueError as error:
        raise InputInvalid("There is no such fault.") from error
    visit.door.controls.set_fault(fault)
    return visit.redirect(CONTROLS)


def find_jumps(personas: Sequence[SandboxPersona], *, today: date) -> list[Jump]:
    """Return the coming birthdays that open something and the days on which cards or names change, earliest first."""
    found = (jump for persona in personas for jump in (*_birthdays(persona, today=today), *_changes(persona)))
    return sorted(
        (jump for jump in found if today < jump.day <= today + _HORIZON), key=lambda jump: (jump.day, jump.persona)
    )


def seconds_of_working_days(number: int, *, now: datetime) -> int:
    """Return how long ``number`` working days from ``now`` are; Saturdays and Sundays are none, holidays are."""
    day, left = now.astimezone(SHANGHAI).date(), number
    start = day
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < _WEEKEND
    return (day - start).days * _DAY


def _birthdays(persona: SandboxPersona, *, today: date) -> Iterator[Jump]:
    try:
        born = parse_number_of_any_kind(persona.number, today=today).birth_date
    except InputInvalid:
        return
    for age in _AGES:
        if age_on(born, today) < age:
            # Somebody born on 29 February turns older on 1 March of a common year.
            day = next(
                born.replace(year=born.year + age, month=month, day=number)
                for month, number in ((born.month, born.day), (3, 1))
                if _exists(born.year + age, month, number)
            )
            yield Jump(day=day, persona=persona.key, name=persona.name, event=f"age_{age}")


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _changes(persona: SandboxPersona) -> Iterator[Jump]:
    ends = persona.document_valid_until
    days = {
        "card_ends": None if ends is None else ends + timedelta(days=1),
        "card_comes": persona.renewed_on,
        "name_changes": persona.renamed_on,
    }
    for event, day in days.items():
        if day is not None:
            yield Jump(day=day, persona=persona.key, name=persona.name, event=event)


def _seconds_wanted(visit: Visit) -> int:
    form = visit.form
    if "day" in form:
        return _seconds_until(form["day"], now=visit.now)
    amount = form.get("amount", form.get("seconds", ""))
    if not (amount.isascii() and amount.isdecimal() and len(amount) <= _MAX_DIGITS):
        raise InputInvalid("Give a whole number.")
    seconds = int(amount) * UNITS.get(form.get("unit", "seconds"), 1)
    if not 0 < seconds <= _MAX_SECONDS:
        raise InputInvalid("The clock moves forward only, by less than ten years at once.")
    return seconds


def _seconds_until(unverified_day: str, *, now: datetime) -> int:
    try:
        morning = datetime.combine(date.fromisoformat(unverified_day), time(9), tzinfo=SHANGHAI)
    except ValueError as error:
        raise InputInvalid("That is no day.") from error
    seconds = round((morning - now).total_seconds())
    if seconds <= 0:
        raise InputInvalid("The clock moves forward only: that day has begun already.")
    return seconds


def _day_words(day: date, visit: Visit) -> str:
    return date_words(datetime.combine(day, time(9), tzinfo=SHANGHAI), words=visit.words)
