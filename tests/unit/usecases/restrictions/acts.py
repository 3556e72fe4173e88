"""What the tests of restrictions do again and again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from eztong.domain.identity.authority_answer import AuthorityAnswer, AuthorityVerdict
from eztong.domain.jobs.job import JobKind
from eztong.domain.restrictions.mark import Ceiling
from eztong.domain.restrictions.recheck import RecheckResult
from eztong.ports.act import Acting
from eztong.usecases.jobs.queue_run import QueueRun
from eztong.usecases.jobs.run_due import run_due
from eztong.usecases.restrictions.change_marks import MarkChange
from eztong.usecases.restrictions.keep_document import keep_document, keep_document_day
from eztong.usecases.restrictions.recheck_identity import recheck_by_itself, recheck_identity
from eztong.usecases.restrictions.restrict_for_staff import (
    LiftRestrictions,
    RestrictHolder,
    StaffReason,
    lift_restrictions,
    restrict_holder,
)
from eztong.usecases.vault import open_vault
from tests.unit.usecases.fakes import matched
from tests.unit.usecases.stage import LI, Person, Stage


def confirms(stage: Stage, valid_until: date | None = None) -> None:
    """Let the authority match from now on, with the eid mark that the account has."""
    stage.authority.answer = replace(matched(stage.holder_id()), document_valid_until=valid_until)


def answers(stage: Stage, verdict: AuthorityVerdict) -> None:
    """Let the authority answer so from now on."""
    stage.authority.answer = AuthorityAnswer(verdict=verdict, reference="case", detail_code="A")


def check(stage: Stage) -> RecheckResult:
    """Press the button in Li's browser."""
    return recheck_identity(LI.session, services=stage.services)


def valid_until(stage: Stage, day: date | None) -> None:
    """Store the last valid day of Li's document, as a check would."""
    vault = open_vault(stage.holder(), keys=stage.keys)
    stage.act(keep_document, stage.holder(), day, vault=vault)


def run_days(stage: Stage) -> QueueRun:
    """Do what is due because of documents."""
    return run_due(
        JobKind.DOCUMENT, lambda leased: keep_document_day(leased, services=stage.services), services=stage.services
    )


def run_checks(stage: Stage) -> QueueRun:
    """Do the checks that are due by themselves."""
    return run_due(
        JobKind.RECHECK, lambda leased: recheck_by_itself(leased, services=stage.services), services=stage.services
    )


def days_from_now(stage: Stage, days: int) -> date:
    """Return the Shanghai day so many days ahead."""
    return (stage.clock.now() + timedelta(days=days, hours=8)).date()


def misuse(stage: Stage, person: Person = LI, *, on: bool = True, by: Acting) -> MarkChange:
    """Let an operator limit the person's account for misuse, where much still passes, or lift that."""
    if on:
        limit = RestrictHolder(number=person.number, reason=StaffReason.MISUSE, ceiling=Ceiling.SUBSTANTIAL)
        return restrict_holder(limit, by=by, services=stage.services)
    lift = LiftRestrictions(number=person.number, reason=StaffReason.MISUSE)
    return lift_restrictions(lift, by=by, services=stage.services)
