"""Drafting the next set: one document at a time in both languages, with the set's day, grace and plain words (5.6)."""

from __future__ import annotations

from datetime import datetime, time
from typing import Final

from starlette.responses import Response

from eztong.console.agreement_sets.sets import HOME
from eztong.console.visit import Visit
from eztong.domain.agreement_sets.agreement_set import (
    DEFAULT_GRACE_DAYS,
    AgreementSet,
    ChangeClassMissing,
    ScheduleInvalid,
)
from eztong.domain.agreement_sets.offered_text import MAX_TEXT
from eztong.domain.agreements import AgreementKind, ChangeClass, DocumentKind, RuleKind, document_kind
from eztong.domain.errors import EztongError, InputInvalid
from eztong.domain.identity.age import SHANGHAI, read_day
from eztong.domain.incidents.incident import MAX_WORDS, parse_bilingual
from eztong.domain.operators.permission import Permission
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.agreement_sets.draft_document import (
    DraftDocument,
    OfferedWords,
    draft_document,
    waiting_draft,
    words_to_edit,
)

DRAFT: Final = f"{HOME}/draft"
MAX_BODY: Final = 1024 * 1024
"""Bytes of the form: a long document in both languages, each Chinese sign of it nine bytes on the way."""

DOCUMENTS: Final[tuple[DocumentKind, ...]] = (*AgreementKind, *RuleKind)
_ENDS: Final = "ends_"
TYPED: Final = (
    "number",
    "title_zh",
    "title_en",
    "text_zh",
    "text_en",
    "asks",
    "changes_zh",
    "changes_en",
    "starts",
    "grace",
)


def show(visit: Visit) -> Response:
    """Show which documents there are, or the form of the one that the address names."""
    return _page(visit, _document(visit.request.query_params.get("document", "")))


def draft(visit: Visit) -> Response:
    """Store the draft, and go to what it changes."""
    kind = _document(visit.form.get("document", ""))
    if kind is None:
        raise InputInvalid("Choose a document.")
    try:
        made = visit.perform(draft_document, _command(visit, kind))
    except EztongError as error:
        return _page(visit, kind, error=error)
    return visit.redirect_done(f"{HOME}/{made.number}")


def _command(visit: Visit, kind: DocumentKind) -> DraftDocument:
    form = visit.form
    asks = ChangeClass.C.value if kind is RuleKind.NOTICE else form.get("asks", "")
    if asks not in set(ChangeClass):
        raise ChangeClassMissing
    grace = form.get("grace", "").strip()
    ended = frozenset(name.removeprefix(_ENDS) for name, said in form.items() if name.startswith(_ENDS) and said)
    return DraftDocument(
        kind=kind,
        number=form.get("number", "").strip(),
        words=[
            OfferedWords(title=form.get("title_zh", ""), text=form.get("text_zh", "")),
            OfferedWords(title=form.get("title_en", ""), text=form.get("text_en", "")),
        ],
        change_class=ChangeClass(asks),
        changes=parse_bilingual(form.get("changes_zh", ""), form.get("changes_en", "")),
        starts=_day(form.get("starts", "")),
        grace_days=int(grace) if grace.isascii() and grace.isdigit() and len(grace) < len("1000") else 0,
        ended_notices=ended,
    )


def _day(typed: str) -> datetime | None:
    if not typed.strip():
        return None
    try:
        return datetime.combine(read_day(typed), time(), SHANGHAI)
    except ValueError as error:
        raise ScheduleInvalid from error


def _document(typed: str) -> DocumentKind | None:
    try:
        return document_kind(typed)
    except ValueError:
        return None


def _page(visit: Visit, kind: DocumentKind | None, *, error: EztongError | None = None) -> Response:
    with visit.services.store.read() as stored:
        waiting = waiting_draft(stored=stored)
        current = stored.agreement_sets.in_force()
        typed = _stored(kind, waiting, stored=stored) if kind is not None else {}
    if error is not None:
        typed |= {name: visit.form.get(name, "") for name in TYPED}
    notices = [] if current is None else [one.version for one in current.members if one.kind is RuleKind.NOTICE]
    return visit.form_page(
        "agreement_sets/drafting.html",
        because=error,
        kind=kind,
        documents=DOCUMENTS,
        changed={one.kind for one in waiting.changed} if waiting else set(),
        classes=list(ChangeClass),
        typed=typed,
        notices=notices,
        ended=_ended(visit, notices, waiting, is_typed=error is not None),
        may_draft=visit.may(Permission.AGREEMENTS_DRAFT),
        most=MAX_WORDS,
        most_text=MAX_TEXT,
        waiting=waiting,
    )


def _ended(visit: Visit, notices: list[str], waiting: AgreementSet | None, *, is_typed: bool) -> set[str]:
    if is_typed:
        return {one for one in notices if visit.form.get(f"{_ENDS}{one}")}
    if waiting is None:
        return set()
    return set(notices) - {one.version for one in waiting.members if one.kind is RuleKind.NOTICE}


def _stored(kind: DocumentKind, waiting: AgreementSet | None, *, stored: Repositories) -> dict[str, str]:
    """Return what the form begins with: the draft that waits, else the text in force."""
    found = dict.fromkeys(TYPED, "") | {"grace": str(DEFAULT_GRACE_DAYS)}
    if kind is not RuleKind.NOTICE:
        zh, en = words_to_edit(kind, stored=stored)
        found |= {"title_zh": zh.title, "title_en": en.title, "text_zh": zh.text, "text_en": en.text}
    if waiting is None:
        return found
    return found | _of_set(kind, waiting)


def _of_set(kind: DocumentKind, waiting: AgreementSet) -> dict[str, str]:
    found: dict[str, str] = {}
    if waiting.changes is not None:
        found |= {"changes_zh": waiting.changes.zh, "changes_en": waiting.changes.en}
    if waiting.in_force_from > waiting.made_at:
        found["starts"] = waiting.in_force_from.astimezone(SHANGHAI).date().isoformat()
    asked = next((one.change_class for one in waiting.changed if one.kind is kind), None)
    return found if asked is None else found | {"asks": asked.value}
