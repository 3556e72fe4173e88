"""About: who runs this, in which versions, how its proofs are checked, and how to reach the operator (clause 2.13)."""

from __future__ import annotations

from starlette.responses import Response

import eztong
from eztong.citizen.journey import own_tab
from eztong.citizen.visit import Visit
from eztong.citizen.words.documents_in_force import documents_in_force, rules_in_force
from eztong.domain.agreements import Agreement
from eztong.domain.errors import Unavailable
from eztong.i18n.moments import date_words


def show(visit: Visit) -> Response:
    """Show the page, to anybody; whoever is signed in keeps the tabs."""
    documents = [(agreement, date_words(agreement.in_force_from, words=visit.words)) for agreement in _in_force(visit)]
    return visit.page("shell/about.html", version=eztong.__version__, documents=documents, tab=own_tab(visit))


def _in_force(visit: Visit) -> list[Agreement]:
    # Whoever looks for the operator must find the page also before any document is in force.
    try:
        with visit.services.store.read() as stored:
            documents = documents_in_force(visit.words.language, stored=stored)
            return [*documents.values(), *rules_in_force(visit.words.language, stored=stored)]
    except Unavailable:
        return []
