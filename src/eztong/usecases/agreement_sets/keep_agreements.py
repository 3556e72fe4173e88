"""What happens to agreements by itself: sets come into force, graces end, and every holder is told (clause 5.6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, Protocol

from eztong.domain.agreement_sets.agreement_set import AgreementSet
from eztong.domain.agreement_sets.clause_mark import ClauseMark, MarkState
from eztong.domain.agreements import AgreementState
from eztong.domain.events import EventKind
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.age import SHANGHAI
from eztong.domain.notices import Topic
from eztong.ports.act import SYSTEM, Act
from eztong.ports.services import Services
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.agreement_sets.publish_set import bring_into_force
from eztong.usecases.apart import Unread, each_by_itself, read_apart
from eztong.usecases.jobs.queue_run import counted, tried
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder

QUEUE: Final = "agreements"
BATCH: Final = 50
"""Accounts that are told in one unit of work."""

_EVENTS: Final[Mapping[Topic, EventKind]] = {
    Topic.AGREEMENTS_ASK: EventKind.AGREEMENTS_ANNOUNCED,
    Topic.AGREEMENTS_CHANGE: EventKind.AGREEMENTS_ANNOUNCED,
    Topic.AGREEMENTS_OFF: EventKind.AGREEMENTS_CALLED_OFF,
    Topic.CLAUSE_SEVERED: EventKind.AGREEMENTS_ANNOUNCED,
    Topic.CLAUSE_RESTORED: EventKind.AGREEMENTS_ANNOUNCED,
}


class _Told(Protocol):
    def __call__(self, subject: str, /, *, seen: HolderId, until: HolderId, done_at: datetime | None) -> bool: ...


@dataclass(frozen=True, slots=True)
class _News:
    topic: Topic
    params: Mapping[str, str]
    detail: str


def keep_agreements(services: Services) -> bool:
    """Do what is due; return whether more of it waits. A set that cannot be read is counted and keeps nothing else."""
    now = services.clock.now()
    with services.store.read() as stored:
        due = stored.agreement_sets.due(now=now)
        grace_is_over = _grace_is_over(stored, now=now)
        waits = stored.agreement_sets.to_tell() is not None or stored.clause_marks.to_tell() is not None
    failed = tried(due.those, lambda scheduled: services.perform(SYSTEM, bring_into_force, scheduled))
    counted(QUEUE, [*due.failures, *(kind for _, kind in failed)], observer=services.observer)
    if grace_is_over:
        services.perform(SYSTEM, _end_grace)
    return services.perform(SYSTEM, tell_next) if waits else False


def tell_next(act: Act) -> bool:
    """Tell the next accounts of a set or of a mark; return whether more may wait.

    Each is told once however many workers there are: the mark up to which everybody was told is moved by one
    conditional change, in the same commit as the messages. An account that cannot be read is counted and passed over.
    """
    found = _next_news(act)
    if found is None:
        return False
    subject, seen, news, move = found
    accounts = act.uow.holders.accounts_after(seen, limit=BATCH)
    done_at = act.now if len(accounts) < BATCH else None
    if not move(subject, seen=seen, until=accounts[-1] if accounts else seen, done_at=done_at):
        return True
    if news is not None:
        each_by_itself(act, QUEUE, accounts, lambda holder_id: _tell(act, holder_id, news))
    return done_at is None


def _next_news(act: Act) -> tuple[str, HolderId, _News | None, _Told] | None:
    """Return of what, from whom on and what is told next, and how it is noted; what cannot be read is counted."""
    sets, marks = act.uow.agreement_sets, act.uow.clause_marks
    for waiting, news_of, told in (
        (sets.to_tell(), _news_of_set, sets.told),
        (marks.to_tell(), _news_of_mark, marks.told),
    ):
        if waiting is not None:
            subject, seen = waiting
            news = read_apart(act, QUEUE, partial(news_of, subject, stored=act.uow))
            if not isinstance(news, Unread):
                return subject, seen, news, told
    return None


def _tell(act: Act, holder_id: HolderId, news: _News) -> None:
    holder = act.uow.holders.get(holder_id)
    if holder is not None:
        note_event(act, holder_id, _EVENTS[news.topic], detail=news.detail)
        tell_holder(act, holder, news.topic, news.params)


def _news_of_set(set_id: str, *, stored: Repositories) -> _News | None:
    found = stored.agreement_sets.get(set_id)
    if found is None or found.changes is None or found.state is AgreementState.DRAFT:
        return None
    if found.state is AgreementState.CALLED_OFF:
        params = {"from": _day(found.in_force_from)}
        return _News(Topic.AGREEMENTS_OFF, params, f"set={found.number}")
    params = {"from": _day(found.in_force_from), "changes_zh": found.changes.zh, "changes_en": found.changes.en}
    return _News(_topic_of(found), params, f"set={found.number}")


def _topic_of(found: AgreementSet) -> Topic:
    return Topic.AGREEMENTS_ASK if found.asks_for_an_act else Topic.AGREEMENTS_CHANGE


def _news_of_mark(mark_id: str, *, stored: Repositories) -> _News | None:
    mark = stored.clause_marks.get(mark_id)
    if mark is None or not mark.is_shown:
        return None
    titles = {
        language: "" if text is None else text.title
        for language in ("zh-CN", "en")
        for text in [stored.agreements.version(mark.kind, mark.version, language)]
    }
    params = {
        "title_zh": titles["zh-CN"],
        "title_en": titles["en"],
        "clause": mark.clause,
        "from": _day(mark.lifted_at or mark.since),
        "reason_zh": mark.reason.zh,
        "reason_en": mark.reason.en,
    }
    return _News(_topic_of_mark(mark), params, f"mark={mark.mark_id} clause={mark.kind.value}/{mark.clause}")


def _topic_of_mark(mark: ClauseMark) -> Topic:
    return Topic.CLAUSE_RESTORED if mark.state is MarkState.LIFTED else Topic.CLAUSE_SEVERED


def _day(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d")


def _grace_is_over(stored: Repositories, *, now: datetime) -> bool:
    """Say whether a grace has just ended that still counts as running."""
    if stored.agreements.versions_that_count() == stored.agreements.versions_that_will_count():
        return False
    return stored.agreement_sets.has_grace_over(now=now)


def _end_grace(act: Act) -> bool:
    return act.uow.agreements.end_grace(now=act.now)
