"""The login under which the operator's staff act on the command line: it stands in accounts' histories."""

from __future__ import annotations

import re
from typing import Final

from eztong.domain.errors import InputInvalid

_LOGIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


def check_operator_login(login: str) -> str:
    """Return the login if it can be one.

    Raises:
        InputInvalid: it cannot.
    """
    if not _LOGIN.fullmatch(login):
        raise InputInvalid("The operator's login has 1 to 40 letters, digits, dots, dashes or underscores.")
    return login
