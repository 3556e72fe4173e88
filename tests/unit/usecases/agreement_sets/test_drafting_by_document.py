"""Drafting one document at a time as the console does, comparing, and counting who accepted what (clause 5.6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from eztong.domain.agreement_sets.agreement_set import NothingChanged, SetNotDraft
from eztong.domain.agreement_sets.offered_text import TextsInvalid, with_version_open
from eztong.domain.agreements import AgreementKind, ChangeClass, DocumentKind, RuleKind
from eztong.domain.operators.operator import OperatorRole, RoleMissing
from eztong.ports.act import HOLDER, Acting
from eztong.usecases.agreement_sets.compare_set import compare_set
from eztong.usecases.agreement_sets.count_acceptances import AcceptedAs, count_acceptances
from eztong.usecases.agreement_sets.draft_document import (
    DraftDocument,
    OfferedWords,
    discard_draft,
    draft_document,
    words_to_edit,
)
from eztong.usecases.agreement_sets.publish_set import ProposeSet, propose_set
from eztong.usecases.agreements.withdraw_authorisation import withdraw_authorisation
from eztong.usecases.registration.accept_agreements import accept_agreements
from tests.unit.usecases.agreement_sets.publishing import CHANGES, number, put_in_force
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import LI, Stage, accepting

SERVICE, AUTHORISATION = AgreementKind.SERVICE, AgreementKind.AUTHORISATION


def words(stage: Stage, kind: DocumentKind, more: str = "\r\nMore words.\r\n") -> list[OfferedWords]:
    found = stage.read(lambda stored: words_to_edit(kind, stored=stored))
    return [OfferedWords(title=one.title, text=one.text.replace("\n", "\r\n") + more) for one in found]


def changing(stage: Stage, kind: DocumentKind, asks: str = "B", **more: object) -> DraftDocument:
    given: dict[str, Any] = {
        "kind": kind,
        "words": words(stage, kind),
        "change_class": ChangeClass(asks),
        "changes": CHANGES,
        "starts": stage.clock.now() + timedelta(days=8),
        "grace_days": 14,
    }
    return DraftDocument(**(given | more))


def legal(stage: Stage) -> Acting:
    return operator(stage, "li.na", OperatorRole.LEGAL)


def changed(stage: Stage) -> dict[str, tuple[str, str]]:
    return {one.kind.value: (one.version, str(one.change_class)) for one in number(stage, 2).changed}


def test_documents_are_changed_one_after_the_other_in_one_draft(stage: Stage) -> None:
    by = legal(stage)
    stage.act(draft_document, changing(stage, SERVICE), by=by)
    stage.act(draft_document, changing(stage, RuleKind.PRIVACY, "C"), by=by)
    assert changed(stage) == {"service": ("1.3", "B"), "privacy": ("1.1", "C")}
    stage.act(draft_document, changing(stage, SERVICE, "A", words=words(stage, SERVICE, "\nYet more.\n")), by=by)
    assert changed(stage) == {"service": ("1.3", "A"), "privacy": ("1.1", "C")}
    text = stage.read(lambda stored: stored.agreements.version(SERVICE, "1.3", "en"))
    assert text is not None
    assert "version 1.3," in text.text
    assert "\r" not in text.text
    assert text.text.endswith("More words.\n\nYet more.\n")


def test_a_document_that_reads_as_before_leaves_the_draft_and_the_last_one_cannot(stage: Stage) -> None:
    by = legal(stage)
    as_in_force = {kind: words(stage, kind, "") for kind in (SERVICE, RuleKind.SCENES)}
    stage.act(draft_document, changing(stage, SERVICE), by=by)
    stage.act(draft_document, changing(stage, RuleKind.SCENES, "C"), by=by)
    stage.act(draft_document, changing(stage, SERVICE, words=as_in_force[SERVICE]), by=by)
    assert set(changed(stage)) == {"scenes"}
    with pytest.raises(NothingChanged):
        stage.act(draft_document, changing(stage, RuleKind.SCENES, words=as_in_force[RuleKind.SCENES]), by=by)
    assert set(changed(stage)) == {"scenes"}


def test_notices_stand_beside_each_other_and_end(stage: Stage) -> None:
    by = legal(stage)
    said = [OfferedWords(title="公告", text="停机。"), OfferedWords(title="Notice", text="Closed.")]
    for name in ("2026-1", "2026-2"):
        stage.act(draft_document, changing(stage, RuleKind.NOTICE, "C", number=name, words=said), by=by)
    assert [one.version for one in number(stage, 2).changed] == ["2026-1", "2026-2"]
    with pytest.raises(TextsInvalid):
        stage.act(draft_document, changing(stage, RuleKind.NOTICE, "C", number="", words=said), by=by)


def test_a_draft_is_thrown_away_unless_it_is_proposed(stage: Stage) -> None:
    by = legal(stage)
    before = stage.rows()
    stage.act(draft_document, changing(stage, SERVICE), by=by)
    with pytest.raises(RoleMissing):
        stage.act(discard_draft, 2, by=operator(stage, "zhao", OperatorRole.CASES))
    stage.act(discard_draft, 2, by=by)
    after = stage.rows()
    assert {name for name in before if before[name] != after[name]} <= {"operators", "audit_entries", "acts"}
    stage.act(draft_document, changing(stage, SERVICE), by=by)
    stage.act(propose_set, ProposeSet(number=2, reason="why"), by=by)
    with pytest.raises(SetNotDraft):
        stage.act(discard_draft, 2, by=by)
    with pytest.raises(SetNotDraft):
        stage.act(discard_draft, 1, by=by)


def test_a_set_is_compared_in_both_languages_with_the_one_in_force(stage: Stage) -> None:
    stage.act(draft_document, changing(stage, SERVICE), by=legal(stage))
    found = stage.read(lambda stored: compare_set(number(stage, 2), stored=stored))
    assert [(one.text.language, one.text.version) for one in found] == [("zh-CN", "1.3"), ("en", "1.3")]
    for one in found:
        added = "".join(piece.words for clause in one.clauses for piece in clause.pieces if piece.kept == "added")
        assert "More words." in added
        assert "1.3" in added
    (first,) = stage.read(lambda stored: [compare_set(number(stage, 1), stored=stored)])
    assert all(one.before is None for one in first)


@pytest.mark.parametrize(
    ("text", "opened"),
    [
        ("This is version 1.2, in Chinese", "This is version {version}, in Chinese"),
        ("Version 1.2.", "Version {version}."),
        ("version 1.25 and 1.2", "version 1.25 and 1.2"),
        ("本文本为 1.2 版，版本 1.2。第 1.2 条", "本文本为 {version} 版，版本 {version}。第 1.2 条"),
    ],
)
def test_only_where_a_text_names_its_version_it_is_left_open(text: str, opened: str) -> None:
    assert with_version_open(text, "1.2") == opened


# --- who accepted what --------------------------------------------------------------------------------------------


def counted(stage: Stage) -> set[tuple[str, str, str, int]]:
    found = stage.read(lambda stored: count_acceptances(stored=stored))
    assert found.accounts == 2
    return {(one.kind.value, one.version, one.standing.value, one.accounts) for one in found.versions}


def test_accounts_are_counted_by_the_version_that_they_act_under(stage: Stage) -> None:
    assert counted(stage) == {("service", "1.2", "current", 2), ("authorisation", "1.2", "current", 2)}
    put_in_force(stage, {"service": "B"})
    stage.act(accept_agreements, accepting(stage, LI.session), by=HOLDER)
    assert counted(stage) == {
        ("service", "1.3", "current", 1),
        ("service", "1.2", "carries", 1),
        ("authorisation", "1.2", "current", 2),
    }
    stage.clock.pass_by(days=15)
    stage.services.perform(HOLDER, lambda act: act.uow.agreements.end_grace(now=act.now))
    found = stage.read(lambda stored: count_acceptances(stored=stored))
    assert found.count(SERVICE, AcceptedAs.AGAIN) == 1
    assert found.count(SERVICE, AcceptedAs.CURRENT, AcceptedAs.CARRIES) == 1


def test_what_was_taken_back_is_counted_apart(stage: Stage) -> None:
    stage.unlock()
    stage.act(withdraw_authorisation, LI.session)
    assert counted(stage) == {
        ("service", "1.2", "current", 2),
        ("authorisation", "1.2", "withdrawn", 1),
        ("authorisation", "1.2", "current", 1),
    }
