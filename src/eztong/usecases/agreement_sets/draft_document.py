"""Draft a change of one document, beside what the draft that waits has already; and throw such a draft away (5.6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from eztong.domain.agreement_sets.agreement_set import AgreementSet, SetNotDraft
from eztong.domain.agreement_sets.offered_text import LANGUAGES, Offered, with_version_open
from eztong.domain.agreements import Agreement, AgreementState, ChangeClass, DocumentKind, RuleKind
from eztong.domain.incidents.incident import Bilingual
from eztong.domain.operators.permission import Permission
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.agreement_sets.draft_set import DraftSet, draft_set, find_set, is_proposed
from eztong.usecases.agreement_sets.publish_set import PRINTED_SETTING
from eztong.usecases.operators.check_operator import check_operator


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedWords:
    """Title and text of a document in one language, as they were typed."""

    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftDocument:
    """How one document shall read, and what the set that brings it says as a whole.

    ``words`` are in the order of the languages of the service. ``number`` is that of a notice. ``starts`` None: as soon
    as it is published.
    """

    kind: DocumentKind
    number: str = ""
    words: Sequence[OfferedWords]
    change_class: ChangeClass
    changes: Bilingual
    starts: datetime | None
    grace_days: int
    ended_notices: frozenset[str] = frozenset()


def draft_document(act: Act, command: DraftDocument) -> AgreementSet:
    """Store the next set as a draft: this document as it was typed, others as the draft before has them.

    A document that reads as the one in force leaves the draft.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        SetNotDraft: a draft is proposed, or a set is published and not in force yet.
        TextsInvalid, ChangeClassInvalid, ScheduleInvalid: what was typed cannot be a set.
        NothingChanged: every text is as it is in force.
    """
    earlier = waiting_draft(stored=act.uow)
    others = () if earlier is None else _others(earlier, command, stored=act.uow)
    own = _offered(command, stored=act.uow)
    return draft_set(
        act,
        DraftSet(
            offered=[*others, *own],
            changes=command.changes,
            classes={one.kind: one.change_class for one in (*others, *own)},
            ended_notices=command.ended_notices,
            starts=command.starts,
            grace_days=command.grace_days,
            printed=_printed(earlier, stored=act.uow),
        ),
    )


def discard_draft(act: Act, number: int) -> None:
    """Remove a draft that nobody has proposed.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        SetUnknown: no such set.
        SetNotDraft: it was published, or is proposed.
    """
    check_operator(act, Permission.AGREEMENTS_DRAFT, str(number))
    draft = find_set(number, stored=act.uow)
    if is_proposed(draft, stored=act.uow, now=act.now) or not act.uow.agreement_sets.remove_draft(draft.set_id):
        raise SetNotDraft


def waiting_draft(*, stored: Repositories) -> AgreementSet | None:
    """Return the draft that waits, if there is one."""
    return next((one for one in stored.agreement_sets.list() if one.state is AgreementState.DRAFT), None)


def words_to_edit(kind: DocumentKind, *, stored: Repositories) -> list[OfferedWords]:
    """Return a document in every language as one goes on with it: as the draft has it, or as it is in force.

    Its own number stands open in the texts, since a changed one gets the next.
    """
    draft = waiting_draft(stored=stored)
    found = []
    for language in LANGUAGES:
        text = stored.agreements.in_force(kind, language)
        for member in () if draft is None else draft.changed:
            if member.kind is kind:
                text = stored.agreements.version(kind, member.version, language)
        opened = OfferedWords(title="", text="") if text is None else _opened(text)
        found.append(opened)
    return found


def _opened(text: Agreement) -> OfferedWords:
    return OfferedWords(title=text.title, text=with_version_open(text.text, text.version))


def _offered(command: DraftDocument, *, stored: Repositories) -> list[Offered]:
    current = stored.agreements.in_force(command.kind, LANGUAGES[0])
    in_force = "1.0" if current is None else current.version
    return [
        Offered(
            kind=command.kind,
            language=language,
            version=command.number if command.kind is RuleKind.NOTICE else in_force,
            change_class=command.change_class,
            title=said.title.strip(),
            text=said.text.replace("\r\n", "\n").strip() + "\n",
        )
        for language, said in zip(LANGUAGES, command.words, strict=True)
    ]


def _others(draft: AgreementSet, command: DraftDocument, *, stored: Repositories) -> tuple[Offered, ...]:
    """Return the texts that the draft changes beside this one."""
    texts = [
        (one.change_class, stored.agreements.version(one.kind, one.version, language))
        for one in draft.changed
        if one.kind is not command.kind or (one.kind is RuleKind.NOTICE and one.version != command.number)
        for language in LANGUAGES
    ]
    return tuple(
        Offered(
            kind=text.kind,
            language=text.language,
            version=text.version,
            change_class=asked,
            title=text.title,
            text=text.text,
        )
        for asked, text in texts
        if asked is not None and text is not None
    )


def _printed(earlier: AgreementSet | None, *, stored: Repositories) -> str:
    if earlier is not None and earlier.printed is not None:
        return earlier.printed
    return stored.settings.get(PRINTED_SETTING) or "{}"
