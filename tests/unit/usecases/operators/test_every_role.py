"""Every role against every act: what the table of permissions says, and nothing else."""

from __future__ import annotations

import pytest

from eztong.domain.operators.operator import OperatorRole, RoleMissing
from eztong.domain.operators.permission import MAY, Permission
from eztong.usecases.operators.check_operator import check_operator
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.operators.test_sign_in import audit
from tests.unit.usecases.stage import Stage


@pytest.mark.parametrize("role", OperatorRole)
def test_a_role_does_what_the_table_says_and_nothing_else(stage: Stage, role: OperatorRole) -> None:
    by = operator(stage, "li", role)
    done = set()
    for permission in Permission:
        try:
            stage.act(check_operator, permission, by=by)
        except RoleMissing:
            continue
        done.add(permission)
    assert done == {permission for permission, roles in MAY.items() if role in roles}
    assert {entry.what for entry in audit(stage)} == {permission.value for permission in done}


def test_every_act_has_an_entry_in_the_table_and_somebody_who_may_do_it() -> None:
    assert set(MAY) == set(Permission)
    assert [permission for permission, roles in MAY.items() if not roles] == []
