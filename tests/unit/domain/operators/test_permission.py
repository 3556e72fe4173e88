"""The table of permissions keeps duties apart, and is the only place that says who may do what."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from eztong.domain.operators.operator import OperatorRole, RoleMissing
from eztong.domain.operators.permission import GRAVE, MAY, Permission, check_may, may
from eztong.domain.operators.proposal import PROPOSES, ProposalKind
from quality.trees import trees
from tests.contract.storage.operators import values

SYSTEM, AUDIT = OperatorRole.SYSTEM, OperatorRole.AUDIT
SOURCES = Path(__file__).parents[4] / "src" / "eztong"
PERSONAL = {
    Permission.APPLICATIONS_READ,
    Permission.GUARDIANSHIPS_READ,
    Permission.TICKETS_READ,
    Permission.CASES_READ,
    Permission.ACCOUNTS_READ,
    Permission.DECEASED_READ,
    Permission.ACCOUNTS_REVEAL,
}
"""What shows personal data."""

HARMLESS = {Permission.CONSOLE, Permission.AUDIT_EXPORT}
"""What changes nothing of anybody else, without being called so."""


def test_every_permission_stands_in_the_table_and_somebody_has_it() -> None:
    assert set(MAY) == set(Permission)
    assert all(MAY.values())


def test_what_takes_two_is_proposed_and_decided_by_no_session_alone() -> None:
    assert {*PROPOSES.values(), Permission.PROPOSALS_DECIDE} <= GRAVE


def test_the_audit_role_changes_nothing() -> None:
    its = {permission for permission in Permission if AUDIT in MAY[permission]}
    assert {one for one in its if not one.endswith(".read")} == HARMLESS


def test_the_system_role_sees_no_personal_data_and_cannot_read_the_audit() -> None:
    its = {permission for permission in Permission if SYSTEM in MAY[permission]}
    assert its & (PERSONAL | {Permission.AUDIT_READ, Permission.AUDIT_EXPORT}) == set()


def test_what_shows_personal_data_is_named_as_such() -> None:
    reads = {one for one in Permission if one.endswith(".read")}
    harmless = {
        Permission.OPERATORS_READ,
        Permission.PROPOSALS_READ,
        Permission.INCIDENTS_READ,
        Permission.KEYS_READ,
        Permission.AGREEMENTS_READ,
        Permission.INCIDENT_REPORTS_READ,
        Permission.POLICY_READ,
        Permission.BREAK_GLASS_READ,
        Permission.BRANDING_READ,
        Permission.TEXTS_READ,
    }
    assert reads - PERSONAL == harmless | {Permission.SERVICE_READ, Permission.PARTNERS_READ, Permission.AUDIT_READ}


def test_whoever_decides_a_proposal_may_propose_its_kind() -> None:
    assert set(PROPOSES) == set(ProposalKind)
    for kind, permission in PROPOSES.items():
        assert MAY[permission] <= MAY[Permission.PROPOSALS_DECIDE], kind


def test_a_refusal_names_the_roles_that_may() -> None:
    clerk = replace(values.operator(), roles=frozenset({OperatorRole.CASES}))
    assert may(clerk, Permission.PROPOSALS_READ)
    with pytest.raises(RoleMissing, match="role audit"):
        check_may(clerk, Permission.AUDIT_EXPORT)


def test_nobody_else_asks_for_roles() -> None:
    """Pages, commands and use cases ask for permissions: a role is looked at where operators are managed only."""
    allowed = {"domain/operators/permission.py", "domain/operators/operator.py"}
    found = set()
    for path, tree in trees(SOURCES, naming="OperatorRole"):
        name = path.relative_to(SOURCES).as_posix()
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"check_operator", "who_may"}:
                texts = [ast.unparse(one) for one in node.args[1:2]]
                found |= {f"{name}: {text}" for text in texts if "OperatorRole" in text and name not in allowed}
    assert found == set()
