"""Find a decision about one's account: in the account's session, or by the number and secret that came by message."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from eztong.domain.cases.case import TOLD_MOVES, Case, CaseEvidence, CaseUnknown
from eztong.domain.holder import Holder
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import find_bound
from eztong.usecases.cases.case_words import CaseSaid, read_case_steps

_CONTEXT = b"case_secret\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseProof:
    """What proves that a decision is about somebody: its secret, or else the session of the account."""

    number: str
    secret: str | None = field(repr=False)
    session_hash: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class CaseDecision:
    """A decision as its holder reads it: the words that were meant for the holder, and what it rests on."""

    case: Case
    said: Sequence[CaseSaid]
    evidence: tuple[CaseEvidence, ...]


def hash_case_secret(secret: str, *, keys: Keys) -> bytes:
    """Return the keyed hash of a case's secret; its key never rotates, since cases outlive rotations."""
    return keys.mac(MacPurpose.LOOKUP, _CONTEXT + secret.encode())


def find_decided(proof: CaseProof, *, stored: Repositories, keys: Keys, now: datetime) -> tuple[Case, Holder]:
    """Return the decided case that ``proof`` opens, with its account.

    Raises:
        CaseUnknown: no such decision, or another one's, or its secret opens it no more: the two are not told apart.
        SessionMissing, HolderNotActive, DeviceNotBound: no secret, and this session is no holder's own.
    """
    shown = own = None
    if proof.secret is None:
        own = find_bound(proof.session_hash, stored=stored, now=now).holder.holder_id
    else:
        shown = hash_case_secret(proof.secret, keys=keys)
    case = stored.cases.by_number(proof.number)
    holder = None if case is None else stored.holders.get(case.holder_id)
    if case is None or holder is None or holder.is_erased or not case.is_told:
        raise CaseUnknown
    is_own = case.holder_id == own
    is_shown = (
        shown is not None
        and case.secret_hash is not None
        and case.is_open_by_secret(now)
        and hmac.compare_digest(case.secret_hash, shown)
    )
    if not (is_own or is_shown):
        raise CaseUnknown
    return case, holder


def read_decision(proof: CaseProof, *, stored: Repositories, keys: Keys, now: datetime) -> CaseDecision:
    """Return the decision with the words that its holder reads.

    Raises:
        CaseUnknown, SessionMissing, HolderNotActive, DeviceNotBound: as :func:`find_decided` says.
    """
    case, holder = find_decided(proof, stored=stored, keys=keys, now=now)
    return decision_of(case, holder, stored=stored, keys=keys)


def decision_of(case: Case, holder: Holder, *, stored: Repositories, keys: Keys) -> CaseDecision:
    """Return a decision as its holder reads it."""
    said = [one for one in read_case_steps(case, holder, stored=stored, keys=keys) if one.move in TOLD_MOVES]
    return CaseDecision(case, said, tuple(stored.cases.evidence(case.case_id)))


def decisions_about(session_hash: bytes, *, stored: Repositories, now: datetime) -> Sequence[Case]:
    """Return what was decided about the session's account, newest first.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this session may not.
    """
    holder = find_bound(session_hash, stored=stored, now=now).holder
    return [case for case in stored.cases.of_holder(holder.holder_id) if case.is_told]
