"""The texts of messages: every one as it is sent, a replacement beside the program's own, and its versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from eztong.console.visit import Visit
from eztong.domain.agreement_sets.changes import Piece, changed_words
from eztong.domain.errors import EztongError
from eztong.domain.message_texts.sms_length import SmsLength, sms_length
from eztong.domain.message_texts.version import TextUnknown, TextVersion, TextVersionUnknown
from eztong.domain.message_texts.wording import LONGEST, TextInvalid, Wording, parse_wording, placeholders
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.proposal import ProposalEnded, ProposalKind
from eztong.i18n.message_samples import sample_text, samples_of
from eztong.i18n.message_texts import OWN_TEXTS
from eztong.i18n.translator import LANGUAGES, Translator
from eztong.pages.error_pages import sentence_of
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.message_texts.publish_text import (
    ProposeText,
    find_text_version,
    open_proposal_of_text,
    propose_text,
    texts_in_force,
)

HOME: Final = "/console/texts"
SHOWN: Final = 50
_EXCERPT: Final = {"zh-CN": 40, "en": 80}


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRow:
    """A text in the list. ``state`` is ``own``, ``replaced`` or ``unfit``."""

    text_id: str
    title: str
    says: str
    state: str
    waits: bool
    segments: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextShown:
    """A text in one language as a phone would show it. ``which`` is ``own``, ``in_force`` or ``draft``."""

    which: str
    text: str
    length: SmsLength


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a text says in one language, and what the draft changes in the program's own."""

    language: str
    said: Sequence[TextShown]
    pieces: Sequence[Piece]


def show(visit: Visit) -> Response:
    """List every text; first those that were changed, or wait for the second operator."""
    with visit.services.store.read() as stored:
        in_force = texts_in_force(stored=stored)
        waiting = {
            version.text_id
            for one in stored.proposals.open(limit=SHOWN).those
            if one.kind is ProposalKind.MESSAGE_TEXT and (version := stored.text_versions.get(one.subject)) is not None
        }
    rows = [_row(visit, text_id, in_force.wording(text_id), waits=text_id in waiting) for text_id in OWN_TEXTS]
    return visit.page(
        "message_texts/page.html",
        changed=[row for row in rows if row.waits or row.state != "own"],
        own=[row for row in rows if not row.waits and row.state == "own"],
    )


def show_one(visit: Visit) -> Response:
    """Show one text beside the program's own, or the version that the address names.

    Raises:
        TextUnknown: there is no such text.
    """
    return _one(visit)


def do(visit: Visit) -> Response:
    """Show what was typed as a phone would, propose it, or propose the program's own text again.

    Raises:
        TextUnknown: there is no such text.
    """
    text_id, how = _id(visit), visit.form.get("do", "")
    zh, en = visit.form.get("zh", ""), visit.form.get("en", "")
    try:
        if how == "look":
            return _one(visit, draft=parse_wording(zh, en, own=OWN_TEXTS[text_id]))
        wanted = ("", "") if how == "back" else (zh, en)
        command = ProposeText(text_id=text_id, zh=wanted[0], en=wanted[1], reason=visit.form.get("reason", ""))
        _version, proposal = visit.audited(
            lambda: visit.services.perform(visit.acting, propose_text, command, own=OWN_TEXTS), subject=text_id
        )
    except EztongError as error:
        return _one(visit, error=error)
    return visit.redirect_done(f"/console/proposals/{proposal.proposal_id}")


def title_of(text_id: str, words: Translator) -> str:
    """Return what a text is about, and where a topic has several, which of them it is."""
    topic, *parts = text_id.split(".")
    return " · ".join(
        [words.text(f"notices.topic.{topic}"), *(words.text(f"console.texts.part.{one}") for one in parts)]
    )


def _id(visit: Visit) -> str:
    text_id = str(visit.request.path_params["text_id"])
    if text_id not in OWN_TEXTS:
        raise TextUnknown
    return text_id


def _row(visit: Visit, text_id: str, wording: Wording, *, waits: bool) -> TextRow:
    own, language = OWN_TEXTS[text_id], visit.words.language
    state = "own" if wording.is_own else "replaced" if wording.fits(own) else "unfit"
    says = wording if state == "replaced" else own
    shown, most = sample_text(text_id, says.text(language), language=language), _EXCERPT[language]
    lengths = [_said(visit, text_id, says, one, which=state).length.segments for one in LANGUAGES]
    return TextRow(
        text_id=text_id,
        title=title_of(text_id, visit.words),
        says=shown if len(shown) <= most else f"{shown[:most]}…",
        state=state,
        waits=waits,
        segments=lengths,
    )


def _said(visit: Visit, text_id: str, wording: Wording, language: str, *, which: str) -> TextShown:
    service = visit.services.brand.look().service(language)
    text = sample_text(text_id, wording.text(language), language=language, service=service)
    return TextShown(which=which, text=text, length=sms_length(text))


def _one(visit: Visit, *, draft: Wording | None = None, error: EztongError | None = None) -> Response:
    text_id = _id(visit)
    own = OWN_TEXTS[text_id]
    with visit.services.store.read() as stored:
        in_force = texts_in_force(stored=stored).wording(text_id)
        versions = stored.text_versions.of_text(text_id, limit=SHOWN)
        looked_at, waits = _looked_at(visit, text_id, stored)
    fits = in_force.fits(own)
    shown = draft or (looked_at.wording if looked_at is not None else in_force)
    shown = shown if not shown.is_own and shown.fits(own) else own
    typed = {"zh": visit.form.get("zh", ""), "en": visit.form.get("en", "")}
    now = own if in_force.is_own or not fits else in_force
    return visit.form_page(
        "message_texts/page_text.html",
        because=error,
        problem="" if error is None else _problem(error, visit),
        text_id=text_id,
        title=title_of(text_id, visit.words),
        state="own" if in_force.is_own else "replaced" if fits else "unfit",
        params=_params(text_id, own, visit.words.language),
        comparisons=[
            _comparison(visit, text_id, language, (own, now, shown)) for language in _own_language_first(visit)
        ],
        is_draft=draft is not None or looked_at is not None,
        looked_at=looked_at,
        waits=waits,
        typed=dict(shown.said()) if error is None else typed,
        longest=LONGEST,
        versions=versions.those,
        unreadable=versions.unreadable,
        may_propose=visit.may(Permission.TEXTS_PROPOSE),
        may_go_back=not in_force.is_own,
        reason=visit.form.get("reason", ""),
    )


def _looked_at(visit: Visit, text_id: str, stored: Repositories) -> tuple[TextVersion | None, str]:
    """Return the version of this text that the address names, and the proposal by which it waits."""
    named = visit.request.query_params.get("version", "")
    if not named:
        return None, ""
    version = find_text_version(named, stored=stored)
    if version.text_id != text_id:
        raise TextVersionUnknown
    try:
        return version, open_proposal_of_text(named, stored=stored).proposal_id
    except ProposalEnded:
        return version, ""


def _own_language_first(visit: Visit) -> list[str]:
    return sorted(LANGUAGES, key=lambda one: one != visit.words.language)


def _comparison(visit: Visit, text_id: str, language: str, several: tuple[Wording, Wording, Wording]) -> Comparison:
    own, _now, shown = several
    told: list[tuple[str, Wording]] = []
    for which, wording in zip(("own", "in_force", "draft"), several, strict=True):
        if all(wording != one for _which, one in told):
            told.append((which, wording))
    return Comparison(
        language=language,
        said=[_said(visit, text_id, wording, language, which=which) for which, wording in told],
        pieces=changed_words(own.text(language), shown.text(language)),
    )


def _params(text_id: str, own: Wording, language: str) -> list[tuple[str, str]]:
    samples = samples_of(text_id, language)
    return [(name, samples[name]) for name in placeholders(own.text(language))]


def _problem(error: EztongError, visit: Visit) -> str:
    if not isinstance(error, TextInvalid) or not error.problem:
        return sentence_of(error, visit)
    language = visit.words.text(f"console.texts.in.{error.language}")
    return visit.words.text(f"console.texts.wrong.{error.problem}", language=language, names=error.names)
