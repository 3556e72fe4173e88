"""Evidence bundles: what one side of one record can show, in one file that is checked offline (clause 2.15).

A bundle is one JSON object in its canonical form, so that every byte of it counts::

    {"format": "eztong/bundle/v1", "manifest": {a proof file}, "parts": {"record": {...}, "result": {a proof file}}}

The manifest is attested like a result: it names the SM3 of every part, what could not be given and why, for whose side
and about which record it was made, and when. docs/specs/evidence-bundle.md is the byte for byte description.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from eztong.domain.agreements import AgreementKind, commitment
from eztong.domain.canonical_json import render_canonical, render_time
from eztong.domain.disputes.dispute import BundleKey
from eztong.domain.identifiers import HolderId, PartnerId
from eztong.gm.sm3 import sm3

BUNDLE_FORMAT: Final = "eztong/bundle/v1"
MANIFEST_FORMAT: Final = "eztong/bundle-manifest/v1"
RECORD_FORMAT: Final = "eztong/record/v1"
RECORD: Final = "record"
"""The one part that is no proof file: what the service has on the record, in members."""

RESULT: Final = "result"
REFUSED_TRY: Final = "refused-try"
INTENTION: Final = "intention"
ACT: Final = "act"
TALKS: Final = "talks"
"""The kind of a ``record`` that tells talks with the service; it has no partner."""

NO_PARTNER: Final = PartnerId("")
"""Whose record it is where the other side is the service itself."""


class Missing(StrEnum):
    """Why a part is not there."""

    ERASED = "erased"
    """The account was erased, and with it the key that the part was sealed with."""
    NOT_KEPT = "not_kept"
    """Its period is over, or it never was."""
    NOT_ATTESTED = "not_attested"
    """A version of the service made it that did not sign such a thing."""


def numbered_part(name: str, place: int) -> str:
    """Return the name of the part of a kind that the bundle of talks holds several of, from 1."""
    return f"{name}-{place}"


def acceptance_part(kind: AgreementKind) -> str:
    """Return the name of the part with the receipt for an agreement."""
    return f"acceptance-{kind.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The parts of a bundle by name, and why others are missing."""

    parts: Mapping[str, dict[str, Any]]
    missing: Mapping[str, Missing]

    @property
    def hashes(self) -> dict[str, str]:
        """SM3 of the canonical bytes of each part, in hex."""
        return {name: part_hash(part) for name, part in self.parts.items()}

    @property
    def contents_hash(self) -> bytes:
        """SM3 over all that the manifest says of the parts: equal for equal contents, whenever they are read."""
        return sm3(render_canonical({"parts": self.hashes, "missing": dict(self.missing)}))


def part_hash(part: Mapping[str, Any]) -> str:
    """Return the SM3 of a part's canonical bytes, in hex."""
    return sm3(render_canonical(dict(part))).hex()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What a manifest says beside its parts. An account that is not known leaves no commitment."""

    bundle_id: str
    key: BundleKey
    environment: str
    at: datetime
    holder_id: HolderId | None
    salt: bytes


def manifest_document(heading: Heading, contents: Contents) -> dict[str, Any]:
    """Return the manifest: no personal data, the holder as a salted commitment."""
    document: dict[str, Any] = {
        "format": MANIFEST_FORMAT,
        "id": heading.bundle_id,
        "for": heading.key.party.value,
        "record": heading.key.record_id,
        "partner": heading.key.partner_id or None,
        "environment": heading.environment,
        "at": render_time(heading.at),
        "parts": contents.hashes,
        "missing": {name: why.value for name, why in contents.missing.items()},
    }
    if heading.holder_id is not None:
        document["holder"] = commitment(salt=heading.salt, holder_id=heading.holder_id)
    return document


def render_bundle(manifest: Mapping[str, Any], contents: Contents) -> bytes:
    """Return the bytes of the file: ``manifest`` is the manifest's proof file."""
    return render_canonical({"format": BUNDLE_FORMAT, "manifest": dict(manifest), "parts": dict(contents.parts)})
