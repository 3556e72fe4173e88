"""Agreements and their acceptance (clauses P-3, P-4, 3.6, 5.6).

An agreement version is a text with a hash; ``draft -> scheduled -> in_force -> superseded``. An acceptance is a
separate record that names the exact text. The evidence document of an acceptance holds no personal data: the holder
stands in it as a salted commitment, whose salt only the holder's receipt carries.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, TypeAlias

import msgspec

from eztong.domain.canonical_json import render_time
from eztong.domain.errors import AgreementChanged, AgreementNotAccepted
from eztong.domain.identifiers import AcceptanceId, HolderId
from eztong.gm.sm3 import sm3

ACCEPTANCE_FORMAT = "eztong/acceptance/v1"
SALT_BYTES = 16
_DIGITS: Final = re.compile(r"[0-9]+")


class AgreementKind(StrEnum):
    """The two documents of registration; each is a separate act and a separate record."""

    SERVICE = "service"
    AUTHORISATION = "authorisation"


_KINDS: Final = tuple(AgreementKind)


class RuleKind(StrEnum):
    """What else belongs to a set: listed before use, and accepted with the service agreement (clauses 2.14, 5.6)."""

    PRIVACY = "privacy"
    CHILDREN = "children"
    SCENES = "scenes"
    NOTICE = "notice"
    """A public notice. Its version is its number, and any number of them stands at once."""


DocumentKind: TypeAlias = AgreementKind | RuleKind

PRECEDENCE: Final[tuple[DocumentKind, ...]] = (
    AgreementKind.AUTHORISATION,
    RuleKind.CHILDREN,
    RuleKind.SCENES,
    AgreementKind.SERVICE,
    RuleKind.PRIVACY,
    RuleKind.NOTICE,
)
"""Which document applies where they differ on one matter, the first one first (clause 5.6).

Before all of them come mandatory law and the separate authorisation that a holder gave for that matter.
"""


def document_kind(text: str) -> DocumentKind:
    """Return the kind that a row, a file or an address names.

    Raises:
        ValueError: there is no such kind.
    """
    try:
        return AgreementKind(text)
    except ValueError:
        return RuleKind(text)


class AgreementState(StrEnum):
    """Where a version stands."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    CALLED_OFF = "called_off"
    """It was published, and called off before it came into force."""


class ChangeClass(StrEnum):
    """What a new version asks of holders: A new consent first, B re-accept at next use, C notice only."""

    A = "A"
    B = "B"
    C = "C"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One version of one document in one language, with the operator's values filled in."""

    kind: DocumentKind
    version: str
    language: str
    title: str
    text: str
    text_hash: str
    change_class: ChangeClass
    state: AgreementState
    in_force_from: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """That a holder accepted exactly this text, and how."""

    acceptance_id: AcceptanceId
    holder_id: HolderId
    kind: AgreementKind
    version: str
    language: str
    title: str
    text_hash: str
    shown_at: datetime
    accepted_at: datetime
    act: str
    salt: bytes
    sealed_context: bytes
    withdrawn_at: datetime | None = None


def hash_text(text: str) -> str:
    """Return the SM3 of the text's UTF-8 bytes in hex: the identity of what was shown."""
    return sm3(text.encode()).hex()


def check_same_text(agreement: Agreement, *, shown_hash: str) -> None:
    """Refuse an acceptance of a text that is no longer the one in force.

    Raises:
        AgreementChanged: the hashes differ.
    """
    if agreement.text_hash != shown_hash:
        raise AgreementChanged


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A version as far as consent asks about it; in several languages it is still one version."""

    kind: AgreementKind
    version: str
    change_class: ChangeClass
    state: AgreementState
    in_force_from: datetime
    is_in_grace: bool = False
    """It asks for an act, and the time within which that may still be missing is not over."""


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """An acceptance as far as consent asks about it."""

    acceptance_id: AcceptanceId
    kind: AgreementKind
    version: str
    is_withdrawn: bool = False


class Allowance(msgspec.Struct, frozen=True):
    """What a holder allows one partner at all: what was signed, newest first, and the holder's switch."""

    signed: tuple[Signed, ...]
    is_switched_off: bool


CountingVersions = Mapping[AgreementKind, frozenset[str]]
"""For each document the versions whose acceptance carries today; none at all if none is in force."""


def versions_that_count(history: Iterable[Edition], *, after_grace: bool = False) -> CountingVersions:
    """Return the versions whose acceptance is a consent now (clauses P-3, 3.6, 5.6).

    They are, of each document, the newest version up to the one in force that asked for an act (class A or B), and
    every later one: a notice (class C) carries on the consent before it, and never stands in for one that is missing.
    One in its grace asks for nothing yet, unless what counts ``after_grace`` is wanted.
    """
    editions = sorted((replace(one, is_in_grace=False) if after_grace else one for one in history), key=_order)
    return {kind: _counting([edition for edition in editions if edition.kind is kind]) for kind in AgreementKind}


def _counting(editions: Sequence[Edition]) -> frozenset[str]:
    states = [edition.state for edition in editions]
    if AgreementState.IN_FORCE not in states:
        return frozenset()
    in_force = len(states) - states[::-1].index(AgreementState.IN_FORCE)
    known = [e for e in editions[:in_force] if e.state in (AgreementState.IN_FORCE, AgreementState.SUPERSEDED)]
    asked = [place for place, edition in enumerate(known) if _asks(edition)]
    return frozenset(edition.version for edition in known[max(asked, default=0) :])


def _asks(edition: Edition) -> bool:
    return edition.change_class is not ChangeClass.C and not edition.is_in_grace


def _order(edition: Edition) -> tuple[datetime, str, str]:
    return edition.in_force_from, *version_key(edition.version)


def version_key(version: str) -> tuple[str, str]:
    """Return what versions sort by: numbers in them as numbers, so that 10.0 comes after 9.0."""
    return _DIGITS.sub(lambda digits: digits[0].zfill(12), version), version


def check_consent(signed: Sequence[Signed], *, counting: CountingVersions) -> AcceptanceId:
    """Return the acceptance of the authorisation if every document is accepted, in a version that counts.

    The newest acceptance of a document speaks for it: a withdrawal is not undone by what was signed before.

    Args:
        signed: The account's acceptances, newest first.
        counting: What :func:`versions_that_count` found.

    Raises:
        AgreementNotAccepted: a document was never accepted, or withdrawn, or only in a version that no longer counts.
    """
    newest: dict[AgreementKind, Signed] = {}
    for one in signed:
        newest.setdefault(one.kind, one)
    for kind in _KINDS:
        found = newest.get(kind)
        if found is None or found.is_withdrawn or found.version not in counting[kind]:
            raise AgreementNotAccepted
    return newest[AgreementKind.AUTHORISATION].acceptance_id


def commitment(*, salt: bytes, holder_id: HolderId) -> str:
    """Return the salted commitment to a holder, in hex."""
    return sm3(b"eztong/holder-commitment/v1\x00" + salt + holder_id.encode()).hex()


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptanceCount:
    """How many accounts accepted a version of a document last, and whether they took that back."""

    kind: AgreementKind
    version: str
    is_withdrawn: bool
    accounts: int


class ShownRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that the page listed beside the documents."""

    document: str
    version: str
    text_hash: str


class ShownMark(msgspec.Struct, frozen=True, kw_only=True):
    """A clause of the text that stood as void or suspended on the page."""

    clause: str
    effect: str
    since: str


class HowAccepted(msgspec.Struct, frozen=True, kw_only=True):
    """What a receipt says of the act beside the text: what stood on the page, how long, and who acted.

    ``context`` is what was sealed of browser and network; the document holds a salted commitment to it.
    """

    by: str
    ticks: tuple[AgreementKind, ...]
    context: str
    set_number: int | None = None
    read_to_end: bool = False
    rules: tuple[ShownRule, ...] = ()
    marks: tuple[ShownMark, ...] = ()


def how_part(how: HowAccepted, *, acceptance: Acceptance) -> dict[str, Any]:
    """Return the members of the evidence document that say how a text was accepted: no personal data."""
    part: dict[str, Any] = {
        "by": how.by,
        "shown": "page",
        "ticks": sorted(kind.value for kind in how.ticks),
        "dwell_ms": (acceptance.accepted_at - acceptance.shown_at) // timedelta(milliseconds=1),
        "read_to_end": how.read_to_end,
        "context": sm3(b"eztong/context-commitment/v1\x00" + acceptance.salt + how.context.encode()).hex(),
        "rules": [msgspec.to_builtins(rule) for rule in how.rules],
        "severed": [msgspec.to_builtins(mark) for mark in how.marks],
    }
    return part if how.set_number is None else part | {"set": how.set_number}


def acceptance_document(acceptance: Acceptance, how: HowAccepted | None = None) -> dict[str, Any]:
    """Return the evidence document of an acceptance: no personal data. ``how`` is not known of those of before."""
    part = {} if how is None else how_part(how, acceptance=acceptance)
    return part | {
        "format": ACCEPTANCE_FORMAT,
        "id": acceptance.acceptance_id,
        "agreement": acceptance.kind.value,
        "title": acceptance.title,
        "version": acceptance.version,
        "language": acceptance.language,
        "text_hash": acceptance.text_hash,
        "shown_at": render_time(acceptance.shown_at),
        "accepted_at": render_time(acceptance.accepted_at),
        "act": acceptance.act,
        "holder": commitment(salt=acceptance.salt, holder_id=acceptance.holder_id),
    }
