"""Corrections of what was checked: the name is matched again; number and birth date go by a ticket (clause 3.3)."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from eztong.citizen.limits import RECOVERY_QUESTIONS, count
from eztong.citizen.visit import Visit
from eztong.domain.access.unlock import is_unlocked
from eztong.domain.contact.phone_change import ContactCooling
from eztong.domain.errors import EztongError, InputInvalid, TooMany, Unavailable
from eztong.domain.feedback.ticket import grouped
from eztong.domain.holder import Holder
from eztong.domain.identity.masking import mask_name
from eztong.domain.identity.real_name import NameInvalid, parse_real_name
from eztong.domain.own_data.correction import Correction, FieldLocked, NameSame
from eztong.domain.standing import is_usable
from eztong.i18n.moments import moment_words
from eztong.pages.error_pages import sentence_of
from eztong.usecases.contact.cooling import contact_cools_until
from eztong.usecases.own_data.correct_name import CorrectName, correct_name, names_of
from eztong.usecases.own_data.reveal_identity import open_identity

HERE = "/me/correct"
_ON_THE_PAGE = (InputInvalid, TooMany, Unavailable, ContactCooling)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRow:
    """A correction as the page lists it, with masked names; the ticket's number with and without spaces."""

    old: str
    new: str
    state: str
    reason: str
    at: str
    ticket: str
    ticket_shown: str


def show(visit: Visit) -> Response:
    """Show the form, and what was asked for before.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this browser may not see it.
    """
    return _page(visit, "")


def ask(visit: Visit) -> Response:
    """Have the name matched; the page says what came of it.

    Raises:
        Locked: unlock first; the page is shown again after it.
        HolderNotUsable: the account is not in use.
    """
    typed = visit.form.get("name", "")
    try:
        # Of whatever nobody can be called nothing is counted.
        name = parse_real_name(typed).display
        count(RECOVERY_QUESTIONS, visit)
        words = visit.words.text("correct.ticket_words", name=name)
        correct_name(CorrectName(session_hash=visit.session_hash, name=typed, words=words), services=visit.services)
    except _ON_THE_PAGE as error:
        return _page(visit, typed, error)
    return visit.redirect(HERE)


def refuse(_visit: Visit) -> Response:
    """Refuse to edit what is locked, and lead to the correction.

    Raises:
        FieldLocked: always.
    """
    raise FieldLocked


def _page(visit: Visit, typed: str, error: EztongError | None = None) -> Response:
    keys = visit.services.keys
    with visit.services.store.read() as stored:
        signed_in = visit.bound(stored)
        holder = signed_in.holder
        corrections = stored.corrections.list(holder.holder_id)
        cools_until = contact_cools_until(holder.holder_id, stored=stored, now=visit.now)
    until = "" if cools_until is None else moment_words(cools_until, now=visit.now, words=visit.words)
    sentence = "" if error is None else sentence_of(error, visit)
    at_field = isinstance(error, (NameInvalid, NameSame))
    return visit.form_page(
        "own_data/correct.html",
        because=error,
        tab="me",
        current=mask_name(open_identity(holder, keys=keys).name),
        name=typed,
        error=sentence if at_field else "",
        problem="" if at_field else sentence,
        may_ask=is_usable(holder),
        waits_until=until,
        unlocked=is_unlocked(signed_in.session.unlocked_until, now=visit.now),
        corrections=[_row(one, holder, visit) for one in corrections],
    )


def _row(correction: Correction, holder: Holder, visit: Visit) -> CorrectionRow:
    names = names_of(correction, holder, keys=visit.services.keys)
    return CorrectionRow(
        old=mask_name(names.old),
        new=mask_name(names.new),
        state=correction.state.value,
        reason="" if correction.reason is None else correction.reason.value,
        at=moment_words(correction.asked_at, now=visit.now, words=visit.words),
        ticket=correction.ticket_number or "",
        ticket_shown=grouped(correction.ticket_number or ""),
    )
