"""Codes that are shown on the stage, and partners that ask with them."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from eztong.domain.claims import Claim
from eztong.domain.codes.presentation_code import (
    Channel,
    CodeState,
    PresentationCode,
    ShownCode,
    parse_presented,
)
from eztong.domain.codes.refused_try import CodeAttempt
from eztong.domain.grants import Grant, GrantState
from eztong.domain.identifiers import GrantId, PartnerId
from eztong.domain.partners.partner import Caller
from eztong.usecases.codes.conclude_verification import Answered
from eztong.usecases.codes.issue_code import IssueCode, issue_code
from eztong.usecases.codes.verify_code import VerifyCode, handles_of, verify_code
from eztong.usecases.idempotency import IdempotencyKey
from eztong.usecases.refusal import Refused
from tests.unit.usecases.stage import LI, Person, Stage

PERSON_ONLY = frozenset({Claim.IS_PERSON})


def show(stage: Stage, person: Person = LI, channel: Channel = Channel.SCREEN) -> ShownCode:
    """Let the person show a code."""
    return stage.act(issue_code, IssueCode(session_hash=person.session, channel=channel))


def stored(stage: Stage, shown: ShownCode) -> PresentationCode:
    """Return a shown code as it is stored now."""
    found = stage.read(lambda repositories: repositories.codes.get(shown.code_id))
    assert found is not None
    return found


def state_of(stage: Stage, shown: ShownCode) -> CodeState:
    """Return where a shown code stands now."""
    return stored(stage, shown).state


def qr_of(shown: ShownCode) -> str:
    """Return the QR payload of a code on a screen."""
    assert shown.qr is not None
    return shown.qr


def asking(
    stage: Stage,
    digits: str,
    *,
    caller: Caller | None = None,
    desk: str | None = "front-1",
    wants: frozenset[Claim] = PERSON_ONLY,
    key: IdempotencyKey | None = None,
) -> VerifyCode:
    """Return what the hotel asks with these digits."""
    presented = parse_presented(digits)
    return VerifyCode(
        caller=caller or stage.caller(),
        presented=presented,
        handles=handles_of(presented, keys=stage.keys),
        scene="hotel_check_in",
        desk=desk,
        wants=wants,
        environment="sandbox",
        idempotency=key,
    )


def at_library(stage: Stage, digits: str) -> VerifyCode:
    """Return what the library asks with these digits."""
    return replace(asking(stage, digits, caller=stage.caller("library"), desk=None), scene="library_entry")


def answered(stage: Stage, command: VerifyCode) -> Answered:
    """Verify; the code is usable."""
    answer = stage.act(verify_code, command)
    assert isinstance(answer, Answered), answer
    return answer


def refused(stage: Stage, command: VerifyCode) -> Refused:
    """Verify; the code is known and not usable."""
    answer = stage.act(verify_code, command)
    assert isinstance(answer, Refused), answer
    return answer


def attempts(stage: Stage, person: Person = LI) -> list[CodeAttempt]:
    """Return the refused tries with the person's codes, newest first."""
    return list(stage.read(lambda repositories: repositories.codes.attempts(stage.holder_id(person))))


def grant(
    stage: Stage, *claims: Claim, person: Person = LI, partner_id: str = "hotel", number: int = 1, days: int = 30
) -> Grant:
    """Let the person allow a partner these claims in the hotel's scene, as of now."""
    now = stage.clock.now()
    given = Grant(
        grant_id=GrantId(f"grt_{number:026d}"),
        holder_id=stage.holder_id(person),
        partner_id=PartnerId(partner_id),
        scene="hotel_check_in",
        claims=frozenset(claims),
        purpose="办理入住登记时确认是您本人",
        state=GrantState.GRANTED,
        granted_at=now,
        expires_at=now + timedelta(days=days),
    )
    stage.write(lambda uow: uow.grants.add(given))
    return given
