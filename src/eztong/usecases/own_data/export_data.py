"""Give a holder a copy of everything that is stored about them: after a step-up, and written down (clause 3.3).

A part of the copy is what one table keeps of the account, row by row; :data:`PARTS` names them all. Left out is what
would let whoever finds the file act as the holder or as this service: hashes of secrets, wrapped keys, blind indexes,
and the authority's eid mark, from which partner codes are made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import msgspec

from eztong.domain.canonical_json import parse_document, render_time
from eztong.domain.codes.refused_try import CodeAttempt
from eztong.domain.codes.verification import Verification
from eztong.domain.disputes.dispute import Party
from eztong.domain.events import EventKind
from eztong.domain.holder import Holder
from eztong.ports.act import Act
from eztong.ports.keys import Keys
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import find_unlocked
from eztong.usecases.codes.conclude_verification import open_result
from eztong.usecases.contact.numbers import new_number
from eztong.usecases.feedback.sealed_words import open_words
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.keep_notice import open_notice
from eztong.usecases.notices.sealed_email import open_email
from eztong.usecases.number_of_before import number_of_before
from eztong.usecases.own_data.correct_name import names_of
from eztong.usecases.own_data.reveal_identity import open_identity
from eztong.usecases.registration.application_words import Said, read_steps
from eztong.usecases.vault import open_vault

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Row: TypeAlias = dict[str, Any]
FORMAT: Final = "eztong/own-data/v1"
_CHUNK: Final = 200
# The holder's own id stands once, in the first part.
_NEVER: Final = frozenset(
    {
        "asking_hash",
        "data_key",
        # What partner codes are made from: of no use to the holder, and of some to whoever finds the file.
        "generation",
        "holder_id",
        "link_hash",
        "number_index",
        "phone_index",
        "sealed",
        "sealed_basis",
        "sealed_context",
        "sealed_eid_mark",
        "sealed_hash",
        "sealed_name",
        "sealed_new",
        "sealed_note",
        "sealed_old",
        "sealed_number",
        "sealed_phone",
        "sealed_result",
        "secret_hash",
        "session_hash",
        "stop_hash",
    }
)


@dataclass(frozen=True, slots=True)
class _Of:
    """Whose data, and where it is."""

    holder: Holder
    stored: Repositories
    keys: Keys


def permit_export(act: Act, session_hash: bytes) -> Holder:
    """Allow one copy and return whose it is.

    1. The session is the holder's own, on a bound device, and freshly unlocked.
    2. The account's history says that a copy was taken, before it is.

    Raises:
        SessionMissing, DeviceNotBound, Locked: this session may not.
    """
    signed_in = find_unlocked(session_hash, stored=act.uow, now=act.now)
    note_event(act, signed_in.holder.holder_id, EventKind.DATA_EXPORTED)
    return signed_in.holder


def collect_data(holder: Holder, *, stored: Repositories, keys: Keys, now: datetime) -> Row:
    """Return the copy: the format's name, the moment, and every part. Reads only; no unit of work waits for it."""
    of = _Of(holder, stored, keys)
    return {"format": FORMAT, "at": render_time(now)} | {name: list(read(of)) for name, read in PARTS.items()}


def _account(of: _Of) -> Iterable[Row]:
    own = open_identity(of.holder, keys=of.keys)
    known = {"name": own.name, "document_number": own.number, "phone": own.phone}
    stopped = [_plain(one) for one in of.holder.stopped]
    yield {"holder_id": of.holder.holder_id, **known, **_plain(replace(of.holder, stopped=())), "stopped": stopped}


def _person(of: _Of) -> Iterable[Row]:
    person = None if of.holder.number_index is None else of.stored.holders.person(of.holder.number_index)
    if person is not None and person.holder_id == of.holder.holder_id:
        yield _plain(person)


def _acceptances(of: _Of) -> Iterable[Row]:
    vault = open_vault(of.holder, keys=of.keys)
    for acceptance in of.stored.agreements.acceptances(of.holder.holder_id):
        context = vault.open(acceptance.acceptance_id, acceptance.sealed_context, table="acceptances")
        yield {**_plain(acceptance), "context": context.decode()}


def _codes(of: _Of) -> Iterable[Row]:
    for kept in of.stored.own_data.codes(of.holder.holder_id):
        yield {**_plain(kept.code), "ended_at": _value(kept.ended_at)}


def _verifications(of: _Of) -> Iterable[Row]:
    for verification in _walk_verifications(of):
        result = parse_document(open_result(verification, holder=of.holder, keys=of.keys))
        yield {**_plain(verification), "result": result}


def _walk_verifications(of: _Of) -> Iterable[Verification]:
    before = None
    while chunk := of.stored.verifications.for_holder(of.holder.holder_id, before=before, limit=_CHUNK):
        yield from chunk
        before = chunk[-1].verification_id


def _refused_tries(of: _Of) -> Iterable[CodeAttempt]:
    before = None
    while chunk := of.stored.codes.attempts_before(of.holder.holder_id, before=before, limit=_CHUNK):
        yield from chunk
        before = chunk[-1].attempt_id


def _pin(of: _Of) -> Iterable[Row]:
    pin = of.stored.pins.get(of.holder.holder_id)
    if pin is not None:
        yield _plain(pin)


def _reports(of: _Of) -> Iterable[Row]:
    vault = open_vault(of.holder, keys=of.keys)
    for report in of.stored.reports.list(of.holder.holder_id):
        sealed = report.sealed_note
        note = None if sealed is None else vault.open(report.report_id, sealed, table="reports").decode()
        yield {**_plain(report), "note": note}


def _tickets(of: _Of) -> Iterable[Row]:
    for ticket in of.stored.tickets.list(of.holder.holder_id):
        said = open_words(ticket, stored=of.stored, keys=of.keys)
        yield {**_plain(ticket), "due": _plain(ticket.due), "messages": [_plain(one) for one in said]}


def _application_steps(of: _Of) -> Iterable[Row]:
    return map(_step_of, read_steps(of.holder, stored=of.stored, keys=of.keys))


def _step_of(said: Said) -> Row:
    return {**_plain(said), "due": None if said.due is None else _plain(said.due)}


def _bundles(of: _Of) -> Iterable[Row]:
    """Give what was made as evidence; of an authority's request the law says whether its holder may know."""
    for bundle in of.stored.bundles.of_holder(of.holder.holder_id):
        if bundle.party is not Party.AUTHORITY:
            yield {**_plain(bundle), "document": parse_document(bundle.document)}


def _notices(of: _Of) -> Iterable[Row]:
    vault = open_vault(of.holder, keys=of.keys)
    before = None
    while chunk := of.stored.notices.page(of.holder.holder_id, before=before, limit=_CHUNK):
        yield from ({**_plain(notice), "params": dict(open_notice(notice, vault))} for notice in chunk)
        before = chunk[-1].notice_id


def _email(of: _Of) -> Iterable[Row]:
    email = of.stored.emails.get(of.holder.holder_id)
    if email is not None:
        yield {**_plain(email), "address": open_email(email, open_vault(of.holder, keys=of.keys))}


def _notice_choices(of: _Of) -> Iterable[Row]:
    choices = of.stored.notice_choices.get(of.holder.holder_id)
    if choices is not None:
        yield _plain(choices)


def _phone_changes(of: _Of) -> Iterable[Row]:
    for change in of.stored.phone_changes.list(of.holder.holder_id):
        old, new = (read(change, of.holder, keys=of.keys) for read in (number_of_before, new_number))
        yield {**_plain(change), "old": old, "new": new}


def _corrections(of: _Of) -> Iterable[Row]:
    for correction in of.stored.corrections.list(of.holder.holder_id):
        names = names_of(correction, of.holder, keys=of.keys)
        yield {**_plain(correction), "old": names.old, "new": names.new}


def _rows(read: Callable[[_Of], Iterable[DataclassInstance]]) -> Callable[[_Of], Iterable[Row]]:
    return lambda of: map(_plain, read(of))


PARTS: Final[Mapping[str, Callable[[_Of], Iterable[Row]]]] = {
    "account": _account,
    "person": _person,
    "acceptances": _acceptances,
    "devices": _rows(lambda of: of.stored.devices.list(of.holder.holder_id)),
    "sessions": _rows(lambda of: of.stored.own_data.sessions(of.holder.holder_id)),
    "pin": _pin,
    "passkeys": _rows(lambda of: of.stored.passkeys.list(of.holder.holder_id)),
    "events": _rows(lambda of: of.stored.holders.events(of.holder.holder_id)),
    "codes": _codes,
    "verifications": _verifications,
    "refused_tries": _rows(_refused_tries),
    "replay_warnings": _rows(lambda of: of.stored.codes.warnings(of.holder.holder_id)),
    "answered_requests": _rows(lambda of: of.stored.own_data.requests(of.holder.holder_id)),
    "grants": _rows(lambda of: of.stored.grants.of_holder(of.holder.holder_id)),
    "partner_switches": _rows(lambda of: of.stored.own_data.switches(of.holder.holder_id)),
    "jobs": _rows(lambda of: of.stored.jobs.of_holder(of.holder.holder_id)),
    "recoveries": _rows(lambda of: of.stored.recoveries.list(of.holder.holder_id)),
    "reports": _reports,
    "application_steps": _application_steps,
    "acts": _rows(lambda of: of.stored.acts.of_holder(of.holder.holder_id)),
    "tickets": _tickets,
    "disputes": _rows(lambda of: of.stored.disputes.list(of.holder.holder_id)),
    "bundles": _bundles,
    "notices": _notices,
    "notice_email": _email,
    "notice_choices": _notice_choices,
    "freeze_links": _rows(lambda of: of.stored.notice_choices.links(of.holder.holder_id)),
    "deregistrations": lambda of: map(_plain, of.stored.deregistrations.list(of.holder.holder_id)),
    "phone_changes": _phone_changes,
    "corrections": _corrections,
}
"""Every part by its name in the file."""


def _plain(row: DataclassInstance | msgspec.Struct) -> Row:
    # A field that is added to one of these is exported without being named here; secrets are named above.
    return {name: _value(getattr(row, name)) for name in _fields_of(row) if name not in _NEVER}


def _fields_of(row: DataclassInstance | msgspec.Struct) -> Sequence[str]:
    return row.__struct_fields__ if isinstance(row, msgspec.Struct) else [field.name for field in fields(row)]


def _value(value: object) -> object:
    match value:
        case datetime():
            return render_time(value)
        case Enum():
            return value.value
        case bytes():
            return value.hex()
        case frozenset():
            return sorted(_value(one) for one in value)  # type: ignore[type-var]  # claims, which are texts
        case Sequence() if not isinstance(value, str):
            return [_value(one) for one in value]
        case _:
            return value
