"""An elder who invites, and a helper who types the digits: what they do."""

from __future__ import annotations

from collections.abc import Sequence

from eztong.domain.assistance.assistance import Assistance
from eztong.domain.jobs.job import JobKind
from eztong.domain.notices import Message, Topic
from eztong.ports.act import Act
from eztong.ports.storage.holders import HolderEvent
from eztong.usecases.assistance.accept_invitation import AcceptInvitation, accept_invitation
from eztong.usecases.assistance.confirm_helper import ConfirmHelper, confirm_helper
from eztong.usecases.assistance.end_assistance import EndAssistance, end_assistance, end_by_time
from eztong.usecases.assistance.invite_helper import InviteHelper, invite_helper, open_digits
from eztong.usecases.jobs.run_due import run_due
from eztong.usecases.jobs.unreadable import UnreadableJobs
from eztong.usecases.notices.warn_holder import tell_holder
from eztong.usecases.refusal import accepted
from tests.unit.usecases.stage import LI, WANG, Person, Stage

ELDER, HELPER = LI, WANG


def invite(stage: Stage, elder: Person = ELDER, *, days: int = 7, with_uses: bool = False) -> str:
    """Let the elder invite; return the digits."""
    command = InviteHelper(session_hash=elder.session, days=days, with_uses=with_uses)
    return open_digits(stage.act(invite_helper, command), stage.holder(elder), keys=stage.keys)


def accept(stage: Stage, digits: str, helper: Person = HELPER, *, understood: bool = True) -> Assistance:
    """Let the helper type the digits."""
    command = AcceptInvitation(session_hash=helper.session, digits=digits, understood=understood)
    return accepted(stage.act(accept_invitation, command))


def confirm(stage: Stage, of: Assistance, elder: Person = ELDER) -> Assistance:
    """Let the elder confirm who typed them."""
    return stage.act(confirm_helper, ConfirmHelper(session_hash=elder.session, assistance_id=of.assistance_id))


def end(stage: Stage, of: Assistance, by: Person = ELDER) -> Assistance:
    """Let somebody end it."""
    return stage.act(end_assistance, EndAssistance(session_hash=by.session, assistance_id=of.assistance_id))


def helping(
    stage: Stage, elder: Person = ELDER, helper: Person = HELPER, *, days: int = 7, with_uses: bool = False
) -> Assistance:
    """Let a help begin, and forget what was told of it."""
    began = confirm(stage, accept(stage, invite(stage, elder, days=days, with_uses=with_uses), helper), elder)
    stage.empty_outbox()
    return began


def again(stage: Stage, of: Assistance) -> Assistance:
    """Return it as it is stored now."""
    found = stage.read(lambda stored: stored.assistances.get(of.assistance_id))
    assert found is not None
    return found


def run_ends(stage: Stage) -> None:
    """Do what is due."""
    run_due(
        JobKind.ASSISTANCE,
        lambda leased: end_by_time(leased, services=stage.services),
        services=stage.services,
        unreadable=UnreadableJobs(JobKind.ASSISTANCE),
    )


def tell(stage: Stage, topic: Topic, params: dict[str, str] | None = None, to: Person = ELDER) -> None:
    """Tell the elder something, as any use case does."""

    def told(act: Act) -> None:
        tell_holder(act, stage.holder(to), topic, params or {})

    stage.act(told)


def messages_to(stage: Stage, person: Person) -> list[Message]:
    """Return what went to somebody's phone."""
    return [one for one in stage.messages() if one.phone == person.phone]


def happened(stage: Stage, person: Person) -> Sequence[HolderEvent]:
    """Return what of help stands in somebody's history, oldest first."""
    return [one for one in stage.events(person) if one.fact("assistance")]
