"""Draft the next set of agreements: what changes, since when, and what that asks of holders (clause 5.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from eztong.domain.agreement_sets.agreement_set import (
    MOST_GRACE_DAYS,
    AgreementSet,
    Member,
    NothingChanged,
    ScheduleInvalid,
    SetNotDraft,
    SetUnknown,
    in_order,
)
from eztong.domain.agreement_sets.offered_text import LANGUAGES, NextText, Offered, next_texts
from eztong.domain.agreements import (
    PRECEDENCE,
    Agreement,
    AgreementState,
    ChangeClass,
    DocumentKind,
    RuleKind,
    hash_text,
)
from eztong.domain.identity.age import SHANGHAI
from eztong.domain.incidents.incident import Bilingual
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.proposal import ProposalKind, ProposalState
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.naming import new_id
from eztong.usecases.operators.check_operator import check_operator


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSet:
    """What an operator wants the next set to be.

    ``offered`` are texts in both languages; documents that are not among them stay as they are. ``starts`` is None for
    as soon as it is published. ``printed`` are the settings that stand in the texts, as they are stored.
    """

    offered: Sequence[Offered]
    changes: Bilingual
    classes: Mapping[DocumentKind, ChangeClass] = field(default_factory=dict)
    ended_notices: frozenset[str] = frozenset()
    starts: datetime | None = None
    grace_days: int
    printed: str


def draft_set(act: Act, command: DraftSet) -> AgreementSet:
    """Store the next set as a draft, in place of a draft that nobody has proposed; nobody else can read it.

    1. An operator who may publish drafts; one set at a time waits.
    2. Each text that reads otherwise than the one in force gets a version of its own.
    3. What a change asks of holders is said for each document, and leaves them the time that it takes.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        SetNotDraft: a draft is proposed, or a set is published and not in force yet.
        TextsInvalid, ChangeClassMissing, ChangeClassInvalid, ScheduleInvalid: what was given cannot be a set.
        NothingChanged: every text is as it is in force.
    """
    operator = check_operator(act, Permission.AGREEMENTS_DRAFT)
    _make_room(act)
    standing = act.uow.agreements.standing()
    changed = next_texts(
        command.offered, standing=standing, known=_known(command.offered, stored=act.uow), classes=command.classes
    )
    current = current_set(stored=act.uow)
    kept = [member for member in current.members if _stays(member, changed, command.ended_notices)]
    if not changed and len(kept) == len(current.members):
        raise NothingChanged
    starts = act.now if command.starts is None else command.starts
    grace_until = _grace_until(starts, command.grace_days)
    new = AgreementSet(
        set_id=new_id(act, "set"),
        number=max(one.number for one in act.uow.agreement_sets.list()) + 1,
        state=AgreementState.DRAFT,
        in_force_from=starts,
        members=in_order(
            [*(Member(kind=one.kind, version=one.version) for one in kept), *_members(changed, grace_until)], PRECEDENCE
        ),
        changes=command.changes,
        printed=command.printed,
        made_by=operator.name,
        made_at=act.now,
    )
    new.check_classes()
    new.check_schedule(now=act.now)
    act.uow.agreement_sets.add(new)
    for one in changed:
        for text in one.texts:
            act.uow.agreements.add(_draft(one, text, starts))
    return new


def current_set(*, stored: Repositories) -> AgreementSet:
    """Return the set in force.

    Raises:
        SetUnknown: nothing was ever put in force.
    """
    found = stored.agreement_sets.in_force()
    if found is None:
        raise SetUnknown("No set of agreements is in force.")
    return found


def find_set(number: int, *, stored: Repositories) -> AgreementSet:
    """Return the set of a number.

    Raises:
        SetUnknown: there is none.
    """
    found = stored.agreement_sets.by_number(number)
    if found is None:
        raise SetUnknown
    return found


def is_proposed(agreement_set: AgreementSet, *, stored: Repositories, now: datetime) -> bool:
    """Say whether a draft waits for the second operator."""
    proposals = stored.proposals.of_subject(ProposalKind.AGREEMENT_SET, agreement_set.set_id)
    return any(one.state_at(now) is ProposalState.OPEN for one in proposals)


def _make_room(act: Act) -> None:
    for waiting in act.uow.agreement_sets.list():
        if waiting.state is AgreementState.SCHEDULED:
            raise SetNotDraft(f"Set {waiting.number} is published and not in force yet; draft the next one after it.")
        if waiting.state is AgreementState.DRAFT:
            if is_proposed(waiting, stored=act.uow, now=act.now):
                raise SetNotDraft(f"Set {waiting.number} waits for the second operator; have it rejected or withdrawn.")
            act.uow.agreement_sets.remove_draft(waiting.set_id)


def _known(offered: Sequence[Offered], *, stored: Repositories) -> dict[DocumentKind, list[str]]:
    kinds = dict.fromkeys(one.kind for one in offered)
    return {kind: [text.version for text in stored.agreements.versions(kind, LANGUAGES[0])] for kind in kinds}


def _stays(member: Member, changed: Sequence[NextText], ended: frozenset[str]) -> bool:
    if member.kind is RuleKind.NOTICE:
        return member.version not in ended
    return all(one.kind is not member.kind for one in changed)


def _grace_until(starts: datetime, days: int) -> datetime:
    """Return the end of the last day of grace, in Shanghai.

    Raises:
        ScheduleInvalid: no such grace is given.
    """
    if not 1 <= days <= MOST_GRACE_DAYS:
        raise ScheduleInvalid(f"The grace is 1 to {MOST_GRACE_DAYS} days.")
    last = starts.astimezone(SHANGHAI).date() + timedelta(days=days)
    return datetime.combine(last, time(), SHANGHAI).astimezone(starts.tzinfo)


def _members(changed: Sequence[NextText], grace_until: datetime) -> list[Member]:
    return [
        Member(
            kind=one.kind,
            version=one.version,
            change_class=one.change_class,
            grace_until=grace_until
            if one.change_class is ChangeClass.B and not isinstance(one.kind, RuleKind)
            else None,
        )
        for one in changed
    ]


def _draft(next_text: NextText, text: Offered, starts: datetime) -> Agreement:
    words = text.text_as(next_text.version)
    return Agreement(
        kind=next_text.kind,
        version=next_text.version,
        language=text.language,
        title=text.title,
        text=words,
        text_hash=hash_text(words),
        change_class=next_text.change_class,
        state=AgreementState.DRAFT,
        in_force_from=starts,
    )
