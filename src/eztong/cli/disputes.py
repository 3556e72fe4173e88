"""``eztong disputes``: evidence for a court or the police, on a legal basis and by two operators (clause 2.15)."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from eztong.cli.console import json_option, print_json, say
from eztong.cli.exits import epilog
from eztong.cli.operators.acting import Named, by_operator
from eztong.cli.options import data_dir_option, settings_in
from eztong.cli.service import opened
from eztong.domain.disputes.dispute import LegalRequest
from eztong.domain.identifiers import HolderId, PartnerId
from eztong.usecases.disputes.give_evidence import AuthorityAsks, give_to_authority

_EXAMPLE: Final = (
    "eztong disputes bundle ver_01K... --of hotel --basis '京公调证 2026-12' '刑事诉讼法 54' \\",
    "  --operator li.na --second wang.wu --output evidence.json",
)


@click.group(epilog=epilog(*_EXAMPLE))
def disputes() -> None:
    """Hand out evidence of a record to an authority that asks for it by law."""


@disputes.command(epilog=epilog(*_EXAMPLE))
@click.argument("record")
@click.option("--of", "whose", required=True, help="The account (hld_...), or the partner of a verification.")
@click.option(
    "--basis", nargs=2, required=True, metavar="NUMBER LAW", help="Number of the authority's document; law it names."
)
@by_operator()
@click.option("--second", required=True, help="Name of the other operator who looked at the document.")
@click.option(
    "--second-secret-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="File with the other operator's secret; without it, it is asked for.",
)
@click.option(
    "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="File to write; it must be new."
)
@data_dir_option
@json_option
def bundle(
    *,
    record: str,
    whose: str,
    basis: tuple[str, str],
    operator: Named,
    second: str,
    second_secret_file: Path | None,
    output: Path,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Write the evidence of RECORD, a verification or a refused try, for a court or the police.

    It holds the holder's side of this one record. Two operators of role legal answer, each with the own secret. Number
    and basis are kept, sealed, with both names. The holder is told nothing by the service: tell the holder yourself
    unless the law forbids it.
    """
    if output.exists():
        raise click.UsageError(f"{output} is there already; evidence never replaces a file.")
    is_account = whose.startswith("hld_")
    with opened(settings_in(data_dir)) as built:
        first, other = operator.proven(built), Named(second, second_secret_file).proven(built, own_setting=False)
        asks = AuthorityAsks(
            record_id=record,
            holder_id=HolderId(whose) if is_account else None,
            partner_id=None if is_account else PartnerId(whose),
            legal=LegalRequest(
                document_number=basis[0], legal_basis=basis[1], operator=first.name, approved_by=other.name
            ),
        )
        given = give_to_authority(asks, services=built.services)
    with output.open("xb") as file:
        output.chmod(0o600)
        file.write(given.file)
    if as_json:
        print_json({"bundle_id": given.bundle.bundle_id, "record_id": record, "file": str(output)})
        return
    say(f"{given.bundle.bundle_id} is in {output}, for its owner only. Number and legal basis are on record.")
