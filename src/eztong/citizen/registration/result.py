"""The result of an application in words: approved, waiting, needing something, refused with reason and appeal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from eztong.citizen.browser.kept_way import kept_way
from eztong.citizen.journey import IDENTITY, PHONE, has_bound_device, may_unlock, next_path, was_erased
from eztong.citizen.visit import Visit
from eztong.domain.errors import EztongError, TickMissing
from eztong.domain.guardianship.ward import waits_for_guardian
from eztong.domain.holder import STOPS, FreezeCause, Holder, HolderState
from eztong.domain.registration import NOT_APPEALED, Reason, StepKind, asks_applicant
from eztong.i18n.moments import date_words, moment_words
from eztong.pages.error_pages import sentence_of
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.guardianship.invite_guardian import is_claimed_uninvited, is_invited_waiting, needs_guardian
from eztong.usecases.registration.application_words import Said, read_steps
from eztong.usecases.registration.lapse_applications import answered_by
from eztong.usecases.registration.withdraw_application import may_withdraw

REFRESH_SECONDS: Final = 10
ERASED: Final = "erased"
MORE_ASKED: Final = "more_asked"
REFUSED_ONCE: Final = "refused_once"
STOPPED: Final = "stopped"
RELATION_WAITS: Final = "relation_waits"
STOPPED_BY_GUARDIAN: Final = "stopped_by_guardian"
NO_GUARDIAN: Final = "no_guardian"
GUARDIAN_WAITS: Final = "guardian_waits"
WITHOUT_GUARDIAN: Final = (NO_GUARDIAN, GUARDIAN_WAITS)
# Applying again would be refused again: there is an account, or a first application, of this person already.
_NOT_AGAIN: Final = (Reason.ALREADY_REGISTERED, Reason.UNDER_REVIEW_ALREADY)
_SAID_BY_TITLE: Final = (Reason.MORE_ASKED, Reason.WITHDRAWN, Reason.UNANSWERED)
# Nobody refused these: they ended, and may be made anew.
ENDED: Final = {Reason.WITHDRAWN: "withdrawn", Reason.UNANSWERED: "unanswered"}


@dataclass(frozen=True, slots=True)
class _Look:
    """How a state looks on the page."""

    tone: str
    icon: str


_LOOKS: Final = {
    HolderState.ACTIVE: _Look("success", "ok"),
    HolderState.APPLIED: _Look("info", "wait"),
    HolderState.UNDER_REVIEW: _Look("info", "wait"),
    HolderState.SUPPLEMENT_NEEDED: _Look("warning", "info"),
    HolderState.REFUSED: _Look("danger", "stop"),
    HolderState.FROZEN: _Look("warning", "lock"),
    HolderState.TERMINATED: _Look("danger", "stop"),
    HolderState.DEREGISTERING: _Look("info", "wait"),
    HolderState.DEREGISTERED: _Look("info", "info"),
}

_RESTRICTED: Final = _Look("warning", "warn")
_OVER: Final = _Look("info", "info")

# These wait for a person: the applicant gets a number to ask by.
_WITH_A_CASE: Final = frozenset(
    {HolderState.APPLIED, HolderState.UNDER_REVIEW, HolderState.SUPPLEMENT_NEEDED, HolderState.REFUSED}
)


def show(visit: Visit) -> Response:
    """Show where the application stands; whoever has not applied yet is sent to the step that is due."""
    return result_page(visit)


def result_page(visit: Visit, error: EztongError | None = None) -> Response:
    """Show where the application stands, with an objection, an answer or a withdrawal that could not be taken."""
    with visit.services.store.read() as stored:
        signed_in = visit.signed_in(stored)
        way_on = next_path(signed_in, stored=stored)
        holder = signed_in.holder
        has_lock = may_unlock(holder.holder_id, stored=stored)
        said = read_steps(holder, stored=stored, keys=visit.services.keys) if holder.state in _WITH_A_CASE else ()
        withdraws = may_withdraw(holder, stored=stored)
        is_own = has_bound_device(signed_in, stored=stored)
        asks = asks_applicant(holder.state, holder.reason)
        # What staff are looking at ends by no day.
        must_invite = waits_for_guardian(holder) and holder.reason != Reason.RELATION_WAITS
        told = _told_of_guardian(holder, visit, stored=stored) or _told(holder)
        is_claimed = told == NO_GUARDIAN and is_claimed_uninvited(stored.guardianships.of_ward(holder.holder_id))
        answer_by = answered_by(holder, stored=stored) if asks or must_invite else None
    look = _look(holder)
    if look is None or way_on in {PHONE, IDENTITY}:
        return visit.redirect(way_on)
    return visit.form_page(
        "registration/result.html",
        because=error,
        words=visit.form.get("words", ""),
        words_error="" if error is None or isinstance(error, TickMissing) else sentence_of(error, visit),
        tick_error=sentence_of(error, visit) if isinstance(error, TickMissing) else "",
        may_appeal=_may_appeal(holder, said),
        may_answer=asks,
        answer_by=None if answer_by is None else date_words(answer_by, words=visit.words),
        may_withdraw=withdraws and is_own,
        withdraws_elsewhere=withdraws and not is_own,
        was_erased=was_erased(holder),
        said=[_shown(one, visit) for one in said],
        due=_due(said, visit) if holder.state is HolderState.UNDER_REVIEW else None,
        state=holder.standing,
        told=told,
        is_claimed=is_claimed,
        look=look,
        has_lock=has_lock,
        reason=_reason(visit, holder, said),
        objected=_has_objected(said),
        case=holder.holder_id if holder.state in _WITH_A_CASE and not was_erased(holder) else None,
        recover=holder.reason == Reason.ALREADY_REGISTERED,
        must_invite=must_invite,
        way_back=kept_way(visit),
        steps=holder.state not in STOPS,
        refresh=REFRESH_SECONDS if holder.state is HolderState.APPLIED else None,
    )


def _look(holder: Holder) -> _Look | None:
    if _ended(holder):
        return _OVER
    return _RESTRICTED if holder.is_restricted else _LOOKS.get(holder.state)


def _ended(holder: Holder) -> str | None:
    return next((told for reason, told in ENDED.items() if holder.reason == reason), None)


def _reason(visit: Visit, holder: Holder, said: Sequence[Said]) -> str | None:
    # What once limited an account is not said of one that is whole again.
    if not holder.reason or holder.standing == HolderState.ACTIVE or holder.reason in _SAID_BY_TITLE:
        return None
    reason = visit.words.text(f"reason.{Reason(holder.reason)}")
    if holder.state is HolderState.UNDER_REVIEW and _has_objected(said):
        return visit.words.text("result.reason_before", reason=reason)
    return reason


def _may_appeal(holder: Holder, said: Sequence[Said]) -> bool:
    is_refused = holder.state is HolderState.REFUSED and holder.reason not in NOT_APPEALED
    return is_refused and not _has_objected(said)


def _has_objected(said: Sequence[Said]) -> bool:
    return any(one.kind is StepKind.APPEAL for one in said)


def _shown(one: Said, visit: Visit) -> dict[str, str]:
    return {"kind": one.kind.value, "at": moment_words(one.at, now=visit.now, words=visit.words), "text": one.text}


def _due(said: Sequence[Said], visit: Visit) -> str | None:
    """Return by when staff answer the objection, or look at the answer."""
    last = next((one for one in reversed(said) if one.due is not None), None)
    if last is None or last.due is None:
        return None
    return visit.words.text(f"result.due.{last.kind}", day=date_words(last.due.at, words=visit.words))


def _told_of_guardian(holder: Holder, visit: Visit, *, stored: Repositories) -> str:
    """Return what is true of an account that stands still for want of a guardian; empty if that is not why."""
    is_shut = holder.state is HolderState.FROZEN and holder.freeze_cause is FreezeCause.GUARDIAN
    if not is_shut or not needs_guardian(holder, stored=stored, keys=visit.services.keys, now=visit.now):
        return ""
    is_checked = is_invited_waiting(stored.guardianships.of_ward(holder.holder_id))
    return GUARDIAN_WAITS if is_checked else NO_GUARDIAN


def _told(holder: Holder) -> str:
    """Return which sentences are true of the result."""
    if was_erased(holder):
        return _ended(holder) or ERASED
    if asks_applicant(holder.state, holder.reason):
        return MORE_ASKED
    if holder.state is HolderState.SUPPLEMENT_NEEDED and holder.reason == Reason.RELATION_WAITS:
        return RELATION_WAITS
    if holder.state is HolderState.REFUSED and holder.reason in _NOT_AGAIN:
        return REFUSED_ONCE
    if holder.state is HolderState.FROZEN and holder.freeze_cause is not FreezeCause.SELF:
        return STOPPED_BY_GUARDIAN if holder.freeze_cause is FreezeCause.GUARDIAN else STOPPED
    return holder.standing
