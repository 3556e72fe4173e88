"""Whom an authority knows: real people or invented ones. What it signs says so (docs/specs/authority-messages.md)."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final

from eztong.adapters.authority.envelope import read_text
from eztong.domain.canonical_json import DocumentMalformed
from eztong.domain.errors import AuthorityAnswerInvalid

MEMBER: Final = "environment"


class AuthorityEnvironment(StrEnum):
    """Where an authority's identities come from."""

    LIVE = "live"
    """Real people, from the authority's register."""

    SANDBOX = "sandbox"
    """Invented people, or real registers' test systems."""


def read_environment(document: dict[str, Any]) -> AuthorityEnvironment | None:
    """Return what a signed message says, or None where it says nothing.

    Raises:
        DocumentMalformed: another word.
    """
    if MEMBER not in document:
        return None
    try:
        return AuthorityEnvironment(read_text(document, MEMBER))
    except ValueError:
        raise DocumentMalformed("The environment is an unknown word.") from None


def check_environment(environment: AuthorityEnvironment | None, *, live_only: bool) -> None:
    """Return if a service may believe an authority of ``environment``.

    Raises:
        AuthorityAnswerInvalid: live mode, and the authority does not say that its people are real.
    """
    if not live_only or environment is AuthorityEnvironment.LIVE:
        return
    if environment is None:
        raise AuthorityAnswerInvalid("The authority does not name its environment; live mode needs «live».")
    raise AuthorityAnswerInvalid("The authority is a sandbox: its people are invented, and live mode takes none.")
