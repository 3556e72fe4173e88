"""Turn a decided authentication into its signed, stored, immutable verification. Shared by codes and requests."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

import msgspec
from msgspec.structs import replace

from eztong.domain.claims import ONLY_A_PERSON, PERSON_ALONE, Claim, IdentityReader, Release, release_claims
from eztong.domain.codes.verification import Outcome, Question, Verification, render_result
from eztong.domain.damage import SealedDataDamaged
from eztong.domain.errors import (
    AgreementNotAccepted,
    HolderErased,
    HolderNotUsable,
    HolderRestricted,
    NotFound,
)
from eztong.domain.holder import Holder
from eztong.domain.identifiers import PartnerId
from eztong.domain.identity.age import service_date
from eztong.domain.identity.citizen_number import parse_number_of_any_kind
from eztong.domain.partners.freshness import Confirmation, Freshness, judge_confirmation, unconfirmed_since
from eztong.domain.partners.partner import Partner, Scene
from eztong.domain.partners.partner_code import PartnerCode, derive_partner_code
from eztong.domain.requests.request import PartnerSwitchedOff
from eztong.domain.restrictions.mark import open_marks
from eztong.domain.standing import HolderToVerify, Verifiable, check_may_be_verified
from eztong.ports.act import Act
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.storage.repositories import Repositories
from eztong.ports.storage.store import Leaf
from eztong.usecases.agreements.check_consent import check_allowed
from eztong.usecases.vault import Vault, open_vault


class Answered(msgspec.Struct, frozen=True):
    """The stored verification, its result bytes, and its leaf if it was made in this unit of work."""

    verification: Verification
    result: bytes
    leaf: Leaf | None


class Decided(msgspec.Struct, frozen=True):
    """The outcome with the exact reason, which only the holder may learn."""

    outcome: Outcome
    reason: str | None = None
    unconfirmed_since: date | None = None
    """It passes, and the authority has not confirmed the person since that day: the scene's limit."""


_PASSED: Final = Decided(Outcome.PASSED)


def decide(holder: Verifiable, *, partner_id: PartnerId, scene: Scene, stored: Repositories, now: datetime) -> Decided:
    """Say whether the holder's state, consent, switch and last confirmation let this verification pass, now."""
    try:
        check_may_be_verified(holder, floor=scene.floor)
        check_allowed(holder.holder_id, partner_id, stored=stored)
    except HolderRestricted as why:
        return Decided(Outcome.NOT_PASSED, _limit(holder, why, stored=stored))
    except (HolderNotUsable, AgreementNotAccepted, PartnerSwitchedOff) as why:
        return Decided(Outcome.NOT_PASSED, why.code)
    return _by_age(holder, scene.freshness, stored=stored, now=now)


def _by_age(holder: Verifiable, rule: Freshness | None, *, stored: Repositories, now: datetime) -> Decided:
    if rule is None or not rule.days:
        return _PASSED
    match judge_confirmation(_confirmed_at(holder, stored=stored), rule, now=now):
        case None:
            return _PASSED
        case Confirmation.STALE as why:
            return Decided(Outcome.PASSED, why.value, unconfirmed_since(rule, now=now))
        case why:
            return Decided(Outcome.UNAVAILABLE, why.value)


def _confirmed_at(holder: Verifiable, *, stored: Repositories) -> datetime:
    """Return when the authority confirmed the person last; a round has read that with the code."""
    found = holder if isinstance(holder, HolderToVerify) else stored.holders.to_verify(holder.holder_id)
    if found is None:
        raise NotFound
    return found.confirmed_at


def _limit(holder: Verifiable, why: HolderRestricted, *, stored: Repositories) -> str:
    """Return the cause of the mark that let the least pass: read only where something did not pass by it."""
    limiting = open_marks(stored.restrictions.list(holder.holder_id))
    return limiting[0].cause.value if limiting else why.code


def conclude(act: Act, asked: Question, decided: Decided, *, holder: Verifiable, granted: frozenset[Claim]) -> Answered:
    """Build the result, make it a leaf of the batch, store the verification."""
    partner_code: PartnerCode | None = None
    release: Release | None = None
    vault: Vault | None = None
    if decided.outcome is Outcome.PASSED:
        vault = open_vault(holder, keys=act.keys)
        partner_code = partner_code_of(holder, asked.partner, vault=vault, keys=act.keys)
        release = _release(asked, granted, holder, vault)
    result = render_result(
        asked,
        outcome=decided.outcome,
        partner_code=partner_code,
        release=release,
        unconfirmed_since=decided.unconfirmed_since,
    )
    leaf = act.uow.attest(result)
    told = tuple(release.told) if release else ()
    verification = _verification(asked, decided, holder=holder, told=told, result=result, leaf=leaf)
    if vault is not None and Claim.MASKED_NAME in told:
        sealed = vault.seal(asked.verification_id, result, entropy=act.entropy, table="verifications")
        verification = replace(verification, result=None, sealed_result=sealed)
    act.uow.verifications.add(verification)
    return Answered(verification, result, leaf)


def partner_code_of(holder: Verifiable, partner: Partner, *, vault: Vault, keys: Keys) -> PartnerCode:
    """Derive the holder's partner code for the partner's sector."""
    if holder.sealed_eid_mark is None:
        raise HolderNotUsable
    return derive_partner_code(
        mac=lambda data: keys.mac(MacPurpose.PARTNER_CODE, data),
        sector_id=partner.sector_id,
        generation=holder.generation,
        eid_mark=vault.open("sealed_eid_mark", holder.sealed_eid_mark),
    )


def _release(asked: Question, granted: frozenset[Claim], holder: Verifiable, vault: Vault) -> Release:
    if asked.wants == PERSON_ALONE:
        return ONLY_A_PERSON
    return release_claims(asked.wants, granted=granted, identity=_reader(holder, vault, now=asked.now), now=asked.now)


def _reader(holder: Verifiable, vault: Vault, *, now: datetime) -> IdentityReader:
    def birth_date() -> date:
        number = vault.open("sealed_number", holder.sealed_number or b"").decode()
        return parse_number_of_any_kind(number, today=service_date(now)).birth_date

    def name() -> str:
        return vault.open("sealed_name", holder.sealed_name or b"").decode()

    return IdentityReader(birth_date=birth_date, name=name)


def _verification(
    asked: Question, decided: Decided, *, holder: Verifiable, told: tuple[Claim, ...], result: bytes, leaf: Leaf
) -> Verification:
    return Verification(
        verification_id=asked.verification_id,
        partner_id=asked.partner.partner_id,
        holder_id=holder.holder_id,
        code_id=asked.code_id,
        request_id=asked.request_id,
        outcome=decided.outcome,
        reason=decided.reason,
        scene=asked.scene.scene,
        desk=asked.desk,
        method=asked.method,
        claims=told,
        created_at=asked.now,
        result=result,
        sealed_result=None,
        batch_id=leaf.batch_id,
        leaf_index=leaf.index,
        api_key_id=asked.api_key_id,
    )


def open_result(verification: Verification, *, holder: Holder | None, keys: Keys) -> bytes:
    """Return the result bytes of a stored verification.

    Raises:
        HolderErased: it told a name, and the account was erased since.
        SealedDataDamaged: it was changed in the store.
    """
    if verification.result is not None:
        return verification.result
    if holder is None:
        raise HolderErased
    if verification.sealed_result is None:
        raise SealedDataDamaged
    vault = open_vault(holder, keys=keys)
    return vault.open(verification.verification_id, verification.sealed_result, table="verifications")
