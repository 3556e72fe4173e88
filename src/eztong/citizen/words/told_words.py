"""What a partner was told, as a person reads it: the answer, not the question («18 or over: yes»)."""

from __future__ import annotations

import json
from collections.abc import Mapping

from eztong.citizen.visit import Visit
from eztong.domain.claims import AGE_CLAIMS, Claim
from eztong.domain.codes.verification import Verification
from eztong.domain.errors import HolderNotUsable
from eztong.domain.identifiers import HolderId
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.codes.conclude_verification import open_result


def told_words(visit: Visit, verification: Verification, holder_id: HolderId, *, stored: Repositories) -> list[str]:
    """Return a line for each claim that was told, with its answer out of the signed result."""
    if set(verification.claims) <= {Claim.IS_PERSON}:
        return [visit.words.text(f"claim.{claim}") for claim in verification.claims]
    try:
        result = open_result(verification, holder=stored.holders.get(holder_id), keys=visit.services.keys)
    except HolderNotUsable:
        return [visit.words.text(f"claim.{claim}") for claim in verification.claims]
    answers = json.loads(result).get("claims", {})
    return [_line(visit, claim, answers) for claim in verification.claims]


def _line(visit: Visit, claim: Claim, answers: Mapping[str, bool | str]) -> str:
    answer = answers.get(claim.value)
    if claim in AGE_CLAIMS and isinstance(answer, bool):
        return visit.words.text("told.age_yes" if answer else "told.age_no", years=AGE_CLAIMS[claim])
    if claim is Claim.MASKED_NAME and answer:
        return visit.words.text("told.name", name=answer)
    return visit.words.text(f"claim.{claim}")
