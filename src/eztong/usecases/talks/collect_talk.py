"""Put together what talks can show a court: the contract, what both sides wrote, how they ended, and named records.

It looks only, and holds nothing but the asker's own file: of the service's people no name, of other people nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from eztong.domain.agreement_sets.agreement_set import AgreementSet
from eztong.domain.agreements import AgreementKind, AgreementState
from eztong.domain.canonical_json import parse_document, render_time
from eztong.domain.disputes.dispute import Party
from eztong.domain.disputes.evidence_bundle import (
    ACT,
    RECORD,
    RECORD_FORMAT,
    TALKS,
    Contents,
    Missing,
    acceptance_part,
    numbered_part,
)
from eztong.domain.errors import NotFound
from eztong.domain.feedback.ticket import Author, Ticket
from eztong.domain.identifiers import HolderId
from eztong.domain.talks.talk import Side, Talk
from eztong.ports.keys import Keys
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.disputes.collect_evidence import Bag, add_receipts, collect_for_holder
from eztong.usecases.feedback.sealed_words import open_words
from eztong.usecases.notices.warn_holder import DEFAULT_LANGUAGE

_Json = dict[str, Any]
_SIDES: Final[Mapping[Author, Side]] = {Author.ASKER: Side.ASKER, Author.STAFF: Side.SERVICE}
_CLAUSE: Final = "5.2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Court:
    """What the agreement says of the court: who is party, and where it was signed (clauses P-1, 5.3)."""

    operator: str
    place_of_signing: str


def collect_talk(ticket: Ticket, talk: Talk, court: Court, *, stored: Repositories, keys: Keys) -> Contents:
    """Return the parts of the bundle of talks.

    1. The receipts for the agreements, and their texts as they were in force when the talks were opened.
    2. Every word that either side wrote, and every step.
    3. What was attested: proposals, and the settlement or the failure.
    4. The records that the matter is about, each as its own bundle would show it.
    """
    bag = Bag(stored, keys)
    if ticket.holder_id is not None:
        add_receipts(bag, ticket.holder_id, at=talk.opened_at)
    acts = _add_acts(bag, ticket)
    records = [_add_record(bag, ticket.holder_id, one, place) for place, one in enumerate(talk.records, start=1)]
    words = open_words(ticket, stored=stored, keys=keys)
    bag.parts[RECORD] = {
        "format": RECORD_FORMAT,
        "side": Party.HOLDER.value,
        "id": ticket.ticket_id,
        "kind": TALKS,
        "partner": None,
        "number": ticket.number,
        "operator": court.operator,
        "stage": talk.stage.value,
        "opened_at": render_time(talk.opened_at),
        "ended_at": _time(talk.ended_at),
        "why_failed": None if talk.why_failed is None else talk.why_failed.value,
        "former": talk.former,
        "court": {"clause": _CLAUSE, "place_of_signing": court.place_of_signing},
        "agreements": _agreements(ticket.holder_id, talk.opened_at, stored=stored),
        "words": [
            {"id": one.message_id, "by": _SIDES[one.author].value, "at": render_time(one.at), "text": one.text}
            for one in words
        ],
        "steps": [
            {"move": one.move.value, "by": one.side.value, "at": render_time(one.at), "words": one.message_id}
            for one in stored.talks.steps(ticket.ticket_id)
        ],
        "acts": acts,
        "records": records,
    }
    return bag.contents()


def _add_acts(bag: Bag, ticket: Ticket) -> list[_Json]:
    listed = []
    for place, (document, batch_id, leaf_index) in enumerate(bag.stored.acts.leaves(ticket.ticket_id), start=1):
        said = parse_document(document)
        bag.prove(numbered_part(ACT, place), partial(bytes, document), batch_id, leaf_index)
        listed.append({"id": said["id"], "kind": said["kind"]})
    return listed


def _add_record(bag: Bag, holder_id: HolderId | None, record_id: str, place: int) -> _Json:
    """Add what proves a record, and return what the service has on it; the receipts stand in the bundle already."""
    try:
        own = collect_for_holder(holder_id or HolderId(""), record_id, Party.HOLDER, stored=bag.stored, keys=bag.keys)
    except NotFound:
        bag.missing[numbered_part(RECORD, place)] = Missing.NOT_KEPT
        return {"id": record_id}
    left_out = {RECORD, *map(acceptance_part, AgreementKind)}
    for name, part in own.parts.items():
        if name not in left_out:
            bag.parts[numbered_part(name, place)] = part
    for name, why in own.missing.items():
        if name not in left_out:
            bag.missing[numbered_part(name, place)] = why
    return own.parts[RECORD]


def _agreements(holder_id: HolderId | None, at: datetime, *, stored: Repositories) -> _Json | None:
    """Return the set that was in force, with its texts in the language that was accepted, or else in Chinese."""
    found = _in_force(stored.agreement_sets.list(), at=at)
    if found is None:
        return None
    accepted = () if holder_id is None else stored.agreements.acceptances(holder_id)
    language = next((one.language for one in accepted if one.accepted_at <= at), DEFAULT_LANGUAGE)
    texts = (stored.agreements.version(one.kind, one.version, language) for one in found.members)
    return {
        "set": found.number,
        "in_force_from": render_time(found.in_force_from),
        "documents": [
            {
                "document": text.kind.value,
                "version": text.version,
                "language": text.language,
                "title": text.title,
                "text_hash": text.text_hash,
                "text": text.text,
            }
            for text in texts
            if text is not None
        ],
    }


def _in_force(sets: Iterable[AgreementSet], *, at: datetime) -> AgreementSet | None:
    came = {AgreementState.IN_FORCE, AgreementState.SUPERSEDED}
    stood = [one for one in sets if one.state in came and one.in_force_from <= at]
    return max(stood, key=lambda one: (one.in_force_from, one.number), default=None)


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else render_time(moment)
