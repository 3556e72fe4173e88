"""How old an account's holder is, and the birthday that changes the rule next (preamble of the agreement)."""

from __future__ import annotations

from datetime import date, datetime

from eztong.domain.guardianship.guardianship import next_birthday_that_counts
from eztong.domain.holder import Holder
from eztong.domain.identity.age import AgeBand, age_band_on, service_date
from eztong.domain.identity.citizen_number import CitizenNumber, parse_number_of_any_kind
from eztong.domain.jobs.job import Job, JobKind
from eztong.ports.act import Act
from eztong.ports.keys import Keys
from eztong.usecases.naming import new_id
from eztong.usecases.vault import open_vault


def number_of(holder: Holder, *, keys: Keys, now: datetime) -> CitizenNumber:
    """Return the account's number, of whatever kind.

    Raises:
        HolderErased, SealedDataDamaged: it cannot be read.
    """
    opened = open_vault(holder, keys=keys).open("sealed_number", holder.sealed_number or b"").decode()
    today = service_date(now)
    return parse_number_of_any_kind(opened, today=today)


def birth_of(holder: Holder, *, keys: Keys, now: datetime) -> date:
    """Return the day on which the account's holder was born, by the number."""
    return number_of(holder, keys=keys, now=now).birth_date


def band_of(holder: Holder, *, keys: Keys, now: datetime) -> AgeBand:
    """Return the legal band that the account's holder is in today."""
    return age_band_on(birth_of(holder, keys=keys, now=now), service_date(now))


def queue_birthday(act: Act, ward: Holder) -> None:
    """Queue the birthday that changes the rule next, unless it is queued already."""
    if ward.is_erased or ward.sealed_number is None:
        return
    due = next_birthday_that_counts(birth_of(ward, keys=act.keys, now=act.now), after=service_date(act.now))
    if due is not None:
        _queue(act, ward, due)


def queue_missed_birthday(act: Act, ward: Holder) -> None:
    """Do once more what follows from being of age, for an account that its holder can open only now."""
    if band_of(ward, keys=act.keys, now=act.now) is AgeBand.ADULT:
        _queue(act, ward, act.now)


def queue_birthday_again(act: Act, ward: Holder, due: datetime) -> None:
    """Queue what follows from a birthday for later, since something still runs."""
    _queue(act, ward, due)


def _queue(act: Act, ward: Holder, due: datetime) -> None:
    job = Job(
        job_id=new_id(act, "job"),
        kind=JobKind.BIRTHDAY,
        key=ward.holder_id,
        holder_id=ward.holder_id,
        created_at=act.now,
        next_attempt_at=due,
    )
    act.uow.jobs.add(job)
