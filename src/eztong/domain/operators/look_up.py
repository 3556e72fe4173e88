"""Staff look for the account of a citizen number: whoever may do that could ask of anybody whether they have one."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final

from eztong.domain.budget import Budget


class AskedFor(StrEnum):
    """What the account was looked for. The values stand in evidence and in histories; none is renamed."""

    FREEZE = "freeze"
    RESTRICT = "restrict"
    LIFT = "lift"
    NUMBER_APPEAL = "number_appeal"
    DECEASED_CHECK = "deceased_check"
    RELATIVES = "relatives"
    CASE = "case"
    FIND = "find"
    """To see what is there of a person: accounts, applications, and what was written."""


LOOK_UPS_IN_VAIN: Final = Budget("staff_look_ups_in_vain", 20, timedelta(days=1))
"""Look-ups of one operator a day of which nothing came: nobody had an account, or nothing was done with it."""
REVEALS: Final = Budget("staff_reveals", 20, timedelta(days=1))
"""People whose data one operator is shown in full a day: what is needed more often is no look at single papers."""

NEVER_REFUSED: Final = frozenset({AskedFor.FREEZE})
"""On record like the others, and not counted: strangers who call name the number, and would use an operator up."""
