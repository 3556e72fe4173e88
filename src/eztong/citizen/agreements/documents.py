"""Agreements and rules for anybody to read: what is in force, what is announced, and every version of before (5.6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from eztong.citizen.journey import own_tab
from eztong.citizen.visit import Visit
from eztong.citizen.words.agreement_text import render_with_anchors
from eztong.citizen.words.clause_notes import clause_notes
from eztong.citizen.words.documents_in_force import documents_in_force, in_languages
from eztong.domain.agreement_sets.agreement_set import AgreementSet, Member, in_order
from eztong.domain.agreement_sets.changes import changed_clauses
from eztong.domain.agreement_sets.clauses import clause_anchor
from eztong.domain.agreements import (
    PRECEDENCE,
    Agreement,
    AgreementKind,
    AgreementState,
    ChangeClass,
    DocumentKind,
    RuleKind,
    document_kind,
)
from eztong.domain.errors import NotFound
from eztong.i18n.moments import date_words
from eztong.ports.storage.repositories import Repositories

ALL: Final = "/documents"
_SHOWN: Final[tuple[DocumentKind, ...]] = (*AgreementKind, *RuleKind)
_PUBLISHED: Final = (AgreementState.SCHEDULED, AgreementState.IN_FORCE, AgreementState.SUPERSEDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """A document of a set in words. ``asks`` leads to what its change asks; empty if the set did not change it."""

    kind: str
    version: str
    title: str
    path: str
    changes_path: str
    asks: str
    grace: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCard:
    """A set in words: ``members`` with the agreements first, then the rules."""

    number: int
    state: str
    since: str
    changes: str
    members: tuple[MemberRow, ...]


def show_all(visit: Visit) -> Response:
    """List the set in force, what is announced, and earlier sets; with the order in which documents apply."""
    with visit.services.store.read() as stored:
        cards = [_card(visit, one, stored=stored) for one in stored.agreement_sets.list() if one.state in _PUBLISHED]
    by_state = {state: [card for card in cards if card.state == state.value] for state in _PUBLISHED}
    return visit.page(
        "agreements/documents_all.html",
        current=by_state[AgreementState.IN_FORCE],
        announced=by_state[AgreementState.SCHEDULED],
        earlier=by_state[AgreementState.SUPERSEDED],
        precedence=[kind.value for kind in PRECEDENCE],
        tab=own_tab(visit),
    )


def show(visit: Visit) -> Response:
    """Show the text in force of one document.

    Raises:
        NotFound: there is no such document.
    """
    kind = _kind(visit)
    with visit.services.store.read() as stored:
        if isinstance(kind, AgreementKind):
            agreement: Agreement | None = documents_in_force(visit.words.language, stored=stored)[kind]
        elif kind is RuleKind.NOTICE:
            return visit.redirect(ALL)
        else:
            agreement = in_languages(visit.words.language, lambda language: stored.agreements.in_force(kind, language))
    if agreement is None:
        raise NotFound
    return document_page(visit, agreement, tab=own_tab(visit))


def show_version(visit: Visit) -> Response:
    """Show a version that was published, whether it is in force or not: its address never changes.

    Raises:
        NotFound: no such version.
    """
    with visit.services.store.read() as stored:
        agreement = _published(visit, stored)
    return document_page(visit, agreement, tab=own_tab(visit))


def show_changes(visit: Visit) -> Response:
    """Show what a version changed, clause by clause, against the one before it.

    Raises:
        NotFound: no such version, or there was none before it.
    """
    with visit.services.store.read() as stored:
        agreement = _published(visit, stored)
        before = version_before(agreement, stored=stored)
    if before is None:
        raise NotFound
    clauses = [
        (one, clause_anchor(one.number) if one.number else "") for one in changed_clauses(before.text, agreement.text)
    ]
    return visit.page(
        "agreements/documents_changes.html",
        agreement=agreement,
        before=before,
        clauses=clauses,
        path=version_path(agreement.kind, agreement.version),
        before_path=version_path(before.kind, before.version),
        in_force_from=date_words(agreement.in_force_from, words=visit.words),
        tab=own_tab(visit),
    )


def document_page(visit: Visit, agreement: Agreement, *, tab: str | None = None, is_signed: bool = False) -> Response:
    """Show one version of a document with its text, its hash, and the marks on its clauses."""
    with visit.services.store.read() as stored:
        marks = stored.clause_marks.of_text(agreement.kind, agreement.version)
        before = version_before(agreement, stored=stored)
    return visit.page(
        "agreements/documents.html",
        agreement=agreement,
        text=render_with_anchors(agreement.text, clause_notes(marks, words=visit.words)),
        in_force_from=date_words(agreement.in_force_from, words=visit.words),
        changes_path="" if before is None else changes_path(agreement.kind, agreement.version),
        is_signed=is_signed,
        tab=tab,
    )


def version_before(agreement: Agreement, *, stored: Repositories) -> Agreement | None:
    """Return the version that a published one came after; notices come after none."""
    if agreement.kind is RuleKind.NOTICE:
        return None
    known = stored.agreements.versions(agreement.kind, agreement.language)
    versions = [one for one in known if one.state in _PUBLISHED]
    places = [place for place, one in enumerate(versions) if one.version == agreement.version]
    later = versions[places[0] + 1 :] if places else []
    return later[0] if later else None


def version_path(kind: DocumentKind, version: str) -> str:
    """Return the address of a version, which never changes."""
    return f"{ALL}/{kind.value}/{version}"


def changes_path(kind: DocumentKind, version: str) -> str:
    """Return the address of what a version changed."""
    return f"{version_path(kind, version)}/changes"


def _card(visit: Visit, agreement_set: AgreementSet, *, stored: Repositories) -> SetCard:
    rows = (_row(visit, member, stored=stored) for member in in_order(agreement_set.members, _SHOWN))
    return SetCard(
        number=agreement_set.number,
        state=agreement_set.state.value,
        since=date_words(agreement_set.in_force_from, words=visit.words),
        changes="" if agreement_set.changes is None else agreement_set.changes.in_language(visit.words.language),
        members=tuple(row for row in rows if row is not None),
    )


def _row(visit: Visit, member: Member, *, stored: Repositories) -> MemberRow | None:
    agreement = in_languages(
        visit.words.language, lambda language: stored.agreements.version(member.kind, member.version, language)
    )
    if agreement is None:
        return None
    is_changed = member.change_class is not None and version_before(agreement, stored=stored) is not None
    grace = "" if member.grace_until is None else date_words(member.grace_until, words=visit.words)
    return MemberRow(
        kind=member.kind.value,
        version=member.version,
        title=agreement.title,
        path=version_path(member.kind, member.version),
        changes_path=changes_path(member.kind, member.version) if is_changed else "",
        asks=_asks(member) if is_changed else "",
        grace=grace,
    )


def _asks(member: Member) -> str:
    # A rule has no tick of its own: what its change asks is asked with the agreement that changes with it.
    return ChangeClass.C.value if isinstance(member.kind, RuleKind) else str(member.change_class or "")


def _kind(visit: Visit) -> DocumentKind:
    try:
        return document_kind(visit.request.path_params["kind"])
    except ValueError as error:
        raise NotFound from error


def _published(visit: Visit, stored: Repositories) -> Agreement:
    kind, version = _kind(visit), visit.request.path_params["version"]
    found = in_languages(visit.words.language, lambda language: stored.agreements.version(kind, version, language))
    if found is None or found.state not in _PUBLISHED:
        raise NotFound
    return found
