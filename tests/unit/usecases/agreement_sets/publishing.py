"""What a test of agreements drafts, proposes and approves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from eztong.domain.agreement_sets.agreement_set import DEFAULT_GRACE_DAYS, AgreementSet
from eztong.domain.agreement_sets.offered_text import Offered
from eztong.domain.agreements import Agreement, AgreementState, ChangeClass, DocumentKind, document_kind
from eztong.domain.incidents.incident import Bilingual
from eztong.domain.operators.proposal import Proposal
from eztong.domain.working_days import WorkCalendar
from eztong.usecases.agreement_sets.draft_set import DraftSet, draft_set, find_set
from eztong.usecases.agreement_sets.keep_agreements import keep_agreements
from eztong.usecases.agreement_sets.publish_set import ProposeSet, propose_set
from eztong.usecases.proposals.decide_proposal import DecideProposal, decide_proposal
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import Stage

CHANGES = Bilingual("改了一处。", "One place changed.")
WEEK = timedelta(days=7)


def offered(stage: Stage, kinds: Sequence[str], *, more: str = "\nMore words.\n") -> list[Offered]:
    """Return the texts in force of some documents with more words at their end."""
    standing = stage.read(lambda stored: list(stored.agreements.standing()))
    return [_offered(one, more) for one in standing if one.kind.value in kinds]


def _offered(one: Agreement, more: str) -> Offered:
    return Offered(
        kind=one.kind,
        language=one.language,
        version=one.version,
        change_class=one.change_class,
        title=one.title,
        text=one.text + more,
    )


def drafting(stage: Stage, asks: Mapping[str, str], *, days: int = 8, **more: object) -> DraftSet:
    """Return the command that changes some documents, each with what it asks."""
    classes: dict[DocumentKind, ChangeClass] = {document_kind(kind): ChangeClass(said) for kind, said in asks.items()}
    given: dict[str, object] = {
        "offered": offered(stage, list(asks)),
        "changes": CHANGES,
        "classes": classes,
        "starts": stage.clock.now() + timedelta(days=days),
        "grace_days": DEFAULT_GRACE_DAYS,
        "printed": '{"operator_name": "New"}',
    }
    return DraftSet(**(given | more))  # type: ignore[arg-type]  # fields by name


def proposed(stage: Stage, asks: Mapping[str, str], *, days: int = 8, **more: object) -> Proposal:
    """Draft and propose a set as ``li.na``."""
    by = operator(stage, "li.na")
    drafted = stage.act(draft_set, drafting(stage, asks, days=days, **more), by=by)
    return stage.act(propose_set, ProposeSet(number=drafted.number, reason="why"), by=by)


def decide(stage: Stage, proposal: Proposal, *, approve: bool = True, name: str = "wang.li") -> Proposal:
    """Decide a proposal as another operator."""
    command = DecideProposal(proposal_id=proposal.proposal_id, approve=approve, reason="read")
    return stage.act(decide_proposal, command, by=operator(stage, name), calendar=WorkCalendar())


def published(stage: Stage, asks: Mapping[str, str], *, days: int = 8, **more: object) -> AgreementSet:
    """Publish a set by two operators."""
    decide(stage, proposed(stage, asks, days=days, **more))
    return number(stage, 2)


def put_in_force(stage: Stage, asks: Mapping[str, str], **more: object) -> AgreementSet:
    """Publish a set, let its day come and the service look."""
    decide(stage, proposed(stage, asks, **more))  # type: ignore[arg-type]  # fields by name
    stage.clock.pass_by(days=8)
    keep(stage)
    found = number(stage, 2)
    assert found.state is AgreementState.IN_FORCE
    return found


def keep(stage: Stage) -> None:
    """Let the service do everything that is due."""
    while keep_agreements(stage.services):
        pass


def number(stage: Stage, wanted: int) -> AgreementSet:
    """Return the set of a number."""
    return stage.read(lambda stored: find_set(wanted, stored=stored))
