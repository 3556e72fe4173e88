"""``eztong partners certificate``: the SM2 key that a merchant's identity envelopes are sealed to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from eztong.cli.console import json_option, print_found, print_json, say
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator, perform_as
from eztong.cli.options import data_dir_option, settings_in
from eztong.cli.service import opened
from eztong.domain.canonical_json import render_time
from eztong.domain.errors import NotFound
from eztong.domain.merchants.certificate_request import CertificateRequest
from eztong.gm.sm3 import sm3
from eztong.usecases.merchants.certify_merchant_key import request_certificate


@click.group(
    epilog=epilog(
        "eztong partners certificate request 0EZTSANDBOXHOTEL hotel.csr --operator li --reason letter",
        "eztong proposals approve prp_01... --operator wang --reason 'form checked'",
    )
)
def certificate() -> None:
    """Take in SM2 certificate requests of merchants; a second operator decides them with `eztong proposals`."""


@certificate.command(
    epilog=epilog("eztong partners certificate request 0EZTSANDBOXHOTEL hotel.csr --operator li --reason letter")
)
@click.argument("merchant_id")
@click.argument("file", type=click.File("rb"))
@click.option("--reason", required=True, help="Why; it goes on record. No personal data.")
@by_operator()
@data_dir_option
@json_option
def request(
    *,
    merchant_id: str,
    file: Any,  # noqa: ANN401 - an open file
    reason: str,
    operator: Named,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Take in FILE, a PKCS#10 request (PEM or DER) of MERCHANT_ID with an SM2 key, signed by that key.

    It is a proposal: identity is sealed to its key once another operator approved it.
    """
    content: bytes = file.read()
    taken = perform_as(operator, data_dir, request_certificate, merchant_id, content, reason=reason)
    if as_json:
        print_json(_described(taken.request) | {"proposal_id": taken.proposal.proposal_id})
        return
    click.echo(taken.proposal.proposal_id)
    key = _fingerprint(taken.request)
    say(f"Key {key} waits for another operator: eztong proposals approve | reject {taken.proposal.proposal_id}")


@certificate.command("list", epilog=epilog("eztong partners certificate list 0EZTSANDBOXHOTEL --json"))
@click.argument("merchant_id")
@data_dir_option
@json_option
def list_(merchant_id: str, data_dir: Path | None, as_json: bool) -> None:
    """List the certificate requests of MERCHANT_ID with who asked and who decided."""
    with opened(settings_in(data_dir)) as built, built.services.store.read() as stored:
        if stored.merchants.get(merchant_id) is None:
            raise NotFound("There is no such merchant.")
        found = [_described(taken) for taken in stored.merchants.certificate_requests(merchant_id)]
    columns = {"request": "request_id", "subject": "common_name", "key": "fingerprint", "asked by": "requested_by"}
    print_found(found, columns | {"state": "state", "decided by": "decided_by", "reason": "reason"}, as_json=as_json)


def _described(taken: CertificateRequest) -> dict[str, Any]:
    decision = taken.decision
    return {
        "request_id": taken.request_id,
        "merchant_id": taken.merchant_id,
        "common_name": taken.common_name,
        "fingerprint": _fingerprint(taken),
        "requested_by": taken.requested_by,
        "requested_at": render_time(taken.requested_at),
        "state": taken.state.value,
        "decided_by": None if decision is None else decision.operator,
        "decided_at": None if decision is None else render_time(decision.at),
        "reason": None if decision is None else decision.reason,
    }


def _fingerprint(taken: CertificateRequest) -> str:
    """Return the SM3 of the key's DER, for comparing over another channel."""
    return sm3(taken.public_key).hex()
