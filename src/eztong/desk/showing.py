"""What the desk's screen says of a verification: one huge word, what may be told, what to do next.

Three outcomes look and sound different: confirmed; a code that is used or over and wants refreshing (``stale``), which
is nobody's fault; and «not confirmed» (``danger``, ✖), which nothing else is called. Whatever could not be found out is
``wait`` (⏳). ``caution`` is the holder, confirmed, whom the scene's age rule does not let pass yet. ``earlier`` is a
confirmation of before: nobody has looked whether the same person stands there now.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from eztong.desk.visit import Visit
from eztong.domain.claims import AGE_CLAIMS, Claim
from eztong.domain.codes.verification import Outcome
from eztong.domain.desks.desk_preset import AgeRule, preset_of
from eztong.domain.desks.staff import DeskEntry
from eztong.domain.errors import (
    CodeAlreadyUsed,
    CodeCancelled,
    CodeCheckDigitWrong,
    CodeExpired,
    CodeForged,
    CodeMalformed,
    CodeUnknown,
    EztongError,
    HolderNotUsable,
    NotFound,
)
from eztong.domain.identifiers import VerificationId
from eztong.domain.partners.partner import Scene
from eztong.domain.requests.request import Request, RequestState
from eztong.i18n.moments import clock_words
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.codes.conclude_verification import open_result
from eztong.usecases.desks.standing import Standing, standing_of

_TONES: Final = {
    Outcome.PASSED: "success",
    Outcome.NOT_PASSED: "danger",
    Outcome.DECLINED: "danger",
    Outcome.EXPIRED: "wait",
    Outcome.UNAVAILABLE: "wait",
}
_STALE: Final = (CodeExpired, CodeAlreadyUsed, CodeCancelled)
_REFUSALS: Final = (CodeForged, CodeUnknown)
_MINUTE: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The result panel. ``facts`` are label, value and tone; ``steps`` is the checklist that belongs to the result."""

    tone: str
    word: str
    lead: str
    number: str = ""
    at: str = ""
    name: str = ""
    facts: tuple[tuple[str, str, str], ...] = ()
    note: str = ""
    steps: tuple[str, ...] = ()
    ticked: frozenset[str] = frozenset()
    entry_id: str = ""
    is_again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the last twenty."""

    tone: str
    word: str
    name: str
    at: str
    number: str
    entry_id: str


def show_result(
    visit: Visit, document: Mapping[str, Any], *, scene: Scene, entry: DeskEntry, standing: Standing
) -> Shown:
    """Return the panel of a stored answer; one of before never looks like a new one."""
    outcome = Outcome(document["outcome"])
    preset, told = preset_of(scene), document.get("claims", {})
    shown = Shown(
        tone=_TONES[outcome],
        word=visit.words.text(f"desk.word.{outcome}"),
        lead=visit.words.text(f"desk.lead.{outcome}"),
        number=str(document["id"]),
        at=clock_words(entry.created_at),
        entry_id=entry.entry_id,
        is_again=standing is not Standing.NEW,
    )
    if outcome is not Outcome.PASSED:
        return shown
    if standing is Standing.OVER:
        return _over(visit, shown)
    passed = replace(
        shown,
        name=str(told.get(Claim.MASKED_NAME, "")),
        facts=_facts(visit, told, document.get("withheld", {})),
        note=_note(visit, preset.key, document),
        steps=preset.steps_after(told),
        ticked=frozenset(entry.checklist.split()),
    )
    ruled = _under_rule(visit, passed, preset.rule_after(told))
    return ruled if standing is Standing.NEW else _of_before(visit, ruled)


def show_error(visit: Visit, error: EztongError) -> Shown:
    """Return the panel of a refusal or a failure. A slip of the finger is neither."""
    lead = _why(visit, error.code, minutes=-(-(error.retry_after or _MINUTE) // _MINUTE))
    if isinstance(error, CodeMalformed):
        word = "desk.word.slip" if isinstance(error, CodeCheckDigitWrong) else "desk.word.no_code"
        return Shown(tone="slip", word=visit.words.text(word), lead=lead)
    if isinstance(error, _STALE):
        return Shown(tone="stale", word=visit.words.text("desk.word.stale"), lead=lead)
    if isinstance(error, _REFUSALS):
        return Shown(tone="danger", word=visit.words.text("desk.word.not_passed"), lead=lead)
    return Shown(tone="wait", word=visit.words.text("desk.word.unavailable"), lead=lead)


def show_line(visit: Visit, entry: DeskEntry, stored: Repositories, *, is_new: bool) -> Shown:
    """Return the panel of a line of the record; ``is_new`` if the answer came about just now.

    Raises:
        NotFound: its request waits or ran out of time, or the scene is no longer the partner's.
    """
    if entry.refusal is not None:
        shown = Shown(tone="stale", word=visit.words.text("desk.word.stale"), lead=_why(visit, entry.refusal))
        return replace(shown, at=clock_words(entry.created_at), entry_id=entry.entry_id)
    request = read_request(visit, entry, stored)
    verification_id = entry.verification_id if request is None else request.verification_id
    scene = stored.partners.scene(entry.partner_id, entry.scene)
    if verification_id is None or scene is None:
        raise NotFound
    verification = stored.verifications.get(entry.partner_id, verification_id)
    standing = Standing.NEW
    if verification is not None:
        standing = standing_of(verification, scene, now=visit.now, stored=stored)
    if is_new and standing is Standing.EARLIER:
        standing = Standing.NEW
    document = read_document(visit, verification_id, entry, stored)
    return show_result(visit, document, scene=scene, entry=entry, standing=standing)


def _why(visit: Visit, code: str, *, minutes: int = 1) -> str:
    key = f"desk.why.{code}"
    return visit.words.text(key if visit.words.has(key) else "desk.why.unavailable", minutes=minutes)


def read_document(
    visit: Visit, verification_id: VerificationId, entry: DeskEntry, stored: Repositories
) -> Mapping[str, Any]:
    """Return the stored answer; without what it told if its account was erased since."""
    verification = stored.verifications.get(entry.partner_id, verification_id)
    if verification is None:
        return {"outcome": Outcome.UNAVAILABLE.value, "id": verification_id}
    holder = None if verification.holder_id is None else stored.holders.get(verification.holder_id)
    try:
        found: Mapping[str, Any] = json.loads(open_result(verification, holder=holder, keys=visit.services.keys))
    except HolderNotUsable:
        return {"outcome": verification.outcome.value, "id": verification_id}
    return found


def read_request(visit: Visit, entry: DeskEntry, stored: Repositories) -> Request | None:
    """Return the request of a line, as time has made it."""
    if entry.request_id is None:
        return None
    request = stored.requests.get(entry.partner_id, entry.request_id)
    return None if request is None else request.as_of(visit.now)


def row_of(visit: Visit, entry: DeskEntry, stored: Repositories) -> Row | None:
    """Return the line of the last twenty; None while the request waits."""
    at = clock_words(entry.created_at)[:5]
    if entry.refusal is not None:
        return Row(
            tone="stale", word=visit.words.text("desk.word.stale"), name="", at=at, number="", entry_id=entry.entry_id
        )
    request = read_request(visit, entry, stored)
    verification_id = entry.verification_id if request is None else request.verification_id
    if verification_id is None:
        if request is None or request.state is not RequestState.TIMEOUT:
            return None
        document: Mapping[str, Any] = {"outcome": Outcome.EXPIRED.value, "id": ""}
    else:
        document = read_document(visit, verification_id, entry, stored)
    outcome = Outcome(document["outcome"])
    return Row(
        tone=_TONES[outcome],
        word=visit.words.text(f"desk.word.{outcome}"),
        name=str(document.get("claims", {}).get(Claim.MASKED_NAME, "")),
        at=at,
        number=str(document["id"])[-6:],
        entry_id=entry.entry_id if verification_id is not None else "",
    )


def _note(visit: Visit, preset: str, document: Mapping[str, Any]) -> str:
    note, since = visit.words.text(f"desk.preset.{preset}"), document.get("unconfirmed_since")
    if since is None:
        return note
    return " ".join((visit.words.text("desk.unconfirmed", since=since), note))


def _facts(visit: Visit, told: Mapping[str, Any], withheld: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    words, answers = visit.words, {True: "yes", False: "no"}
    known = [
        (words.text(f"desk.age.{age}"), words.text(f"desk.{answers[bool(told[claim])]}"), answers[bool(told[claim])])
        for claim, age in AGE_CLAIMS.items()
        if claim in told
    ]
    kept = [(words.text(f"desk.claim.{claim}"), words.text("desk.withheld"), "kept") for claim in sorted(withheld)]
    return (*known, *kept)


def _of_before(visit: Visit, shown: Shown) -> Shown:
    asked = visit.words.text("desk.earlier_lead", at=shown.at)
    if shown.tone != _TONES[Outcome.PASSED]:
        return replace(shown, lead=f"{shown.lead} {asked}")
    return replace(shown, tone="earlier", word=visit.words.text("desk.word.earlier"), lead=asked)


def _over(visit: Visit, shown: Shown) -> Shown:
    # As coarse as for a new code: no reason, and nothing of what was told before.
    lead = f"{visit.words.text('desk.over_lead', at=shown.at)} {visit.words.text('desk.lead.not_passed')}"
    word = visit.words.text("desk.word.not_passed")
    return replace(shown, tone=_TONES[Outcome.NOT_PASSED], word=word, lead=lead, number="")


def _under_rule(visit: Visit, shown: Shown, rule: AgeRule) -> Shown:
    # Who looks from a metre away sees the colour first: a person who may not be served here is never green.
    if rule is AgeRule.HOLDS:
        return shown
    if rule is AgeRule.OPEN:
        word, lead = visit.words.text("desk.word.see_document"), visit.words.text("desk.must_unknown")
    else:
        word, lead = visit.words.text("desk.word.under_age"), visit.words.text("desk.must_failed")
    return replace(shown, tone="caution", word=word, lead=lead)
