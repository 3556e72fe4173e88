"""Checking an evidence bundle with nothing but published keys; the same steps as in docs/specs/evidence-bundle.md."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from eztong.domain.agreements import ACCEPTANCE_FORMAT
from eztong.domain.canonical_json import DocumentMalformed, parse_document, recanonicalise
from eztong.domain.codes.refused_try import REFUSED_TRY_FORMAT
from eztong.domain.codes.verification import RESULT_FORMAT
from eztong.domain.disputes.evidence_bundle import (
    ACT,
    BUNDLE_FORMAT,
    INTENTION,
    MANIFEST_FORMAT,
    RECORD,
    RECORD_FORMAT,
    REFUSED_TRY,
    RESULT,
    TALKS,
)
from eztong.domain.eid.intention import EVIDENCE_FORMAT
from eztong.domain.errors import ProofInvalid
from eztong.domain.evidence.attested_act import ACT_FORMAT
from eztong.domain.evidence.proof import PublishedKey, VerifiedProof, verify_proof
from eztong.gm.sm3 import sm3

_FIELDS: Final = {"format", "manifest", "parts"}
_DOCUMENTS: Final[Mapping[str, str]] = {
    RESULT: RESULT_FORMAT,
    REFUSED_TRY: REFUSED_TRY_FORMAT,
    INTENTION: EVIDENCE_FORMAT,
    ACT: ACT_FORMAT,
}
_ACCEPTANCE: Final = re.compile(r"acceptance-[a-z_]{1,40}")
_OF_THE_RECORD: Final = frozenset({RESULT, REFUSED_TRY})
_NUMBERED: Final = re.compile(r"(act|intention|refused-try|result)-([1-9][0-9]?)")
# Of what a part of talks holds several, the member of ``record`` that lists the ids, in their order.
_LISTED: Final[Mapping[str, str]] = {ACT: "acts", RESULT: "records", REFUSED_TRY: "records"}


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedBundle:
    """What a bundle proved: its manifest and every proof hold, and all of them are about one record."""

    manifest: VerifiedProof
    record: dict[str, Any]
    proofs: Mapping[str, VerifiedProof]


def is_bundle(text: bytes) -> bool:
    """Say whether a file calls itself a bundle; whether it holds is another question."""
    try:
        return parse_document(text).get("format") == BUNDLE_FORMAT
    except DocumentMalformed:
        return False


def verify_bundle(text: bytes, *, keys: Mapping[str, PublishedKey]) -> VerifiedBundle:
    """Check a bundle.

    1. The file has exactly the three members and is in canonical form, so that no byte of it can be another one.
    2. The manifest is a proof that holds, of a manifest.
    3. The parts are those that the manifest names, each with the SM3 that it says.
    4. The part ``record`` says the record, partner and side of the manifest.
    5. Every other part is a proof that holds, of the kind of document that its name says; result and refused try are
       those of the record. Of talks they are numbered, and their ids are those that ``record`` lists.
    6. Texts of agreements in ``record`` have the SM3 that stands beside them.

    Raises:
        ProofInvalid: ``detail`` begins with the part that failed.
    """
    manifest, parts = _parse(text)
    proven = _verify("manifest", manifest, keys, MANIFEST_FORMAT)
    said = proven.document
    _check_hashes(said, parts)
    record = parts[RECORD]
    _check_record(record, said)
    _check_texts(record)
    proofs = {}
    for name, part in parts.items():
        if name == RECORD:
            continue
        proofs[name] = _verify(name, part, keys, _document_of(name, record))
        _check_same_record(name, proofs[name].document, said)
        _check_listed(name, proofs[name].document, record, said)
    return VerifiedBundle(manifest=proven, record=record, proofs=proofs)


def _parse(text: bytes) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    try:
        bundle = parse_document(text)
        canonical = recanonicalise(bundle)
    except DocumentMalformed as error:
        raise ProofInvalid(f"file: {error.detail}") from error
    if set(bundle) != _FIELDS or bundle["format"] != BUNDLE_FORMAT:
        raise ProofInvalid(f"file: not a bundle of format {BUNDLE_FORMAT}")
    if canonical != text:
        raise ProofInvalid("file: it is not in canonical form")
    manifest, parts = bundle["manifest"], bundle["parts"]
    if not isinstance(manifest, dict) or not isinstance(parts, dict):
        raise ProofInvalid("file: manifest and parts must be objects")
    if not all(isinstance(part, dict) for part in parts.values()):
        raise ProofInvalid("file: every part must be an object")
    return manifest, parts


def _verify(name: str, part: dict[str, Any], keys: Mapping[str, PublishedKey], wanted: str) -> VerifiedProof:
    try:
        proven = verify_proof(recanonicalise(part), keys=keys)
    except ProofInvalid as error:
        raise ProofInvalid(f"{name}: {error.detail}") from error
    if proven.document.get("format") != wanted:
        raise ProofInvalid(f"{name}: its document is not of format {wanted}")
    return proven


def _check_hashes(said: Mapping[str, Any], parts: Mapping[str, dict[str, Any]]) -> None:
    hashes = said.get("parts")
    if not isinstance(hashes, dict):
        raise ProofInvalid("manifest: it names no parts")
    for name in sorted(hashes.keys() ^ parts.keys()):
        what = "the manifest does not name it" if name in parts else "it is not in the file"
        raise ProofInvalid(f"{name}: {what}")
    for name, part in parts.items():
        if sm3(recanonicalise(part)).hex() != hashes[name]:
            raise ProofInvalid(f"{name}: its SM3 is not the one that the manifest names")
    if RECORD not in parts:
        raise ProofInvalid("record: it is not in the file")


def _check_record(record: Mapping[str, Any], said: Mapping[str, Any]) -> None:
    if record.get("format") != RECORD_FORMAT:
        raise ProofInvalid(f"record: not of format {RECORD_FORMAT}")
    if [record.get(name) for name in ("id", "partner", "side")] != [
        said.get(name) for name in ("record", "partner", "for")
    ]:
        raise ProofInvalid("record: it is not the record that the manifest names")


def _document_of(name: str, record: Mapping[str, Any]) -> str:
    if _ACCEPTANCE.fullmatch(name):
        return ACCEPTANCE_FORMAT
    numbered = _NUMBERED.fullmatch(name)
    if (numbered is None) == (record.get("kind") == TALKS):
        raise ProofInvalid(f"{name}: a part that this verifier does not know")
    try:
        return _DOCUMENTS[name if numbered is None else numbered[1]]
    except KeyError as error:
        raise ProofInvalid(f"{name}: a part that this verifier does not know") from error


def _check_same_record(name: str, document: Mapping[str, Any], said: Mapping[str, Any]) -> None:
    if name not in _OF_THE_RECORD:
        return
    if [document.get(one) for one in ("id", "partner", "environment")] != [
        said.get(one) for one in ("record", "partner", "environment")
    ]:
        raise ProofInvalid(f"{name}: it is of another record than the manifest names")


def _check_listed(name: str, document: Mapping[str, Any], record: Mapping[str, Any], said: Mapping[str, Any]) -> None:
    numbered = _NUMBERED.fullmatch(name)
    member = None if numbered is None else _LISTED.get(numbered[1])
    if numbered is None or member is None:
        return
    listed, place = record.get(member), int(numbered[2]) - 1
    one = listed[place] if isinstance(listed, list) and place < len(listed) else None
    if not isinstance(one, dict) or one.get("id") != document.get("id"):
        raise ProofInvalid(f"{name}: it is none that the record lists at this place")
    if member == "records" and [document.get("partner"), document.get("environment")] != [
        one.get("partner"),
        said.get("environment"),
    ]:
        raise ProofInvalid(f"{name}: it is of another record than the one that is listed")


def _check_texts(record: Mapping[str, Any]) -> None:
    agreements = record.get("agreements")
    documents = agreements.get("documents") if isinstance(agreements, dict) else []
    for one in documents if isinstance(documents, list) else [None]:
        said = one if isinstance(one, dict) else {}
        text = said.get("text")
        if not isinstance(text, str) or sm3(text.encode()).hex() != said.get("text_hash"):
            raise ProofInvalid("record: the text of an agreement has not the SM3 that stands beside it")
