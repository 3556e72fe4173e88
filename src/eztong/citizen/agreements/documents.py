"""The agreements in force, for anybody to read."""

from __future__ import annotations

from starlette.responses import Response

from eztong.citizen.visit import Visit
from eztong.citizen.words.agreement_text import render_with_anchors
from eztong.citizen.words.documents_in_force import documents_in_force
from eztong.domain.agreements import Agreement, AgreementKind
from eztong.domain.errors import NotFound
from eztong.i18n.moments import date_words


def show(visit: Visit) -> Response:
    """Show the text in force of one document.

    Raises:
        NotFound: there is no such document.
    """
    try:
        kind = AgreementKind(visit.request.path_params["kind"])
    except ValueError as error:
        raise NotFound from error
    with visit.services.store.read() as stored:
        agreement = documents_in_force(visit.words.language, stored=stored)[kind]
    return document_page(visit, agreement)


def document_page(visit: Visit, agreement: Agreement, *, tab: str | None = None) -> Response:
    """Show one version of a document with its text and hash."""
    return visit.page(
        "agreements/documents.html",
        agreement=agreement,
        text=render_with_anchors(agreement.text),
        in_force_from=date_words(agreement.in_force_from, words=visit.words),
        tab=tab,
    )
