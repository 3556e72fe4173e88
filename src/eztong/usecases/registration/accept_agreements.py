"""Accept both documents: two acts, two records, one transaction (clauses P-3, P-4, 3.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from eztong.domain.access.unlock import check_unlocked
from eztong.domain.agreements import (
    SALT_BYTES,
    Acceptance,
    Agreement,
    AgreementKind,
    acceptance_document,
    check_same_text,
)
from eztong.domain.canonical_json import render_canonical
from eztong.domain.errors import AgreementNotAccepted, TickMissing
from eztong.domain.holder import Holder, HolderState
from eztong.domain.identifiers import AcceptanceId, HolderId
from eztong.ports.act import Act
from eztong.ports.storage.access.sessions import Session
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import SESSION_LIFE, find_session, require_device
from eztong.usecases.end_codes import end_codes
from eztong.usecases.naming import new_id
from eztong.usecases.registration.how_accepted import Press, how_accepted
from eztong.usecases.vault import Vault, new_vault, open_vault

ACTS: Final[Mapping[str, str]] = {
    "zh-CN": "逐份勾选文件，然后按下：申请并同意授权",
    "en": "ticked each document, then pressed: apply and agree to authorise",
}
"""What an applicant did, in the language of the text that was accepted."""

ACTS_AGAIN: Final[Mapping[str, str]] = {
    "zh-CN": "逐份勾选文件，然后按下：同意授权并继续",
    "en": "ticked each document, then pressed: agree to authorise and continue",
}
"""What the holder of an account did, whose page has another button."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptAgreements:
    """What came with the press of the button.

    ``ticked`` and ``shown_hashes`` say for each document whether its box was ticked and which text stood on the page.
    ``context`` is address and browser, sealed with the record. ``read_to_end`` are the documents of which the end
    of the text was in view; a browser without script says so of none.
    """

    session_hash: bytes
    language: str
    ticked: frozenset[AgreementKind]
    shown_hashes: Mapping[AgreementKind, str]
    shown_at: datetime
    context: str
    read_to_end: frozenset[AgreementKind] = frozenset()


def accept_agreements(act: Act, command: AcceptAgreements) -> HolderId:
    """Record two acceptances and open the application as a ``draft`` account.

    Pressing twice gives the same application and no further record. A holder whose session is live accepts a newer
    version in the same way, for the existing account; codes that still stand from before end with it, so that no
    code outlives the consent that it was issued under. Whatever was sent in does so on its bound device, and an account
    after a withdrawal with a fresh unlock: whoever holds only a session, or sees an application again, gives no consent
    in the place of its person.

    Raises:
        TickMissing: a document was not ticked; nothing is recorded.
        AgreementChanged: a text changed since it was shown; nothing is recorded.
        DeviceNotBound, Locked: this session may not for an account or application.
    """
    documents = [accepted_text(kind, command, stored=act.uow) for kind in AgreementKind]
    session = act.uow.sessions.get(command.session_hash)
    if session is not None and session.holder_id is not None:
        _accept_again(act, documents, command)
        return session.holder_id
    holder_id = HolderId(new_id(act, "hld"))
    vault, data_key = new_vault(holder_id, keys=act.keys, entropy=act.entropy)
    ids = {document.kind: record_acceptance(act, document, command, vault) for document in documents}
    act.uow.holders.add(
        Holder(
            holder_id=holder_id,
            state=HolderState.DRAFT,
            created_at=act.now,
            data_key=data_key,
            service_acceptance=ids[AgreementKind.SERVICE],
            authorisation_acceptance=ids[AgreementKind.AUTHORISATION],
        )
    )
    act.uow.sessions.add(
        Session(
            session_hash=command.session_hash,
            holder_id=holder_id,
            device_id=None,
            phone_index=None,
            created_at=act.now,
            expires_at=act.now + SESSION_LIFE,
        )
    )
    return holder_id


def _accept_again(act: Act, documents: Sequence[Agreement], command: AcceptAgreements) -> None:
    signed_in = find_session(command.session_hash, stored=act.uow, now=act.now)
    holder = signed_in.holder
    newest = {
        one.kind: act.uow.agreements.newest_acceptance(holder.holder_id, AgreementKind(one.kind)) for one in documents
    }
    if holder.state is not HolderState.DRAFT:
        require_device(signed_in, stored=act.uow)
        if holder.has_account and any(one is not None and one.withdrawn_at is not None for one in newest.values()):
            check_unlocked(signed_in.session.unlocked_until, now=act.now)
    vault = open_vault(holder, keys=act.keys)
    said = ACTS_AGAIN if holder.has_account else ACTS
    ids: dict[AgreementKind, AcceptanceId] = {}
    for document in documents:
        before = newest[document.kind]
        if before is None or before.withdrawn_at is not None or before.version != document.version:
            ids[AgreementKind(document.kind)] = record_acceptance(act, document, command, vault, said=said)
    if ids:
        end_codes(act, holder.holder_id)
        service = ids.get(AgreementKind.SERVICE, holder.service_acceptance)
        authorisation = ids.get(AgreementKind.AUTHORISATION, holder.authorisation_acceptance)
        act.uow.holders.update(replace(holder, service_acceptance=service, authorisation_acceptance=authorisation))


def accepted_text(kind: AgreementKind, command: AcceptAgreements, *, stored: Repositories) -> Agreement:
    """Return the text in force that was ticked, if it is the one that was shown.

    Raises:
        TickMissing, AgreementChanged: as :func:`accept_agreements` says.
        AgreementNotAccepted: there is none in this language.
    """
    if kind not in command.ticked:
        raise TickMissing
    agreement = stored.agreements.in_force(kind, command.language)
    if agreement is None:
        raise AgreementNotAccepted("There is no agreement in force in this language; ask the operator.")
    check_same_text(agreement, shown_hash=command.shown_hashes.get(kind, ""))
    return agreement


def record_acceptance(
    act: Act, agreement: Agreement, command: AcceptAgreements, vault: Vault, *, said: Mapping[str, str] = ACTS
) -> AcceptanceId:
    """Store an acceptance for the account whose vault it is, and attest it; ``said`` are the words of the act."""
    acceptance_id = AcceptanceId(new_id(act, "acc"))
    acceptance = Acceptance(
        acceptance_id=acceptance_id,
        holder_id=HolderId(vault.owner),
        kind=AgreementKind(agreement.kind),
        version=agreement.version,
        language=agreement.language,
        title=agreement.title,
        text_hash=agreement.text_hash,
        shown_at=command.shown_at,
        accepted_at=act.now,
        act=said[agreement.language],
        salt=act.entropy.token(SALT_BYTES),
        sealed_context=vault.seal(acceptance_id, command.context.encode(), entropy=act.entropy, table="acceptances"),
    )
    how = how_accepted(act, agreement, _press(command))
    document = render_canonical(acceptance_document(acceptance, how))
    leaf = act.uow.attest(document)
    act.uow.agreements.add_acceptance(acceptance, document=document, batch_id=leaf.batch_id, leaf_index=leaf.index)
    return acceptance_id


def _press(command: AcceptAgreements) -> Press:
    return Press(ticked=command.ticked, read_to_end=command.read_to_end, context=command.context)
