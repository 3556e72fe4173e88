"""Put together what one side of one record can show: proofs, receipts, and what stands in the record (clause 2.15).

It looks only. What is gone is named with its reason; what is damaged is an error, as everywhere. Nothing here depends
on the moment of asking, so that the same contents come about as long as nothing of the record changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from operator import itemgetter
from typing import Any

from eztong.domain.agreements import Acceptance, AgreementKind
from eztong.domain.canonical_json import render_time
from eztong.domain.claims import Claim
from eztong.domain.codes.presentation_code import PresentationCode
from eztong.domain.codes.verification import Verification
from eztong.domain.disputes.dispute import Party
from eztong.domain.disputes.evidence_bundle import (
    INTENTION,
    RECORD,
    RECORD_FORMAT,
    REFUSED_TRY,
    RESULT,
    Contents,
    Missing,
    acceptance_part,
)
from eztong.domain.errors import HolderErased, NotFound
from eztong.domain.grants import Grant
from eztong.domain.identifiers import BatchId, CodeId, HolderId, PartnerId, RequestId, VerificationId
from eztong.ports.keys import Keys
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.codes.conclude_verification import open_result
from eztong.usecases.codes.read_proof import proof_file, proof_part
from eztong.usecases.records.list_records import REFUSED_TRY as TRY_RESULT
from eztong.usecases.records.list_records import Record, find_record

_Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bag:
    """What was found so far, and where to look."""

    stored: Repositories
    keys: Keys
    parts: dict[str, _Json] = field(default_factory=dict)
    missing: dict[str, Missing] = field(default_factory=dict)

    def prove(self, name: str, document: Callable[[], bytes], batch_id: str, leaf_index: int) -> None:
        """Add the proof file of a document under ``name``, or why it cannot be given."""
        try:
            part = proof_part(BatchId(batch_id), leaf_index, stored=self.stored)
            self.parts[name] = proof_file(document(), part)
        except HolderErased:
            self.missing[name] = Missing.ERASED
        except NotFound:
            self.missing[name] = Missing.NOT_KEPT

    def contents(self) -> Contents:
        """Return what was found."""
        return Contents(parts=self.parts, missing=self.missing)


def collect_for_partner(verification: Verification, *, stored: Repositories, keys: Keys) -> Contents:
    """Return what the partner of a verification was told, and nothing else: no reason, no grant, no receipt."""
    bag = Bag(stored, keys)
    _add_result(bag, verification)
    bag.parts[RECORD] = _told_record(verification, stored=stored)
    return bag.contents()


def collect_for_holder(
    holder_id: HolderId, record_id: str, party: Party, *, stored: Repositories, keys: Keys
) -> Contents:
    """Return the holder's side: what was asked, shown, granted and answered, and the receipts in force at that moment.

    Raises:
        NotFound: no such record of this account.
    """
    record = find_record(holder_id, record_id, stored=stored)
    bag = Bag(stored, keys)
    verification = _add_proofs(bag, holder_id, record)
    request_id = None if verification is None else verification.request_id
    _add_intention(bag, request_id)
    add_receipts(bag, holder_id, at=record.at)
    bag.parts[RECORD] = {
        **_common(record, party=party),
        **_asked(record.partner_id, request_id, stored=stored),
        **_shown(record, holder_id, stored=stored),
        "partner_name": _name_of(record.partner_id, stored=stored),
        "reason": record.reason,
        "grants": [_grant(one) for one in _grants(record, holder_id, stored=stored)],
    }
    return bag.contents()


def _add_proofs(bag: Bag, holder_id: HolderId, record: Record) -> Verification | None:
    if record.is_use:
        verification = bag.stored.verifications.get(record.partner_id, VerificationId(record.record_id))
        if verification is not None:
            _add_result(bag, verification)
        return verification
    attested = bag.stored.codes.attested_attempt(holder_id, record.record_id)
    if attested is None:
        bag.missing[REFUSED_TRY] = Missing.NOT_ATTESTED
    else:
        bag.prove(REFUSED_TRY, lambda: attested.document, attested.batch_id, attested.leaf_index)
    return None


def _add_result(bag: Bag, verification: Verification) -> None:
    def result() -> bytes:
        holder = None if verification.holder_id is None else bag.stored.holders.get(verification.holder_id)
        return open_result(verification, holder=holder, keys=bag.keys)

    bag.prove(RESULT, result, verification.batch_id, verification.leaf_index)


def _add_intention(bag: Bag, request_id: RequestId | None) -> None:
    flow = None if request_id is None else bag.stored.eid_flows.of_request(request_id)
    ending = None if flow is None else flow.ending
    if ending is None or ending.evidence is None or ending.evidence_batch is None or ending.evidence_leaf is None:
        return
    evidence = ending.evidence
    bag.prove(INTENTION, lambda: evidence, ending.evidence_batch, ending.evidence_leaf)


def add_receipts(bag: Bag, holder_id: HolderId, *, at: datetime) -> None:
    """Add the receipts of the agreements that stood at that moment."""
    accepted = bag.stored.agreements.acceptances(holder_id)
    for kind in AgreementKind:
        name = acceptance_part(kind)
        receipt = _in_force(accepted, kind, at=at)
        leaf = None if receipt is None else bag.stored.agreements.acceptance_leaf(holder_id, receipt.acceptance_id)
        if leaf is None:
            bag.missing[name] = Missing.NOT_KEPT
        else:
            bag.prove(name, partial(itemgetter(0), leaf), leaf[1], leaf[2])


def _in_force(accepted: Sequence[Acceptance], kind: AgreementKind, *, at: datetime) -> Acceptance | None:
    """Return the newest acceptance of a kind that stood at that moment; ``accepted`` are newest first."""
    stood = (
        one
        for one in accepted
        if one.kind is kind and one.accepted_at <= at and (one.withdrawn_at is None or one.withdrawn_at > at)
    )
    return next(stood, None)


def _common(record: Record, *, party: Party) -> _Json:
    return {
        "format": RECORD_FORMAT,
        "side": party.value,
        "id": record.record_id,
        "kind": TRY_RESULT if not record.is_use else "use",
        "partner": record.partner_id,
        "scene": record.scene,
        "desk": record.desk,
        "method": None if record.method is None else record.method.value,
        "at": render_time(record.at),
        "outcome": record.result,
        "told": _names(record.told),
    }


def _told_record(verification: Verification, *, stored: Repositories) -> _Json:
    told: _Json = {
        "format": RECORD_FORMAT,
        "side": Party.PARTNER.value,
        "id": verification.verification_id,
        "kind": "use",
        "partner": verification.partner_id,
        "scene": verification.scene,
        "desk": verification.desk,
        "method": verification.method.value,
        "at": render_time(verification.created_at),
        "outcome": verification.outcome.value,
        "told": _names(verification.claims),
        "api_key": verification.api_key_id,
    }
    return {**told, **_asked(verification.partner_id, verification.request_id, stored=stored)}


def _asked(partner_id: PartnerId, request_id: RequestId | None, *, stored: Repositories) -> _Json:
    """Return what a request asked: both sides know it. A code says what was asked in its result alone."""
    request = None if request_id is None else stored.requests.get(partner_id, request_id)
    if request is None:
        return {"request": request_id and {"id": request_id}}
    return {
        "request": {
            "id": request.request_id,
            "asked": _names(request.claims),
            "grant_days": request.grant_days,
            "opened_at": render_time(request.created_at),
            "open_until": render_time(request.expires_at),
        }
    }


def _shown(record: Record, holder_id: HolderId, *, stored: Repositories) -> _Json:
    code = None if record.code_id is None else _code(record.code_id, holder_id, stored=stored)
    if code is None:
        return {"code": record.code_id and {"id": record.code_id}}
    return {
        "code": {
            "id": code.code_id,
            "shown_as": code.channel.value,
            "issued_at": render_time(code.issued_at),
            "valid_until": render_time(code.expires_at),
            "used_by": _used_by(code, record, stored=stored),
        }
    }


def _code(code_id: CodeId, holder_id: HolderId, *, stored: Repositories) -> PresentationCode | None:
    code = stored.codes.get(code_id)
    return code if code is not None and code.holder_id == holder_id else None


def _used_by(code: PresentationCode, record: Record, *, stored: Repositories) -> str | None:
    """Return the code's one verification, but of another partner only that there is one: it is no party here."""
    if code.verification_id is None:
        return None
    same = stored.verifications.get(record.partner_id, code.verification_id)
    return "another_partner" if same is None else same.verification_id


def _grants(record: Record, holder_id: HolderId, *, stored: Repositories) -> Iterable[Grant]:
    """Return the grants to this partner in this scene that were live at that moment, oldest first."""
    given = stored.grants.list(holder_id, record.partner_id, record.scene)
    live = [
        one
        for one in given
        if one.granted_at <= record.at < one.expires_at and (one.withdrawn_at is None or one.withdrawn_at > record.at)
    ]
    return sorted(live, key=lambda one: one.grant_id)


def _grant(grant: Grant) -> _Json:
    return {
        "id": grant.grant_id,
        "claims": _names(grant.claims),
        "purpose": grant.purpose,
        "granted_at": render_time(grant.granted_at),
        "expires_at": render_time(grant.expires_at),
    }


def _name_of(partner_id: PartnerId, *, stored: Repositories) -> str | None:
    partner = stored.partners.get(partner_id)
    return None if partner is None else partner.name


def _names(claims: Iterable[Claim]) -> list[str]:
    return sorted(claim.value for claim in claims)
