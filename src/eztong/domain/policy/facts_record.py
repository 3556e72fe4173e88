"""What a decision looked at, as it is kept: a short coded record, sealed beside it, and read back strictly."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final

from eztong.domain.canonical_json import DocumentMalformed, parse_document, render_canonical
from eztong.domain.errors import StateConflict
from eztong.domain.identity.age import AgeBand
from eztong.domain.identity.authority_answer import AuthoritySignal, AuthorityVerdict
from eztong.domain.identity.citizen_number import DocumentType
from eztong.domain.policy.decide import Facts
from eztong.domain.registration import Applicant, Footing

_FORMAT: Final = "eztong/decision-inputs/v1"
_FLAGS: Final = tuple(one.name for one in fields(Applicant) if one.name != "age_band")
_FOOTING: Final = tuple(one.name for one in fields(Footing))


class FactsUnreadable(StateConflict):
    """What a decision looked at is not as this version writes it."""

    code = "decision_inputs_unreadable"
    advice = "It was written by a later version, or changed: run eztong db check --full."


def render_facts(facts: Facts) -> bytes:
    """Return the record; no name, number, phone or date is in it."""
    return render_canonical(
        {
            "format": _FORMAT,
            "age_band": facts.applicant.age_band.value,
            "decade": facts.decade,
            "region": facts.region,
            "document": facts.document.value,
            "verdict": None if facts.verdict is None else facts.verdict.value,
            "signals": sorted(one.value for one in facts.signals),
            "document_expired": facts.document_expired,
            "approved_today": facts.approved_today,
            "known": [name for name in _FLAGS if getattr(facts.applicant, name)],
            "footing": [name for name in _FOOTING if getattr(facts.footing, name)],
            "waits_already": facts.waits_already,
        }
    )


def parse_facts(text: bytes) -> Facts:
    """Read what :func:`render_facts` wrote.

    Raises:
        FactsUnreadable: anything else.
    """
    try:
        facts = _facts(parse_document(text))
    except (DocumentMalformed, KeyError, TypeError, ValueError) as error:
        raise FactsUnreadable from error
    if render_facts(facts) != text:
        raise FactsUnreadable
    return facts


def _facts(said: dict[str, Any]) -> Facts:
    known, footing = frozenset(said["known"]), frozenset(said["footing"])
    return Facts(
        applicant=Applicant(age_band=AgeBand(said["age_band"]), **{name: name in known for name in _FLAGS}),
        decade=said["decade"],
        region=said["region"],
        document=DocumentType(said["document"]),
        verdict=None if said["verdict"] is None else AuthorityVerdict(said["verdict"]),
        signals=frozenset(AuthoritySignal(one) for one in said["signals"]),
        document_expired=said["document_expired"],
        approved_today=said["approved_today"],
        footing=Footing(**{name: name in footing for name in _FOOTING}),
        waits_already=said["waits_already"],
    )
