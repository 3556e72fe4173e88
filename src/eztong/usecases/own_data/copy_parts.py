"""The parts of a holder's copy: what each table keeps of the account, row by row.

Left out is what would let whoever finds the file act as the holder or as this service;
:mod:`eztong.domain.own_data.copy_list` says which columns those are, and why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import msgspec

from eztong.domain.canonical_json import parse_document, render_time
from eztong.domain.cases.case import TOLD_MOVES
from eztong.domain.codes.refused_try import CodeAttempt
from eztong.domain.codes.verification import Verification
from eztong.domain.disputes.dispute import Party
from eztong.domain.eid.eid_flow import EidEnding
from eztong.domain.holder import Holder
from eztong.domain.identifiers import BatchId
from eztong.domain.own_data.copy_list import hidden_names
from eztong.ports.keys import Keys
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.cases.case_words import read_case_steps
from eztong.usecases.codes.conclude_verification import open_result
from eztong.usecases.contact.numbers import new_number
from eztong.usecases.eid.open_eid_flow import open_confirmations
from eztong.usecases.feedback.sealed_words import open_words
from eztong.usecases.guardianship.decide_relation import open_reason
from eztong.usecases.notices.keep_notice import open_notice
from eztong.usecases.notices.sealed_email import open_email
from eztong.usecases.number_of_before import number_of_before
from eztong.usecases.own_data.correct_name import names_of
from eztong.usecases.own_data.list_sightings import walk_sightings
from eztong.usecases.own_data.own_phrase import open_phrase
from eztong.usecases.own_data.reveal_identity import open_identity
from eztong.usecases.policy.kept_decisions import open_facts
from eztong.usecases.registration.application_words import read_steps
from eztong.usecases.restrictions.keep_document import read_valid_until
from eztong.usecases.vault import open_vault

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Row: TypeAlias = dict[str, Any]
_CHUNK: Final = 200


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose data, and where it is."""

    holder: Holder
    stored: Repositories
    keys: Keys


def _account(of: Whose) -> Iterable[Row]:
    own = open_identity(of.holder, keys=of.keys)
    known = {"name": own.name, "document_number": own.number, "phone": own.phone}
    stopped = [_plain("holders", one) for one in of.holder.stopped]
    account = _plain("holders", replace(of.holder, stopped=()))
    yield {"holder_id": of.holder.holder_id, **known, **account, "stopped": stopped}


def _person(of: Whose) -> Iterable[Row]:
    person = None if of.holder.number_index is None else of.stored.holders.person(of.holder.number_index)
    if person is not None and person.holder_id == of.holder.holder_id:
        yield _plain("persons", person)


def _acceptances(of: Whose) -> Iterable[Row]:
    vault = open_vault(of.holder, keys=of.keys)
    for acceptance in of.stored.agreements.acceptances(of.holder.holder_id):
        context = vault.open(acceptance.acceptance_id, acceptance.sealed_context, table="acceptances")
        leaf = of.stored.agreements.acceptance_leaf(of.holder.holder_id, acceptance.acceptance_id)
        yield {**_plain("acceptances", acceptance), "context": context.decode(), **_attested(leaf)}


def _acts(of: Whose) -> Iterable[Row]:
    for act in of.stored.acts.of_holder(of.holder.holder_id):
        yield {**_plain("acts", act), **_attested(of.stored.acts.leaf(of.holder.holder_id, act.act_id))}


def _attested(leaf: tuple[bytes, BatchId, int] | None) -> Row:
    """Return what was attested of a row, and where."""
    document, batch_id, index = (None, None, None) if leaf is None else leaf
    return {
        "document": None if document is None else parse_document(document),
        "batch_id": batch_id,
        "leaf_index": index,
    }


def _codes(of: Whose) -> Iterable[Row]:
    for kept in of.stored.own_data.codes(of.holder.holder_id):
        ended = {"ended_at": _value(kept.ended_at), "replayed_at": _value(kept.replayed_at)}
        yield {**_plain("codes", kept.code), **ended}


def _verifications(of: Whose) -> Iterable[Row]:
    for verification in _walk_verifications(of):
        result = parse_document(open_result(verification, holder=of.holder, keys=of.keys))
        yield {**_plain("verifications", verification), "result": result}


def _walk_verifications(of: Whose) -> Iterable[Verification]:
    before = None
    while chunk := of.stored.verifications.for_holder(of.holder.holder_id, before=before, limit=_CHUNK):
        yield from chunk
        before = chunk[-1].verification_id


def _refused_tries(of: Whose) -> Iterable[Row]:
    for attempt in _walk_tries(of):
        found = of.stored.codes.attested_attempt(of.holder.holder_id, attempt.attempt_id)
        salt = {"salt": None if found is None else found.salt.hex()}
        leaf = None if found is None else (found.document, found.batch_id, found.leaf_index)
        yield {**_plain("code_attempts", attempt), **salt, **_attested(leaf)}


def _walk_tries(of: Whose) -> Iterable[CodeAttempt]:
    before = None
    while chunk := of.stored.codes.attempts_before(of.holder.holder_id, before=before, limit=_CHUNK):
        yield from chunk
        before = chunk[-1].attempt_id


def _flows(of: Whose) -> Iterable[Row]:
    """Give the E证通 flows that the holder answered: what was confirmed in them, and what attests it."""
    for request in of.stored.own_data.requests(of.holder.holder_id):
        flow = of.stored.eid_flows.of_request(request.request_id)
        if flow is None:
            continue
        ending = flow.ending or EidEnding()
        said = open_confirmations(flow.eid_token, ending, keys=of.keys)
        row = _plain("eid_flows", replace(flow, tries=(), ending=None))
        tries = [_plain("eid_flows", one) for one in flow.tries]
        proof = {"evidence": None if ending.evidence is None else parse_document(ending.evidence)}
        places = {"evidence_batch": ending.evidence_batch, "evidence_leaf": ending.evidence_leaf}
        ended = {"confirmed": ending.confirmed, "confirmations": list(said), "eid_sign": ending.eid_sign}
        del row["ending"]
        yield {**row, "tries": tries, **ended, **proof, **places}


def _pin(of: Whose) -> Iterable[Row]:
    pin = of.stored.pins.get(of.holder.holder_id)
    if pin is not None:
        yield _plain("pins", pin)


def _reports(of: Whose) -> Iterable[Row]:
    vault = open_vault(of.holder, keys=of.keys)
    for report in of.stored.reports.list(of.holder.holder_id):
        sealed = report.sealed_note
        note = None if sealed is None else vault.open(report.report_id, sealed, table="reports").decode()
        yield {**_plain("reports", report), "note": note}


def _tickets(of: Whose) -> Iterable[Row]:
    for ticket in of.stored.tickets.list(of.holder.holder_id):
        said = open_words(ticket, stored=of.stored, keys=of.keys)
        messages = [_plain("ticket_messages", one) for one in said]
        yield {**_plain("tickets", ticket), "due": _plain("tickets", ticket.due), "messages": messages}


def _talks(of: Whose) -> Iterable[Row]:
    for ticket in of.stored.tickets.list(of.holder.holder_id):
        talk = of.stored.talks.get(ticket.ticket_id)
        if talk is not None:
            by = None if talk.answer_by is None else _plain("talks", talk.answer_by)
            steps = [_plain("talk_steps", one) for one in of.stored.talks.steps(ticket.ticket_id)]
            yield {**_plain("talks", talk), "answer_by": by, "records": list(talk.records), "steps": steps}


def _cases(of: Whose) -> Iterable[Row]:
    """Give each case with its steps, and the words that its holder reads; of what it holds the kinds."""
    for case in of.stored.cases.of_holder(of.holder.holder_id):
        until = None if case.appeal_until is None else _plain("cases", case.appeal_until)
        said = read_case_steps(case, of.holder, stored=of.stored, keys=of.keys)
        steps = [{**_plain("case_steps", one), "text": one.text if one.move in TOLD_MOVES else None} for one in said]
        held = [_plain("case_evidence", one) for one in of.stored.cases.evidence(case.case_id)]
        days = {"due": _plain("cases", case.due), "appeal_until": until}
        yield {**_plain("cases", case), **days, "steps": steps, "evidence": held}


def _application_steps(of: Whose) -> Iterable[Row]:
    for said in read_steps(of.holder, stored=of.stored, keys=of.keys):
        due = None if said.due is None else _plain("application_steps", said.due)
        yield {**_plain("application_steps", said), "due": due}


def _policy_decisions(of: Whose) -> Iterable[Row]:
    for past in of.stored.policy_decisions.of_holder(of.holder.holder_id):
        looked_at = parse_document(open_facts(past, of.holder, keys=of.keys))
        yield {**_plain("policy_decisions", past), "looked_at": looked_at}


def _bundles(of: Whose) -> Iterable[Row]:
    """Give what was made as evidence; of an authority's request the law says whether its holder may know."""
    for bundle in of.stored.bundles.of_holder(of.holder.holder_id):
        if bundle.party is not Party.AUTHORITY:
            yield {**_plain("bundles", bundle), "document": parse_document(bundle.document)}


def _notices(of: Whose) -> Iterable[Row]:
    vault = open_vault(of.holder, keys=of.keys)
    before = None
    while chunk := of.stored.notices.page(of.holder.holder_id, before=before, limit=_CHUNK):
        yield from (
            {**_plain("holder_notices", notice), "params": dict(open_notice(notice, vault))} for notice in chunk
        )
        before = chunk[-1].notice_id


def _email(of: Whose) -> Iterable[Row]:
    email = of.stored.emails.get(of.holder.holder_id)
    if email is not None:
        address = open_email(email, open_vault(of.holder, keys=of.keys))
        yield {**_plain("holder_emails", email), "address": address}


def _notice_choices(of: Whose) -> Iterable[Row]:
    choices = of.stored.notice_choices.get(of.holder.holder_id)
    if choices is not None:
        yield _plain("notice_choices", choices)


def _phone_changes(of: Whose) -> Iterable[Row]:
    for change in of.stored.phone_changes.list(of.holder.holder_id):
        old, new = (read(change, of.holder, keys=of.keys) for read in (number_of_before, new_number))
        yield {**_plain("phone_changes", change), "old": old, "new": new}


def _corrections(of: Whose) -> Iterable[Row]:
    for correction in of.stored.corrections.list(of.holder.holder_id):
        names = names_of(correction, of.holder, keys=of.keys)
        yield {**_plain("corrections", correction), "old": names.old, "new": names.new}


def _phrase(of: Whose) -> Iterable[Row]:
    kept = of.stored.phrases.get(of.holder.holder_id)
    if kept is not None:
        yield {**_plain("holder_phrases", kept), "phrase": open_phrase(kept, open_vault(of.holder, keys=of.keys))}


def _guardianships(of: Whose) -> Iterable[Row]:
    """Give those of either side; the reason of staff is for the guardian."""
    of_ward = of.stored.guardianships.of_ward(of.holder.holder_id)
    for side, found in (("ward", of_ward), ("guardian", of.stored.guardianships.of_guardian(of.holder.holder_id))):
        for one in found:
            reason = open_reason(one, of.holder, keys=of.keys) if side == "guardian" else ""
            yield {"side": side, **_plain("guardianships", one), "reason": reason}


def _assistances(of: Whose) -> Iterable[Row]:
    """Give those of either side."""
    of_elder = of.stored.assistances.of_elder(of.holder.holder_id)
    for side, found in (("elder", of_elder), ("helper", of.stored.assistances.of_helper(of.holder.holder_id))):
        for one in found:
            yield {"side": side, **_plain("assistances", one)}


def _document(of: Whose) -> Iterable[Row]:
    document = of.stored.restrictions.document(of.holder.holder_id)
    if document is not None:
        valid_until = read_valid_until(document, of.holder, keys=of.keys)
        known = {"valid_until": None if valid_until is None else valid_until.isoformat()}
        yield {**_plain("identity_documents", document), **known}


def _who_saw(of: Whose) -> Iterable[Row]:
    for seen in walk_sightings(of.holder.holder_id, stored=of.stored):
        known = {"at": seen.at, "viewer": seen.viewer, "occasion": seen.occasion, "items": seen.items}
        about = {"partner_id": seen.partner_id, "scene": seen.scene, "record_id": seen.record_id, "ticket": seen.ticket}
        yield {name: _value(value) for name, value in {**known, **about}.items()}


def _rows(table: str, read: Callable[[Whose], Iterable[DataclassInstance]]) -> Callable[[Whose], Iterable[Row]]:
    return lambda of: (_plain(table, row) for row in read(of))


PARTS: Final[Mapping[str, Callable[[Whose], Iterable[Row]]]] = {
    "account": _account,
    "person": _person,
    "acceptances": _acceptances,
    "devices": _rows("devices", lambda of: of.stored.devices.list(of.holder.holder_id)),
    "sessions": _rows("sessions", lambda of: of.stored.own_data.sessions(of.holder.holder_id)),
    "pin": _pin,
    "passkeys": _rows("passkeys", lambda of: of.stored.passkeys.list(of.holder.holder_id)),
    "events": _rows("holder_events", lambda of: of.stored.holders.events(of.holder.holder_id)),
    "codes": _codes,
    "verifications": _verifications,
    "refused_tries": _refused_tries,
    "replay_warnings": _rows("replay_warnings", lambda of: of.stored.codes.warnings(of.holder.holder_id)),
    "answered_requests": _rows("requests", lambda of: of.stored.own_data.requests(of.holder.holder_id)),
    "answered_flows": _flows,
    "grants": _rows("grants", lambda of: of.stored.grants.of_holder(of.holder.holder_id)),
    "partner_switches": _rows("partner_switches", lambda of: of.stored.own_data.switches(of.holder.holder_id)),
    "jobs": _rows("jobs", lambda of: of.stored.jobs.of_holder(of.holder.holder_id)),
    "recoveries": _rows("recoveries", lambda of: of.stored.recoveries.list(of.holder.holder_id)),
    "reports": _reports,
    "application_steps": _application_steps,
    "policy_decisions": _policy_decisions,
    "acts": _acts,
    "tickets": _tickets,
    "talks": _talks,
    "cases": _cases,
    "disputes": _rows("disputes", lambda of: of.stored.disputes.list(of.holder.holder_id)),
    "bundles": _bundles,
    "notices": _notices,
    "notice_email": _email,
    "notice_choices": _notice_choices,
    "freeze_links": _rows("freeze_links", lambda of: of.stored.notice_choices.links(of.holder.holder_id)),
    "deregistrations": _rows("deregistrations", lambda of: of.stored.deregistrations.list(of.holder.holder_id)),
    "phone_changes": _phone_changes,
    "corrections": _corrections,
    "phrase": _phrase,
    "guardianships": _guardianships,
    "assistances": _assistances,
    "restrictions": _rows("restrictions", lambda of: of.stored.restrictions.list(of.holder.holder_id)),
    "identity_document": _document,
    "who_saw": _who_saw,
}
"""Every part by its name in the file."""


def _plain(table: str, row: DataclassInstance | msgspec.Struct) -> Row:
    # A field that is added to one of these is copied without being named here; what is not stands in the list.
    hidden = hidden_names(table)
    return {name: _value(getattr(row, name)) for name in _fields_of(row) if name not in hidden}


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
