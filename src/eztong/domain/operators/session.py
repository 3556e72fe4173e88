"""Operators in a browser: sessions, and what is refused where they begin."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from eztong.domain.errors import InputInvalid, NotPermitted, StateConflict
from eztong.domain.signed_in import SignedInBrowser

SET_UP_PATH: Final = "/console/set-up"
"""The page on which the word of an invitation is typed: printed beside it wherever it is given."""


class InvitationRefused(NotPermitted):
    """Name and word do not belong together, or the invitation is over: which of them, is not told."""

    code = "operator_invitation_refused"
    advice = "Check the name and the word. An invitation works for 24 hours, once; another operator can give a new one."


class OneTimeCodeWrong(InputInvalid):
    """The digits are not those that the authenticator app shows now."""

    code = "one_time_code_wrong"
    advice = "Type the six digits that the app shows now. If they keep being refused, set the phone's clock right."


class SecondFactorMissing(StateConflict):
    """The operator has no second factor yet and cannot sign in to the console."""

    code = "second_factor_missing"
    advice = "Set up your second factor first, at the console's page for that, with your name and secret."


class ProofNeeded(NotPermitted):
    """The act is grave, and whoever acts has not proved a second factor in this browser lately."""

    code = "operator_proof_needed"
    advice = "Confirm with a one-time code or a passkey; it serves for five minutes."


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorSession(SignedInBrowser):
    """A signed-in browser of an operator."""

    operator: str

    def ended(self, *, now: datetime) -> OperatorSession:
        """Return the session as it is once it has ended."""
        return replace(self, ended_at=now)
