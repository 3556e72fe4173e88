"""The agreements and rules that are in force, in the language of the page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from eztong.domain.agreements import Agreement, AgreementKind, RuleKind
from eztong.domain.errors import Unavailable
from eztong.i18n.translator import DEFAULT_LANGUAGE
from eztong.ports.storage.repositories import Repositories

_RULES = (RuleKind.PRIVACY, RuleKind.CHILDREN, RuleKind.SCENES)


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


def rules_in_force(language: str, *, stored: Repositories) -> list[Agreement]:
    """Return the rules that apply beside both documents, as far as the operator has published them (clause 2.14)."""
    found = (in_languages(language, partial(stored.agreements.in_force, kind)) for kind in _RULES)
    return [agreement for agreement in found if agreement is not None]


def in_languages(language: str, find: Callable[[str], Agreement | None]) -> Agreement | None:
    """Return what ``find`` has in ``language``, else what it has in Chinese."""
    found = find(language)
    return found if found is not None else find(DEFAULT_LANGUAGE)
