"""The agreements in force, for anybody to read."""

from __future__ import annotations

from starlette.responses import Response

from eztong.citizen.registration.agreement_text import render_agreement
from eztong.citizen.visit import Visit
from eztong.domain.agreements import Agreement, AgreementKind
from eztong.domain.errors import NotFound, Unavailable
from eztong.i18n.moments import date_words
from eztong.i18n.translator import DEFAULT_LANGUAGE
from eztong.ports.storage.repositories import Repositories


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
        "registration/documents.html",
        agreement=agreement,
        text=render_agreement(agreement.text),
        in_force_from=date_words(agreement.in_force_from, words=visit.words),
        tab=tab,
    )


def documents_in_force(language: str, *, stored: Repositories) -> dict[AgreementKind, Agreement]:
    """Return both documents in ``language``, or both in Chinese where one is missing in it.

    Raises:
        Unavailable: the operator has put none in force.
    """
    for choice in (language, DEFAULT_LANGUAGE):
        found = {kind: stored.agreements.in_force(kind, choice) for kind in AgreementKind}
        documents = {kind: agreement for kind, agreement in found.items() if agreement is not None}
        if len(documents) == len(found):
            return documents
    raise Unavailable
