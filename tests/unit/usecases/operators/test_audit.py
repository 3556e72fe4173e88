"""The audit: no act of an operator without an entry in its own commit, and every entry a leaf that can be shown."""

from __future__ import annotations

import json

import pytest

from eztong.domain.errors import NotFound
from eztong.domain.events import Actor
from eztong.domain.evidence.merkle import leaf_hash
from eztong.domain.evidence.signed_note import parse_note
from eztong.domain.operators.audit import AuditDoor, AuditFilter, AuditStep, audit_commitment
from eztong.domain.operators.operator import LastOfSystem, OperatorRole, RoleMissing, SameOperator
from eztong.domain.operators.permission import Permission
from eztong.ports.act import Acting
from eztong.usecases.operators.check_operator import check_operator, who_may
from eztong.usecases.operators.manage_operators import change_roles, disable_operator
from eztong.usecases.operators.note_audit import note_intent, note_not_done
from eztong.usecases.operators.read_audit import note_audit_read, read_audit
from tests.unit.usecases.operators.acts import operator, stored
from tests.unit.usecases.operators.test_sign_in import audit
from tests.unit.usecases.stage import Stage

SYSTEM, CASES, AUDIT = OperatorRole.SYSTEM, OperatorRole.CASES, OperatorRole.AUDIT
ANYTHING = AuditFilter()


def test_whoever_is_checked_stands_in_the_audit_with_the_roles_of_then(stage: Stage) -> None:
    by = operator(stage, "li", SYSTEM, CASES)
    stage.act(check_operator, Permission.OPERATORS_ADD, "wang", by=by)
    (entry,) = audit(stage)
    assert (entry.step, entry.what, entry.operator, entry.subject) == ("done", "operators.add", "li", "wang")
    assert entry.roles == {"system", "cases"}


def test_what_is_refused_or_fails_leaves_no_entry_that_it_was_done(stage: Stage) -> None:
    by = operator(stage, "li", SYSTEM)
    for verb, given, refusal in (
        (disable_operator, ("nobody",), NotFound),
        (disable_operator, ("li",), LastOfSystem),
        (check_operator, (Permission.AUDIT_READ,), RoleMissing),
    ):
        with pytest.raises(refusal):
            stage.act(verb, *given, by=by)
    assert audit(stage) == []


def test_a_look_beforehand_leaves_none(stage: Stage) -> None:
    stage.act(who_may, Permission.OPERATORS_ADD, by=operator(stage, "li", SYSTEM))
    assert audit(stage) == []


def test_intent_outcome_and_refusal_are_joined_by_their_correlation(stage: Stage) -> None:
    operator(stage, "li", SYSTEM)
    by = Acting(Actor.OPERATOR, "li", AuditDoor.COMMAND, "cmd-1")
    stage.act(note_intent, "eztong operators disable", "wang", by=by)
    stage.act(note_not_done, AuditStep.REFUSED, "operators.disable", subject="wang", error="not_found", by=by)
    first, second = audit(stage)
    assert (first.step, first.what, second.step, second.error) == (
        "intended",
        "eztong operators disable",
        "refused",
        "not_found",
    )
    assert {one.correlation for one in (first, second)} == {"cmd-1"}
    assert {one.door for one in (first, second)} == {AuditDoor.COMMAND}


def test_the_document_is_a_leaf_and_says_nobodys_name(stage: Stage) -> None:
    by = operator(stage, "li", SYSTEM)
    stage.act(check_operator, Permission.OPERATORS_ADD, "wang", by=by)
    (entry,) = audit(stage)
    rows = stage.select("SELECT document, salt, batch_id, leaf_index FROM audit_entries")
    document, salt, batch_id, index = rows[0]
    said = json.loads(document)
    assert said["format"] == "eztong/audit/v1"
    assert said["operator"] == audit_commitment("operator", "li", salt=salt)
    assert said["subject"] == audit_commitment("subject", "wang", salt=salt)
    assert b'"li"' not in document
    assert b"wang" not in document
    note = stage.read(lambda repositories: repositories.batches.note(batch_id))
    assert note is not None
    assert parse_note(note).unverified_root.root == leaf_hash(document)
    assert (entry.salt, index) == (salt, 0)


def test_reading_the_audit_stands_in_it_with_what_was_asked(stage: Stage) -> None:
    by = operator(stage, "auditor", AUDIT)
    stage.act(note_audit_read, Permission.AUDIT_READ, AuditFilter(operator="li", what="sign_in"), by=by)
    found = stage.read(lambda kept: read_audit(ANYTHING, before="", after="", limit=9, stored=kept)).those
    assert [(one.what, one.subject) for one in found] == [("audit.read", "operator=li&what=sign_in")]
    with pytest.raises(RoleMissing):
        stage.act(note_audit_read, Permission.AUDIT_EXPORT, ANYTHING, by=operator(stage, "li", SYSTEM))


def test_what_was_typed_for_an_id_is_kept_nowhere(stage: Stage) -> None:
    by = operator(stage, "auditor", AUDIT)
    stage.act(note_intent, "cases.open", "11000019900307001X", by=by)
    stage.act(note_not_done, AuditStep.REFUSED, "cases.open", subject="张三 13900001111", error="not_found", by=by)
    stage.act(note_audit_read, Permission.AUDIT_READ, AuditFilter(subject="13900001111", what="sign_in"), by=by)
    assert [one.subject for one in audit(stage)] == ["***", "***", "subject=***&what=sign_in"]


def test_roles_are_changed_by_another_and_what_they_were_is_attested(stage: Stage) -> None:
    li, _ = operator(stage, "li", SYSTEM), operator(stage, "wang", SYSTEM, CASES)
    with pytest.raises(SameOperator):
        stage.act(change_roles, "li", frozenset({CASES}), by=li)
    stage.act(change_roles, "wang", frozenset({CASES, AUDIT}), by=li)
    assert stored(stage, "wang").roles == {CASES, AUDIT}
    (document,) = (row[0] for row in stage.select("SELECT document FROM acts WHERE kind = 'operator_roles_changed'"))
    assert json.loads(document)["facts"] == {"before": "cases system", "roles": "audit cases"}
