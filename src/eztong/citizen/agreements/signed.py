"""What I signed: every acceptance with the exact text and a receipt that proves it without this service (P-4)."""

from __future__ import annotations

from starlette.responses import Response

from eztong.citizen.agreements.documents import document_page
from eztong.citizen.visit import Visit
from eztong.citizen.words.readable_json import ReadableJson
from eztong.domain.agreements import Acceptance
from eztong.domain.errors import NotFound
from eztong.domain.identifiers import HolderId
from eztong.i18n.moments import moment_words
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.codes.read_proof import acceptance_receipt


def show(visit: Visit) -> Response:
    """List the acceptances of the signed-in holder."""
    with visit.services.store.read() as stored:
        acceptances = stored.agreements.acceptances(_signer(visit, stored))
    rows = [(item, moment_words(item.accepted_at, now=visit.now, words=visit.words)) for item in acceptances]
    return visit.page("agreements/signed.html", rows=rows, tab="me")


def show_text(visit: Visit) -> Response:
    """Show exactly the text that was accepted.

    Raises:
        NotFound: no such acceptance of this holder.
    """
    with visit.services.store.read() as stored:
        accepted = _own(visit, stored)
        agreement = stored.agreements.version(accepted.kind, accepted.version, accepted.language)
    if agreement is None or agreement.text_hash != accepted.text_hash:
        raise NotFound
    return document_page(visit, agreement, tab="me")


def receipt(visit: Visit) -> Response:
    """Hand out the proof file.

    Raises:
        NotFound: no such acceptance of this holder.
    """
    with visit.services.store.read() as stored:
        accepted = _own(visit, stored)
        proof = acceptance_receipt(accepted.holder_id, accepted.acceptance_id, stored=stored)
    name = f"{accepted.acceptance_id}.json"
    return ReadableJson(proof, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _signer(visit: Visit, stored: Repositories) -> HolderId:
    # Whoever applies, or was refused, may read and keep what was accepted in this browser; an account's papers are for
    # its bound device.
    holder = visit.signed_in(stored).holder
    return (visit.bound(stored).holder if holder.has_account else holder).holder_id


def _own(visit: Visit, stored: Repositories) -> Acceptance:
    wanted = visit.request.path_params["acceptance_id"]
    for acceptance in stored.agreements.acceptances(_signer(visit, stored)):
        if acceptance.acceptance_id == wanted:
            return acceptance
    raise NotFound
