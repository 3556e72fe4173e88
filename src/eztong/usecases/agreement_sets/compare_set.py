"""Compare a set of agreements, clause by clause and in every language, with the one before it (clauses 5.4, 5.6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eztong.domain.agreement_sets.agreement_set import AgreementSet, Member
from eztong.domain.agreement_sets.changes import ChangedClause, changed_clauses
from eztong.domain.agreement_sets.offered_text import LANGUAGES
from eztong.domain.agreements import Agreement, AgreementState, RuleKind
from eztong.ports.storage.repositories import Repositories


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedText:
    """What a set changes in one document in one language. ``before`` None: the document is new."""

    member: Member
    text: Agreement
    before: Agreement | None
    clauses: Sequence[ChangedClause]


def compare_set(found: AgreementSet, *, stored: Repositories) -> list[ComparedText]:
    """Return what a set changes: against the set in force, or of one that is or was in force, the one before it."""
    earlier = set_before(found, stored=stored)
    compared = []
    for member in found.changed:
        of_before = None if earlier is None or member.kind is RuleKind.NOTICE else earlier.member(member.kind)
        for language in LANGUAGES:
            text = stored.agreements.version(member.kind, member.version, language)
            if text is None:
                continue
            before = (
                None if of_before is None else stored.agreements.version(of_before.kind, of_before.version, language)
            )
            clauses = changed_clauses("" if before is None else before.text, text.text)
            compared.append(ComparedText(member=member, text=text, before=before, clauses=clauses))
    return compared


def set_before(found: AgreementSet, *, stored: Repositories) -> AgreementSet | None:
    """Return the set that a set is compared with; None for the first."""
    current = stored.agreement_sets.in_force()
    if current is not None and found.number > current.number:
        return current
    came = (one for one in stored.agreement_sets.list() if one.state is not AgreementState.CALLED_OFF)
    return next((one for one in came if one.number < found.number), None)
