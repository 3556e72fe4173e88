"""Give one side of a record its evidence in one file: to the holder, the partner, or an authority (clause 2.15).

What a record can show is read and put together between acts. The act itself keeps the manifest, which is attested; the
file is put together from both and kept nowhere. Asked again, the same bytes come about as long as nothing changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from eztong.domain.agreements import SALT_BYTES
from eztong.domain.canonical_json import render_canonical
from eztong.domain.codes.verification import Verification
from eztong.domain.disputes.dispute import Bundle, BundleKey, LegalRequest, Party
from eztong.domain.disputes.evidence_bundle import Contents, Heading, manifest_document, render_bundle
from eztong.domain.errors import NotFound
from eztong.domain.events import Actor, EventKind
from eztong.domain.identifiers import HolderId, PartnerId, VerificationId
from eztong.domain.operators.operator import check_another
from eztong.domain.operators.permission import Permission
from eztong.domain.partners.partner import Caller
from eztong.domain.portal.permission import PortalPermission
from eztong.domain.sealing import NONCE_BYTES
from eztong.ports.act import HOLDER, PARTNER, Act, Acting
from eztong.ports.services import Services
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import find_bound
from eztong.usecases.codes.read_proof import proof_file, proof_part
from eztong.usecases.disputes.collect_evidence import collect_for_holder, collect_for_partner
from eztong.usecases.naming import new_id
from eztong.usecases.note_event import note_event
from eztong.usecases.operators.check_operator import check_about_another, check_operator
from eztong.usecases.portal.check_person import check_person
from eztong.usecases.records.list_records import find_record

_TABLE: Final = "bundles"
_COLUMN: Final = "sealed_basis"


@dataclass(frozen=True, slots=True)
class Given:
    """The file, and what is kept of it."""

    bundle: Bundle
    file: bytes = field(repr=False)

    @property
    def file_name(self) -> str:
        """How the file is called where it is kept; it says no more than the file's manifest."""
        return f"eztong-evidence-{self.bundle.record_id}.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepBundle:
    """Keep the manifest of these contents. ``takes`` says whether the file leaves at once."""

    key: BundleKey
    holder_id: HolderId | None
    contents: Contents = field(repr=False)
    environment: str
    takes: bool = True
    asked_by: str | None = None
    legal: LegalRequest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderAsks:
    """The session's holder wants the evidence of a record. ``takes`` says whether the file leaves at once."""

    session_hash: bytes
    record_id: str
    takes: bool


def give_to_holder(asks: HolderAsks, *, services: Services) -> Given:
    """Give a holder the own side of a record, whatever the record is.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this session may not.
        NotFound: no such record of this account.
    """
    with services.store.snapshot() as stored:
        holder = find_bound(asks.session_hash, stored=stored, now=services.clock.now()).holder
        record = find_record(holder.holder_id, asks.record_id, stored=stored)
        contents = collect_for_holder(
            holder.holder_id, record.record_id, Party.HOLDER, stored=stored, keys=services.keys
        )
    command = KeepBundle(
        key=BundleKey(record_id=record.record_id, party=Party.HOLDER, partner_id=record.partner_id),
        holder_id=holder.holder_id,
        contents=contents,
        environment=services.deployment.mode.value,
        takes=asks.takes,
    )
    return given_file(
        services.perform(HOLDER, keep_for_holder, command, asks.session_hash), contents, services=services
    )


def give_to_partner(caller: Caller, verification_id: VerificationId, *, services: Services) -> Given:
    """Give a partner what it was told in one of its own verifications.

    Raises:
        NotFound: it has none of this id.
    """
    command = _for_partner(caller.partner.partner_id, verification_id, asked_by=caller.key.key_id, services=services)
    return given_file(services.perform(PARTNER, keep_bundle, command), command.contents, services=services)


def give_to_person(partner_id: PartnerId, verification_id: VerificationId, *, by: Acting, services: Services) -> Given:
    """Give a person at the partner's portal the same; a closed partner can take it as well.

    Raises:
        NotFound: the partner has none of this id.
        PortalRefused, PortalRoleMissing, PortalNotOpen: whoever acts may not.
    """
    command = _for_partner(partner_id, verification_id, asked_by=by.name, services=services)
    return given_file(services.perform(by, keep_for_person, command), command.contents, services=services)


def keep_for_person(act: Act, command: KeepBundle) -> Bundle:
    """Keep a bundle for a person at the portal, who may have lost the role since the contents were read.

    Raises:
        PortalRefused, PortalRoleMissing, PortalNotOpen: whoever acts may not.
    """
    check_person(act, command.key.partner_id, PortalPermission.EVIDENCE_TAKE, command.key.record_id)
    return keep_bundle(act, command)


def _for_partner(
    partner_id: PartnerId, verification_id: VerificationId, *, asked_by: str, services: Services
) -> KeepBundle:
    with services.store.snapshot() as stored:
        verification = _verification(partner_id, verification_id, stored=stored)
        contents = collect_for_partner(verification, stored=stored, keys=services.keys)
    return KeepBundle(
        key=BundleKey(record_id=verification_id, party=Party.PARTNER, partner_id=partner_id),
        holder_id=verification.holder_id,
        contents=contents,
        environment=services.deployment.mode.value,
        asked_by=asked_by,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityAsks:
    """A court or the police wants the evidence of a record of an account, or of a partner's verification."""

    record_id: str
    holder_id: HolderId | None
    partner_id: PartnerId | None
    legal: LegalRequest


def give_to_authority(asks: AuthorityAsks, *, services: Services) -> Given:
    """Give an authority the holder's side of one record; each request is kept with what it is founded on.

    Nothing of it is told to the account: whether the holder may know is decided by law, and by people.

    Raises:
        LegalBasisMissing: as :meth:`LegalRequest.check` says.
        OperatorNeeded, OperatorRefused, RoleMissing, SameOperator, AboutOneself: these two may not.
        NotFound: no such record of this account, or no such verification of this partner.
    """
    asks.legal.check()
    with services.store.snapshot() as stored:
        holder_id = asks.holder_id or _account_of(asks, stored=stored)
        record = find_record(holder_id, asks.record_id, stored=stored)
        contents = collect_for_holder(holder_id, record.record_id, Party.AUTHORITY, stored=stored, keys=services.keys)
    command = KeepBundle(
        key=BundleKey(record_id=record.record_id, party=Party.AUTHORITY, partner_id=record.partner_id),
        holder_id=holder_id,
        contents=contents,
        environment=services.deployment.mode.value,
        asked_by=asks.legal.operators,
        legal=asks.legal,
    )
    by = Acting(Actor.OPERATOR, asks.legal.operator)
    return given_file(services.perform(by, keep_for_authority, command), contents, services=services)


def keep_for_authority(act: Act, command: KeepBundle) -> Bundle:
    """Keep a bundle for an authority: two operators answer, of role ``legal``, neither about the own account.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: one of the two may not.
        SameOperator: both are one person.
        AboutOneself: the record belongs to one of them.
    """
    legal = command.legal
    second = "" if legal is None else legal.approved_by
    both = [check_operator(one, Permission.EVIDENCE_GIVE) for one in (act, act.as_operator(second))]
    check_another(both[1], both[0], named=both[0].name, now=act.now)
    for operator in both:
        check_about_another(operator, command.holder_id, stored=act.uow)
    return keep_bundle(act, command)


def keep_for_holder(act: Act, command: KeepBundle, session_hash: bytes) -> Bundle:
    """Keep a bundle for the session's holder, who may have signed out since the contents were read.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this session may not.
        NotFound: it is another account's by now.
    """
    if find_bound(session_hash, stored=act.uow, now=act.now).holder.holder_id != command.holder_id:
        raise NotFound
    return keep_bundle(act, command)


def keep_bundle(act: Act, command: KeepBundle) -> Bundle:
    """Attest and store the manifest of a bundle, and return it.

    1. The same contents for the same side are the same bundle; but every request of an authority is one of its own.
    2. Otherwise the manifest becomes a leaf of this batch.
    3. The account's history says that evidence was made for its holder or its partner.
    """
    known = act.uow.bundles.newest(command.key)
    contents_hash = command.contents.contents_hash
    if known is not None and command.legal is None and known.contents_hash == contents_hash:
        if command.takes:
            act.uow.bundles.note_download(known, now=act.now)
        return known
    bundle = _made(act, command, contents_hash)
    act.uow.bundles.add(bundle)
    _tell(act, bundle)
    return bundle


def _made(act: Act, command: KeepBundle, contents_hash: bytes) -> Bundle:
    bundle_id, salt = new_id(act, "bdl"), act.entropy.token(SALT_BYTES)
    heading = Heading(
        bundle_id=bundle_id,
        key=command.key,
        environment=command.environment,
        at=act.now,
        # A partner is told nothing of the account, not even a commitment.
        holder_id=None if command.key.party is Party.PARTNER else command.holder_id,
        salt=salt,
    )
    document = render_canonical(manifest_document(heading, command.contents))
    leaf = act.uow.attest(document)
    return Bundle(
        bundle_id=bundle_id,
        record_id=command.key.record_id,
        party=command.key.party,
        holder_id=command.holder_id,
        partner_id=command.key.partner_id,
        asked_by=command.asked_by,
        contents_hash=contents_hash,
        document=document,
        batch_id=leaf.batch_id,
        leaf_index=leaf.index,
        salt=salt,
        created_at=act.now,
        downloaded_at=act.now if command.takes else None,
        sealed_basis=_sealed_basis(act, bundle_id, command.legal),
    )


def _sealed_basis(act: Act, bundle_id: str, legal: LegalRequest | None) -> bytes | None:
    if legal is None:
        return None
    basis = {"document_number": legal.document_number, "legal_basis": legal.legal_basis}
    return act.keys.seal(
        render_canonical(basis), nonce=act.entropy.token(NONCE_BYTES), place=(_TABLE, bundle_id, _COLUMN)
    )


def _tell(act: Act, bundle: Bundle) -> None:
    holder = None if bundle.holder_id is None else act.uow.holders.get(bundle.holder_id)
    if bundle.party is Party.AUTHORITY or holder is None or not holder.data_key.wrapped:
        return
    detail = f"bundle={bundle.bundle_id} record={bundle.record_id}"
    if bundle.party is Party.PARTNER:
        detail += f" partner={bundle.partner_id}"
    note_event(act, holder.holder_id, EventKind.BUNDLE_MADE, detail=detail)


def given_file(bundle: Bundle, contents: Contents, *, services: Services) -> Given:
    """Put the file together from the manifest that was kept and its contents."""
    with services.store.read() as stored:
        part = proof_part(bundle.batch_id, bundle.leaf_index, stored=stored)
    return Given(bundle, render_bundle(proof_file(bundle.document, part), contents))


def _account_of(asks: AuthorityAsks, *, stored: Repositories) -> HolderId:
    if asks.partner_id is None:
        raise NotFound
    verification = _verification(asks.partner_id, VerificationId(asks.record_id), stored=stored)
    if verification.holder_id is None:
        raise NotFound
    return verification.holder_id


def _verification(partner_id: PartnerId, verification_id: VerificationId, *, stored: Repositories) -> Verification:
    verification = stored.verifications.get(partner_id, verification_id)
    if verification is None:
        raise NotFound
    return verification
