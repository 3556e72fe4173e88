"""``eztong evidence``: check a proof with nothing but published keys."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final

import click
import httpx

from eztong.cli.console import json_option, plain, print_json, render_value, say
from eztong.cli.exits import epilog, say_wrong
from eztong.domain.agreements import ACCEPTANCE_FORMAT
from eztong.domain.canonical_json import render_time
from eztong.domain.errors import ProofInvalid, Unavailable
from eztong.domain.evidence.proof import VerifiedProof, parse_published_keys, verify_proof

_TIMEOUT_SECONDS: Final = 10.0
_SCHEMES: Final = ("https://", "http://")
_BESIDE: Final = ("eztong-keys.json", "keys.json")
# What a document says, in the order and words in which a person reads it.
_WORDS: Final[Mapping[str, str]] = {
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
    "agreement": "document",
    "title": "title",
    "version": "version",
    "language": "language",
    "text_hash": "SM3 of its text",
    "accepted_at": "accepted at",
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
    """Check PROOF and say in plain words what it proves, or which part does not hold."""
    text = proof.read()
    published = _read_keys(keys_from, proof.name)
    try:
        verified = verify_proof(text, keys=parse_published_keys(published))
    except ProofInvalid as error:
        part, _, why = error.detail.partition(": ")
        if as_json:
            print_json({"valid": False, "part": part, "why": why})
        else:
            click.echo(f"invalid: {plain(error.detail)}")
        say_wrong()
        return
    if as_json:
        print_json({"valid": True} | _facts(verified) | {"document": verified.document})
    else:
        click.echo(_words(verified))


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
    kind = "acceptance of an agreement" if document.get("format") == ACCEPTANCE_FORMAT else "result of a verification"
    known = [(words, document[name]) for name, words in _WORDS.items() if document.get(name) is not None]
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
