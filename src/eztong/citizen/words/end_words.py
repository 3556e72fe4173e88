"""A deregistration in words, as every page of it shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from eztong.citizen.visit import Visit
from eztong.domain.canonical_json import parse_document, parse_time
from eztong.domain.deregistration.deregistration import CLAIMS_WAIT, Deregistration
from eztong.domain.feedback.ticket import Ticket, grouped
from eztong.domain.guardianship.ward import is_kept_by_guardian
from eztong.domain.holder import Holder
from eztong.domain.identifiers import HolderId
from eztong.i18n.moments import date_words, moment_words
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.guardianship.care import is_kept_and_asked_for

WAITS: Final = "waits"
"""It would be executed by now, and is held up for a while: what can be undone still is said to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What stands of a deregistration on a page; what did not happen is empty. ``key`` leads to the words.

    ``words`` say it in whole sentences; ``is_claimed`` says that a claim on the account holds it up, or may.
    """

    key: str
    number: str
    asked: str
    until: str
    due: str
    ended: str
    may_be_undone: bool
    is_claimed: bool
    words: str
    deleted: Sequence[str]
    kept: Sequence[tuple[str, str, str]]
    authority: str

    @property
    def is_done(self) -> bool:
        """Say whether there is a receipt."""
        return bool(self.kept)


def _is_claimed(visit: Visit, found: Deregistration) -> bool:
    """Say whether a claim holds the end up, which can be undone for so long, too."""
    is_claimed = visit.beside(lambda stored: is_kept_and_asked_for(found.holder_id, stored=stored))
    return is_claimed is True and found.waits_for_claims(now=visit.now)


def ending_of(ward: Holder, visit: Visit) -> Progress | None:
    """Return where the end of an account that a guardian keeps stands, for a page that is about more than it."""
    if not (ward.is_leaving and is_kept_by_guardian(ward)):
        return None
    found = visit.beside(lambda stored: _running(ward.holder_id, stored=stored))
    return None if found is None else standing(visit, *found)


def _running(holder_id: HolderId, *, stored: Repositories) -> tuple[Deregistration, Ticket] | None:
    running = stored.deregistrations.running(holder_id)
    ticket = None if running is None else stored.tickets.get(running.ticket_id)
    return None if running is None or ticket is None else (running, ticket)


def standing(visit: Visit, found: Deregistration, ticket: Ticket) -> Progress:
    """Return the deregistration in the visit's language."""
    receipt: dict[str, Any] = {} if found.receipt is None else parse_document(found.receipt)
    ended = found.done_at or found.cancelled_at
    told = "authority_told" if found.revoked_at is not None else "authority_waits"
    may_be_undone = found.may_be_undone
    is_claimed = may_be_undone and _is_claimed(visit, found)
    waits = is_claimed and found.is_due(now=visit.now)
    key = "executing" if found.runs and not may_be_undone else WAITS if waits else found.state.value
    until = moment_words(
        found.cooling_until + (CLAIMS_WAIT if waits else timedelta()), now=visit.now, words=visit.words
    )
    due = date_words(ticket.due.at, words=visit.words)
    text = "deregister.claimed" if is_claimed and not waits else f"deregister.state.{key}.text"
    said = visit.words.text(text, until=until, due=due, days=CLAIMS_WAIT.days)
    return Progress(
        key=key,
        number=grouped(ticket.number),
        asked=moment_words(found.asked_at, now=visit.now, words=visit.words),
        until=until,
        due=due,
        ended="" if ended is None else moment_words(ended, now=visit.now, words=visit.words),
        may_be_undone=may_be_undone,
        is_claimed=is_claimed,
        words=said,
        deleted=receipt.get("deleted", ()),
        kept=[
            (one["what"], one["why"], date_words(parse_time(one["until"]), words=visit.words))
            for one in receipt.get("kept", ())
        ],
        authority=told if receipt and (found.authority_reference or found.revoked_at) else "",
    )
