"""The agreements that are in force, in the language of the page."""

from __future__ import annotations

from eztong.domain.agreements import Agreement, AgreementKind
from eztong.domain.errors import Unavailable
from eztong.i18n.translator import DEFAULT_LANGUAGE
from eztong.ports.storage.repositories import Repositories


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
