"""A code as it is presented at any door: junk ends early, and wrong codes count against the desk and its partner."""

from __future__ import annotations

from datetime import datetime

from eztong.domain.codes.presentation_code import Method, PresentedCode, parse_presented
from eztong.domain.errors import CodeAlreadyUsed, CodeForged, CodeUnknown, DeskUnknown, EztongError
from eztong.domain.partners.partner import Caller
from eztong.http.limits import check_budget, spend_budget, spend_replay
from eztong.ports.services import Services
from eztong.usecases.codes.verify_code import VerifyCode, check_genuine


def parse_genuine(code: str, *, caller: Caller, desk: str | None, now: datetime, services: Services) -> PresentedCode:
    """Return the code if its form holds, the desk may still try, and a QR's tag was made here.

    Raises:
        CodeMalformed, CodeCheckDigitWrong: a slip, which costs nothing.
        DeskLocked: too many wrong codes.
        CodeForged, CodeClockSkew: not made here.
    """
    presented = parse_presented(code)
    check_budget(services.limiter, caller, desk, now=now)
    try:
        check_genuine(presented, keys=services.keys, now=now)
    except CodeForged:
        count_wrong(caller, desk, services=services)
        raise
    return presented


def count_refusal(command: VerifyCode, why: EztongError, *, services: Services) -> None:
    """Count a refused try against its budget, if it has one: a wrong code, or a used one that is tried again.

    A QR whose tag was made here is no guess, also once it is unknown for its age: it counts as a used one, so that
    whoever keeps an old picture closes no desk.

    Raises:
        DeskUnknown: not one of the partner's desks.
        DeskLocked, ReplaysExhausted: a budget is used up.
    """
    if isinstance(why, CodeUnknown) and command.presented.method is not Method.QR:
        count_wrong(command.caller, command.desk, services=services)
    elif isinstance(why, (CodeUnknown, CodeAlreadyUsed)):
        spend_replay(command, services=services)


def count_wrong(caller: Caller, desk: str | None, *, services: Services) -> None:
    """Count a wrong code; a desk that does not exist opens no budget of its own.

    Raises:
        DeskUnknown: not one of the partner's desks.
        DeskLocked: a budget is used up.
    """
    if desk is not None:
        with services.store.read() as stored:
            if not stored.partners.has_desk(caller.partner.partner_id, desk):
                raise DeskUnknown
    spend_budget(services.limiter, caller, desk)
