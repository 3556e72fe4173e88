"""The documents as they stand on a page with boxes to tick, and what comes back with the press (clauses P-2 to P-4)."""

from __future__ import annotations

import json
from typing import Any, Final

from eztong.citizen.registration.shown_stamp import Stamp, make_stamp
from eztong.citizen.visit import Visit
from eztong.citizen.words.agreement_text import render_below_points, render_key_points
from eztong.citizen.words.clause_notes import clause_notes
from eztong.citizen.words.documents_in_force import documents_in_force, rules_in_force
from eztong.domain.agreements import Agreement, AgreementKind
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.registration.accept_agreements import AcceptAgreements

_MAX_USER_AGENT: Final = 300


def shown_documents(visit: Visit, *, stored: Repositories) -> tuple[dict[AgreementKind, Agreement], dict[str, Any]]:
    """Return the documents in force, and what a page needs to show them with their rules and marked clauses.

    Raises:
        Unavailable: the operator has put none in force.
    """
    documents = documents_in_force(visit.words.language, stored=stored)
    notes = {
        kind: clause_notes(stored.clause_marks.of_text(kind, agreement.version), words=visit.words)
        for kind, agreement in documents.items()
    }
    services = visit.services
    return documents, {
        "documents": [
            (kind.value, agreement, render_key_points(agreement.text), render_below_points(agreement.text, notes[kind]))
            for kind, agreement in documents.items()
        ],
        "rules": rules_in_force(visit.words.language, stored=stored),
        "document_language": documents[AgreementKind.SERVICE].language,
        "shown": make_stamp(visit.token, keys=services.keys, entropy=services.entropy, now=visit.now),
    }


def pressed(visit: Visit, stamp: Stamp, *, session_hash: bytes, **context: str) -> AcceptAgreements:
    """Return what came with the press of a page with documents; ``context`` says more of how it came about."""
    seen = {
        "address": visit.address,
        "user_agent": visit.request.headers.get("user-agent", "")[:_MAX_USER_AGENT],
        "page_language": visit.words.language,
    }
    form = visit.form
    return AcceptAgreements(
        session_hash=session_hash,
        language=form.get("document_language", ""),
        ticked=frozenset(kind for kind in AgreementKind if form.get(f"tick_{kind}") == "yes"),
        shown_hashes={kind: form.get(f"hash_{kind}", "") for kind in AgreementKind},
        shown_at=stamp.shown_at,
        read_to_end=frozenset(kind for kind in AgreementKind if form.get(f"end_{kind}") == "yes"),
        context=json.dumps(seen | context),
    )
