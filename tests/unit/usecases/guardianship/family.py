"""A parent, a stranger, a child of seven and a minor of sixteen, with what they do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from eztong.domain.guardianship.guardianship import Guardianship
from eztong.domain.guardianship.relation import Relation, RelationAnswer
from eztong.domain.holder import Holder
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.check_digits import mod_11_2_digit
from eztong.domain.jobs.job import JobKind
from eztong.ports.storage.holders import HolderEvent
from eztong.usecases.guardianship.apply_for_child import ApplyForChild, apply_for_child
from eztong.usecases.guardianship.come_of_age import come_of_age
from eztong.usecases.guardianship.confirm_ward import ConfirmWard, confirm_ward
from eztong.usecases.guardianship.invite_guardian import InviteGuardian, invite_guardian, open_digits
from eztong.usecases.jobs.run_due import run_due
from eztong.usecases.jobs.unreadable import UnreadableJobs
from eztong.usecases.registration.accept_agreements import AcceptAgreements
from eztong.usecases.registration.decide_application import resume_registration
from tests.unit.usecases.registration.applying import apply
from tests.unit.usecases.stage import LI, ZHAO, Person, Stage, accepting


def born(day: str, order: str = "501") -> str:
    """Return the number of somebody born on ``day`` (``YYYYMMDD``)."""
    body = f"110000{day}{order}"
    return body + mod_11_2_digit(body)


MINOR = replace(ZHAO, number=born("20090601"))
CHILD = Person("赵小", born("20180601"), "", b"")
RELATION = Relation.PARENT


def invite(stage: Stage, minor: Person = MINOR) -> str:
    """Let the minor invite; return the digits."""
    invited = stage.act(invite_guardian, InviteGuardian(session_hash=minor.session, relation=RELATION))
    return open_digits(invited, stage.holder(minor), keys=stage.keys)


def confirming(digits: str, by: Person = LI, **changed: object) -> ConfirmWard:
    command = ConfirmWard(
        session_hash=by.session, digits=digits, number=MINOR.number, relation=RELATION, understood=True
    )
    return replace(command, **changed)  # type: ignore[arg-type]  # fields by name


def waiting_minor(stage: Stage) -> Holder:
    """Let the minor apply; the application waits for a guardian."""
    return apply(stage, MINOR)


def confirmed_minor(stage: Stage, by: Person = LI) -> Guardianship:
    """Let the minor apply, invite and be confirmed, and the application be decided."""
    waiting_minor(stage)
    found = confirm_ward(confirming(invite(stage), by), services=stage.services)
    run_registrations(stage)
    stage.empty_outbox()
    return found


def consent(stage: Stage, by: Person = LI) -> AcceptAgreements:
    return accepting(stage, by.session)


def applying(stage: Stage, by: Person = LI, **changed: object) -> ApplyForChild:
    command = ApplyForChild(name=CHILD.name, number=CHILD.number, relation=RELATION, consent=consent(stage, by))
    return replace(command, **changed)  # type: ignore[arg-type]  # fields by name


def registered_child(stage: Stage, by: Person = LI) -> Guardianship:
    """Let the parent apply for the child, and the application be decided."""
    found = apply_for_child(applying(stage, by), services=stage.services)
    run_registrations(stage)
    stage.empty_outbox()
    return found


def claimed_child(stage: Stage, by: Person = LI) -> Guardianship:
    """Let a parent apply whom the authority does not know as one: it waits for staff."""
    stage.authority.related_as = RelationAnswer.UNKNOWN
    return apply_for_child(applying(stage, by), services=stage.services)


def run_registrations(stage: Stage) -> None:
    run_due(
        JobKind.REGISTRATION,
        lambda leased: resume_registration(leased, services=stage.services),
        services=stage.services,
        unreadable=UnreadableJobs(JobKind.REGISTRATION),
    )


def run_birthdays(stage: Stage) -> None:
    run_due(
        JobKind.BIRTHDAY,
        lambda leased: come_of_age(leased, services=stage.services),
        services=stage.services,
        unreadable=UnreadableJobs(JobKind.BIRTHDAY),
    )


def account(stage: Stage, holder_id: HolderId) -> Holder:
    found = stage.read(lambda stored: stored.holders.get(holder_id))
    assert found is not None
    return found


def guardianship(stage: Stage, guardianship_id: str) -> Guardianship:
    found = stage.read(lambda stored: stored.guardianships.get(guardianship_id))
    assert found is not None
    return found


def happened(stage: Stage, holder_id: HolderId) -> Sequence[HolderEvent]:
    """Return the account's history, newest first."""
    return stage.read(lambda stored: stored.holders.events(holder_id))


def kinds(stage: Stage, holder_id: HolderId) -> list[str]:
    """Return what stands in the account's history, oldest first."""
    return [one.kind.value for one in reversed(happened(stage, holder_id))]
