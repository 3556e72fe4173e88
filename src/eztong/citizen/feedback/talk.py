"""The page of talks: where they stand, what comes next and by when, what was said, and the buttons of this stage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.responses import Response

from eztong.citizen.feedback.opening_talks import former_words
from eztong.citizen.feedback.ticket_words import TicketWords, ticket_words
from eztong.citizen.journey import own_tab
from eztong.citizen.limits import FEEDBACK, count
from eztong.citizen.visit import Visit
from eztong.domain.errors import EztongError, InputInvalid, NotFound, StateConflict, TooMany
from eztong.domain.feedback.ticket import MAX_WORDS, Author, TicketUnknown, parse_number, parse_secret, parse_words
from eztong.domain.talks.talk import Move, NotConfirmed, Talk, TalkStage
from eztong.i18n.moments import date_words, moment_words
from eztong.pages.error_pages import sentence_of
from eztong.usecases.feedback.find_ticket import TicketProof, find_ticket, needs_session
from eztong.usecases.feedback.sealed_words import Words, open_words
from eztong.usecases.talks.answer_proposal import AcceptProposal, AskerSays, accept_proposal, give_up, say_in_talk
from eztong.usecases.talks.give_talk_evidence import give_talk_evidence
from eztong.usecases.talks.move_talk import talk_of

ON_THE_PAGE: Final = (InputInvalid, StateConflict, TooMany)
"""What is said on the page itself, above the buttons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """One message as the page shows it."""

    is_staff: bool
    is_proposal: bool
    at: str
    text: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """What stands of talks on the page, in the visit's language; ``proposal`` is the one that can be answered.

    ``decides`` says that what is final can be done here: not by a secret alone about a matter of an account.
    """

    ticket: TicketWords
    talk: Talk
    said: list[_Said]
    proposal: _Said | None
    answer_by: str
    ended: str
    former: str
    decides: bool


def show_talk(visit: Visit, proof: TicketProof, error: EztongError | None = None) -> Response:
    """Show the talks that the proof opens."""
    shown = _page(visit, proof)
    return visit.form_page(
        "feedback/talk.html",
        because=error,
        page=shown,
        ticket=shown.ticket,
        talk=shown.talk,
        place=visit.services.deployment.place_of_signing,
        secret=proof.secret,
        words=visit.form.get("words", "") if error is not None else "",
        act=visit.form.get("act", ""),
        most=MAX_WORDS,
        problem="" if error is None else sentence_of(error, visit),
        tab=own_tab(visit),
    )


def act_in_talk(visit: Visit, proof: TicketProof) -> None:
    """Do what the button of the form says.

    Raises:
        InputInvalid: no such button.
        NotConfirmed: what is final was not ticked.
        WordsMissing, WordsTooLong, TooMany: as everywhere.
        StateConflict: as the use cases say.
        SessionMissing, HolderNotActive, DeviceNotBound, Locked: it is final, and takes the account's unlocked session;
            the page is shown again after unlocking.
    """
    act, proposal = visit.form.get("act"), visit.form.get("proposal", "")
    if act not in {"say", "accept", "fail"}:
        raise InputInvalid
    if act != "say" and "sure" not in visit.form:
        raise NotConfirmed
    written = visit.form.get("words", "")
    if act == "say" or written.strip():
        written = parse_words(written)
    count(FEEDBACK, visit)
    says = AskerSays(proof=proof, words=written.strip(), proposal=proposal)
    if act == "say":
        visit.act(say_in_talk, says, calendar=visit.services.deployment.calendar)
    elif act == "accept":
        visit.act(accept_proposal, AcceptProposal(proof=proof, proposal=proposal))
    else:
        visit.act(give_up, says)


def bundle(visit: Visit) -> Response:
    """Hand out the evidence of the talks of a number, by secret or else by the session of their account.

    Raises:
        NotFound: this opens nothing, or it is no talks.
        SessionMissing, HolderNotActive, DeviceNotBound: no secret, and this session is no holder's own.
    """
    count(FEEDBACK, visit)
    secret = visit.form.get("secret")
    proof = TicketProof(
        number=parse_number(visit.form.get("number", "")),
        secret=None if secret is None else parse_secret(secret),
        session_hash=visit.session_hash,
    )
    try:
        given = give_talk_evidence(proof, services=visit.services)
    except TicketUnknown as error:
        raise NotFound from error
    headers = {
        "Content-Disposition": f'attachment; filename="{given.file_name}"',
        "Cache-Control": "no-store",
    }
    return Response(given.file, headers=headers, media_type="application/json")


def _page(visit: Visit, proof: TicketProof) -> _Page:
    with visit.services.store.read() as stored:
        ticket = find_ticket(proof, stored=stored, keys=visit.services.keys, now=visit.now)
        talk = talk_of(ticket, stored=stored)
        words = open_words(ticket, stored=stored, keys=visit.services.keys)
        decides = proof.secret is None or not needs_session(ticket, stored=stored)
        proposals = {one.message_id for one in stored.talks.steps(ticket.ticket_id) if one.move is Move.PROPOSED}
    said = {one.message_id: _said(visit, one, is_proposal=one.message_id in proposals) for one in words}
    standing = said.get(talk.proposal or "") if talk.stage is TalkStage.PROPOSED else None
    return _Page(
        ticket=ticket_words(visit, ticket),
        talk=talk,
        said=list(said.values()),
        proposal=standing,
        answer_by="" if talk.answer_by is None else date_words(talk.answer_by.at, words=visit.words),
        ended=_moment(visit, talk.ended_at),
        former=former_words(talk.former),
        decides=decides,
    )


def _said(visit: Visit, one: Words, *, is_proposal: bool) -> _Said:
    return _Said(is_staff=one.author is Author.STAFF, is_proposal=is_proposal, at=_moment(visit, one.at), text=one.text)


def _moment(visit: Visit, moment: datetime | None) -> str:
    return "" if moment is None else moment_words(moment, now=visit.now, words=visit.words)
