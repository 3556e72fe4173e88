"""What I signed: every acceptance with the exact text and a receipt that proves it without this service (P-4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.responses import Response

from eztong.citizen.agreements.documents import document_page
from eztong.citizen.visit import Visit
from eztong.citizen.words.readable_json import ReadableJson
from eztong.domain.agreements import Acceptance, AgreementKind
from eztong.domain.errors import NotFound
from eztong.domain.identifiers import HolderId
from eztong.i18n.moments import moment_words
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.agreements.withdraw_authorisation import live_authorisation
from eztong.usecases.codes.read_proof import acceptance_receipt, act_receipt

SIGNED: Final = "/me/agreements"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRow:
    """An acceptance in words, its title in the page's language.

    ``withdrawn`` is empty while it stands; ``act_id`` names what proves the withdrawal.
    """

    item: Acceptance
    title: str
    accepted: str
    withdrawn: str
    act_id: str | None
    may_be_withdrawn: bool


def show(visit: Visit) -> Response:
    """List the acceptances of the signed-in holder, with what was withdrawn."""
    with visit.services.store.read() as stored:
        holder_id = _signer(visit, stored)
        has_account = visit.signed_in(stored).holder.has_account
        acceptances = stored.agreements.acceptances(holder_id)
        withdrawals = {act.subject: act.act_id for act in stored.acts.of_holder(holder_id)}
        standing = live_authorisation(holder_id, stored=stored)
        titles = {item.acceptance_id: title_of(item, visit, stored=stored) for item in acceptances}
    standing_id = None if standing is None or not has_account else standing.acceptance_id
    rows = [
        SignedRow(
            item=item,
            title=titles[item.acceptance_id],
            accepted=_moment(visit, item.accepted_at),
            withdrawn="" if item.withdrawn_at is None else _moment(visit, item.withdrawn_at),
            act_id=withdrawals.get(item.acceptance_id),
            may_be_withdrawn=item.acceptance_id == standing_id,
        )
        for item in _newest_first(acceptances)
    ]
    return visit.page(
        "agreements/signed.html",
        rows=rows,
        has_account=has_account,
        without=has_account and standing is None,
        tab="me" if has_account else None,
    )


def act_receipt_of(visit: Visit) -> Response:
    """Hand out the proof file of an act on the account.

    Raises:
        NotFound: no such act on this account.
    """
    act_id = visit.request.path_params["act_id"]
    with visit.services.store.read() as stored:
        proof = act_receipt(_signer(visit, stored), act_id, stored=stored)
    return ReadableJson(proof, headers={"Content-Disposition": f'attachment; filename="{act_id}.json"'})


def show_text(visit: Visit) -> Response:
    """Show exactly the text that was accepted.

    Raises:
        NotFound: no such acceptance of this holder.
    """
    with visit.services.store.read() as stored:
        accepted = own_acceptance(visit, stored)
        agreement = stored.agreements.version(accepted.kind, accepted.version, accepted.language)
        has_account = visit.signed_in(stored).holder.has_account
    if agreement is None or agreement.text_hash != accepted.text_hash:
        raise NotFound
    return document_page(visit, agreement, tab="me" if has_account else None, is_signed=True)


def receipt(visit: Visit) -> Response:
    """Hand out the proof file.

    Raises:
        NotFound: no such acceptance of this holder.
    """
    with visit.services.store.read() as stored:
        accepted = own_acceptance(visit, stored)
        proof = acceptance_receipt(accepted.holder_id, accepted.acceptance_id, stored=stored)
    name = f"{accepted.acceptance_id}.json"
    return ReadableJson(proof, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def title_of(accepted: Acceptance, visit: Visit, *, stored: Repositories) -> str:
    """Return what was accepted is called in the page's language; what was shown then if there is no such text."""
    found = stored.agreements.version(accepted.kind, accepted.version, visit.words.language)
    return accepted.title if found is None else found.title


def _newest_first(acceptances: Sequence[Acceptance]) -> Sequence[Acceptance]:
    # Both are accepted by one press: of one moment, the service agreement stands first.
    by_kind = sorted(acceptances, key=lambda one: tuple(AgreementKind).index(one.kind))
    return sorted(by_kind, key=lambda one: one.accepted_at, reverse=True)


def _moment(visit: Visit, moment: datetime) -> str:
    return moment_words(moment, now=visit.now, words=visit.words)


def _signer(visit: Visit, stored: Repositories) -> HolderId:
    # Whoever applies, or was refused, may read and keep what was accepted in this browser; an account's papers are for
    # its bound device.
    holder = visit.signed_in(stored).holder
    return (visit.bound(stored).holder if holder.has_account else holder).holder_id


def own_acceptance(visit: Visit, stored: Repositories) -> Acceptance:
    """Return the acceptance that the address names.

    Raises:
        NotFound: no such acceptance of this holder.
    """
    wanted = visit.request.path_params["acceptance_id"]
    for acceptance in stored.agreements.acceptances(_signer(visit, stored)):
        if acceptance.acceptance_id == wanted:
            return acceptance
    raise NotFound
