"""Recover an account on a new device, which also lifts a freeze of the holder's own (clauses 2.6, 2.9)."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field

from eztong.domain.age import service_date
from eztong.domain.authority_answer import AuthorityVerdict
from eztong.domain.citizen_number import parse_citizen_number
from eztong.domain.errors import AuthorityUnavailable, OtpExpired
from eztong.domain.holder import Holder, HolderState, RecoveryRefused
from eztong.domain.identifiers import HolderId
from eztong.domain.message import Topic
from eztong.domain.otp import OtpChallenge, OtpPurpose
from eztong.domain.pin import Pin, parse_pin
from eztong.domain.presentation_code import CodeState
from eztong.domain.real_name import parse_real_name
from eztong.domain.registration import Verdict
from eztong.ports.services import Services
from eztong.ports.storage import UnitOfWork
from eztong.usecases.message_code import check_message_code, use_message_code
from eztong.usecases.note_event import note_event
from eztong.usecases.open_session import Opening, open_session
from eztong.usecases.refusal import Refused
from eztong.usecases.unlock import check_pin, count_try, forget_tries
from eztong.usecases.vault import open_vault
from eztong.usecases.warn_holder import tell_holder


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoverAccount:
    """The digits of the message and, unless it is forgotten, the PIN, for the account that was claimed."""

    opening: Opening
    holder_id: HolderId | None
    digits: str = field(repr=False)
    pin: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Claim:
    challenge: OtpChallenge
    holder: Holder
    pin: Pin | None


def recover_account(command: RecoverAccount, *, services: Services) -> None:
    """Recover the account for this browser.

    1. The message code is compared; a wrong one is counted.
    2. The PIN is compared or, if it is forgotten, the authority is asked again, outside any unit of work.
    3. A freeze of the holder's own is lifted; all sessions, codes and passkeys from before end; a forgotten PIN is
       removed; this browser becomes the account's device; the holder is told.

    Raises:
        OtpWrong, OtpExpired, OtpLocked, PinMalformed, PinWrong, PinLocked: no.
        FreezeNotOwn: the operator or the risk rules froze the account.
        Busy: no turn to hash; nothing was counted.
        RecoveryRefused, AuthorityUnavailable: the authority did not confirm, or could not be asked.
    """
    pin = None if command.pin is None else parse_pin(command.pin)
    with nullcontext() if pin is None else services.secret_hasher.turn():
        claim = services.store.write(lambda uow: _check_code(command, uow=uow, services=services)).value
        if isinstance(claim, Refused):
            raise claim.error
        if pin is None:
            _match_again(claim.holder, services=services)
        else:
            check_pin(pin, claim.holder, claim.pin, services=services)
    services.store.write(lambda uow: _recover(command, claim, uow=uow, services=services))


def _check_code(command: RecoverAccount, *, uow: UnitOfWork, services: Services) -> _Claim | Refused:
    now = services.clock.now()
    challenge = check_message_code(
        command.opening.session_hash, OtpPurpose.RECOVER, command.digits, uow=uow, keys=services.keys, now=now
    )
    if isinstance(challenge, Refused):
        return challenge
    holder = None if command.holder_id is None else uow.holders.get(command.holder_id)
    if holder is None or not holder.has_account:
        raise OtpExpired
    _unfrozen(holder)
    pin = None if command.pin is None else count_try(holder, uow=uow, services=services)
    return _Claim(challenge, holder, pin)


def _match_again(holder: Holder, *, services: Services) -> None:
    vault = open_vault(holder, keys=services.keys)
    name = parse_real_name(vault.open("sealed_name", holder.sealed_name or b"").decode())
    number = parse_citizen_number(
        vault.open("sealed_number", holder.sealed_number or b"").decode(),
        today=service_date(services.clock.now()),
        accept_hk_macau_taiwan=True,
        accept_foreigners=True,
    )
    answer = services.authority.match(name=name, number=number, reference=holder.holder_id)
    if answer.verdict is AuthorityVerdict.PENDING:
        raise AuthorityUnavailable
    if answer.verdict is not AuthorityVerdict.MATCHED:
        raise RecoveryRefused


def _unfrozen(holder: Holder) -> Holder:
    return holder.unfrozen(restricted=holder.decision == Verdict.APPROVE_RESTRICTED.value)


def _recover(command: RecoverAccount, claim: _Claim, *, uow: UnitOfWork, services: Services) -> None:
    now, entropy = services.clock.now(), services.entropy
    use_message_code(claim.challenge, uow=uow, now=now)
    found = uow.holders.get(claim.holder.holder_id)
    if found is None or not found.has_account:
        raise OtpExpired
    holder = _unfrozen(found)
    if found.state is HolderState.FROZEN:
        uow.holders.update(holder)
        note_event(holder.holder_id, "unfrozen", uow=uow, entropy=entropy, now=now)
    uow.codes.end_outstanding(holder.holder_id, None, CodeState.CANCELLED, now)
    uow.sessions.revoke_all(holder.holder_id, now=now)
    uow.passkeys.remove_all(holder.holder_id)
    if command.pin is None:
        uow.pins.remove(holder.holder_id)
    else:
        forget_tries(holder, uow=uow)
    note_event(holder.holder_id, "recovered", uow=uow, entropy=entropy, now=now)
    open_session(holder, command.opening, device=None, how="recovery", uow=uow, services=services)
    tell_holder(holder, Topic.ACCOUNT_RECOVERED, {}, uow=uow, keys=services.keys, entropy=entropy, now=now)
