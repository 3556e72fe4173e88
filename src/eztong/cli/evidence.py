"""``eztong evidence``: check a proof or a bundle with nothing but published keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final

import click
import httpx

from eztong.cli.console import json_option, plain, print_json, render_value, say
from eztong.cli.exits import epilog, say_wrong
from eztong.domain.agreements import ACCEPTANCE_FORMAT
from eztong.domain.canonical_json import render_time
from eztong.domain.codes.refused_try import REFUSED_TRY_FORMAT
from eztong.domain.disputes.evidence_bundle import MANIFEST_FORMAT, RECORD, TALKS
from eztong.domain.disputes.verify_bundle import VerifiedBundle, is_bundle, verify_bundle
from eztong.domain.eid.intention import EVIDENCE_FORMAT
from eztong.domain.errors import ProofInvalid, Unavailable
from eztong.domain.evidence.attested_act import ACT_FORMAT
from eztong.domain.evidence.proof import PublishedKey, VerifiedProof, parse_published_keys, verify_proof

_TIMEOUT_SECONDS: Final = 10.0
_SCHEMES: Final = ("https://", "http://")
_KINDS: Final[Mapping[str, str]] = {
    ACCEPTANCE_FORMAT: "acceptance of an agreement",
    REFUSED_TRY_FORMAT: "refused try with a code",
    EVIDENCE_FORMAT: "confirmation of an intention",
    MANIFEST_FORMAT: "manifest of an evidence bundle",
    ACT_FORMAT: "act that was attested",
}
_BESIDE: Final = ("eztong-keys.json", "keys.json")
_SAID_BY_ASKER: Final[Mapping[str, str]] = {"former": "former, as said"}
"""Members of a record that its asker alone said, and nobody looked up."""
_OF_ACT: Final[dict[str, str]] = {"reason": "SM3 of reason"}
"""What a member means in an attested act: it holds commitments, and no words."""
# What a document says, in the order and words in which a person reads it.
_WORDS: Final[dict[str, str]] = {
    "id": "number",
    "outcome": "outcome",
    "partner": "partner",
    "scene": "scene",
    "desk": "desk",
    "method": "shown as",
    "environment": "environment",
    "at": "decided at",
    "partner_code": "partner code",
    "claims": "told",
    "withheld": "not told",
    "confirmation": "confirmation",
    "unconfirmed_since": "not confirmed since",
    "agreement": "document",
    "title": "title",
    "version": "version",
    "language": "language",
    "text_hash": "SM3 of its text",
    "accepted_at": "accepted at",
    "reason": "refused because",
    "code": "code",
    "record": "record",
    "for": "for",
}


@click.group(epilog=epilog("eztong evidence verify proof.json --keys eztong-keys.json"))
def evidence() -> None:
    """Check proofs offline: no account, no network, no trust in whoever handed them over."""


@evidence.command(
    epilog=epilog(
        "curl -O http://127.0.0.1:8080/.well-known/eztong-keys.json",
        "eztong evidence verify proof.json --keys eztong-keys.json",
        "eztong evidence verify - --json < proof.json",
    )
)
@click.argument("proof", type=click.File("rb"))
@click.option(
    "--keys",
    "keys_from",
    metavar="FILE_OR_URL",
    help="The published keys (default: eztong-keys.json or keys.json beside the proof). Only an address that is "
    "given here is ever fetched.",
)
@json_option
def verify(proof: BinaryIO, keys_from: str | None, as_json: bool) -> None:
    """Check PROOF, a proof or a bundle, and say in plain words what it proves, or which part does not hold."""
    text = proof.read()
    published = _read_keys(keys_from, proof.name)
    try:
        verified = _verified(text, parse_published_keys(published))
    except ProofInvalid as error:
        part, _, why = error.detail.partition(": ")
        if as_json:
            print_json({"valid": False, "part": part, "why": why})
        else:
            click.echo(f"invalid: {plain(error.detail)}")
        say_wrong()
        return
    if isinstance(verified, VerifiedBundle):
        _show_bundle(verified, as_json=as_json)
    elif as_json:
        print_json({"valid": True} | _facts(verified) | {"document": verified.document})
    else:
        click.echo(_words(verified))


def _verified(text: bytes, keys: Mapping[str, PublishedKey]) -> VerifiedProof | VerifiedBundle:
    return verify_bundle(text, keys=keys) if is_bundle(text) else verify_proof(text, keys=keys)


def _show_bundle(verified: VerifiedBundle, *, as_json: bool) -> None:
    said = verified.manifest.document
    if as_json:
        documents = {name: proof.document for name, proof in verified.proofs.items()}
        parts = {RECORD: verified.record} | documents
        print_json({"valid": True} | _facts(verified.manifest) | {"manifest": said, "parts": parts})
        return
    of = "talks" if verified.record.get("kind") == TALKS else "one record"
    click.echo(f"valid: this is the evidence of {of} for one side ({plain(said['for'])}), as {_signer(verified)}")
    for name, value in (("bundle", said["id"]), ("record", said["record"]), ("made at", said["at"])):
        click.echo(f"  {name:<16} {render_value(value)}")
    for name, why in sorted(said.get("missing", {}).items()):
        click.echo(f"  {'not in it':<16} {plain(name)}: {plain(why)}")
    click.echo("What the service has on the record:")
    for name, value in verified.record.items():
        for line in _lines(_without_texts(value)):
            click.echo(f"  {_SAID_BY_ASKER.get(name, plain(name)):<16} {line}")
    for name, proof in verified.proofs.items():
        click.echo(f"{plain(name)}: {_words(proof)}")


def _without_texts(value: object) -> object:
    """Return what a member says without the whole texts of agreements: they fill pages, and stand in the file."""
    if isinstance(value, dict) and isinstance(value.get("documents"), list):
        return [f"{one.get('title')} {one.get('version')} (SM3 {one.get('text_hash')})" for one in value["documents"]]
    return value


def _signer(verified: VerifiedBundle) -> str:
    return f"{verified.manifest.batch.origin} signed it"


def _lines(value: object) -> Sequence[str]:
    """Return a member's value by lines: what one entry says never stands on the line of another."""
    return [render_value(one) for one in value] if isinstance(value, list) and value else [render_value(value)]


def _read_keys(keys_from: str | None, proof_name: str) -> bytes:
    if keys_from is None:
        folder = Path(proof_name).parent
        beside = next((folder / name for name in _BESIDE if (folder / name).is_file()), None)
        if beside is None:
            raise click.UsageError("Name the published keys: --keys eztong-keys.json")
        return beside.read_bytes()
    if keys_from.startswith(_SCHEMES):
        return _fetch(keys_from)
    try:
        return Path(keys_from).read_bytes()
    except OSError as error:
        raise click.UsageError(f"--keys {keys_from}: {error.strerror}") from error


def _fetch(address: str) -> bytes:
    say(f"Fetching the keys from {address}; they are as trustworthy as that connection.")
    try:
        answer = httpx.get(address, timeout=_TIMEOUT_SECONDS).raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unavailable(f"The keys cannot be fetched from {address}.") from error
    return answer.content


def _facts(verified: VerifiedProof) -> dict[str, Any]:
    batch = verified.batch
    return {
        "origin": batch.origin,
        "batch": batch.batch_id,
        "batch_size": batch.size,
        "signed_at": render_time(batch.time),
        "key_id": verified.key_id,
    }


def _words(verified: VerifiedProof) -> str:
    document, facts = verified.document, _facts(verified)
    kind = _KINDS.get(str(document.get("format")), "result of a verification")
    of = _WORDS | (_OF_ACT if document.get("format") == ACT_FORMAT else {})
    known = [(words, document[name]) for name, words in of.items() if document.get(name) is not None]
    lines = [
        f"valid: this is a {kind} exactly as {facts['origin']} signed it",
        *(f"  {words:<16} {render_value(value)}" for words, value in known),
        f"  {'signed at':<16} {facts['signed_at']}",
        f"  {'batch':<16} {facts['batch']} (one of {facts['batch_size']})",
        f"  {'key':<16} {facts['key_id']}",
    ]
    if document.get("environment") == "sandbox":
        lines.append("  This is a sandbox proof: the person in it is invented.")
    return "\n".join(lines)
