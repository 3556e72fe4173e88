"""Recover an account on a new device, which also lifts a freeze of the holder's own (clauses 2.6, 2.9).

With the PIN or a passkey of the account it opens at once. Without, name and number are typed again and matched by the
authority, and the recovery waits: whoever holds the phone number and knows the data may be somebody else (ADR 0028).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from eztong.domain.access.otp import OtpChallenge, OtpPurpose, parse_digits
from eztong.domain.access.passkey import PasskeyRefused
from eztong.domain.access.pin import Pin, parse_pin
from eztong.domain.errors import InputInvalid, OtpExpired
from eztong.domain.holder import Holder, check_stands_as
from eztong.domain.recovery import Proof, Recovery, StoppedBy
from eztong.ports.act import HOLDER, Act
from eztong.ports.services import Services
from eztong.usecases.access.challenge_passkey import CheckedPasskey, PasskeyAnswer, check_passkey, take_passkey
from eztong.usecases.access.code_of_phone import check_phone_serves
from eztong.usecases.access.loss import check_vouches
from eztong.usecases.access.match_again import (
    Identity,
    TypedIdentity,
    ask_authority,
    check_is_own,
    parse_identity,
)
from eztong.usecases.access.message_code import TypedCode, check_message_code, use_message_code
from eztong.usecases.access.open_session import Opening
from eztong.usecases.access.unlock import check_pin, count_try, take_pin
from eztong.usecases.recovery.reopen_account import reopen_account
from eztong.usecases.recovery.waiting_recovery import WaitingTerms, begin_waiting, check_not_paused, terms_of
from eztong.usecases.refusal import Refused, accepted
from eztong.usecases.stop_waiting import stop_waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoverAccount:
    """The digits of the message, whose account is the one they were sent for, and one of PIN, passkey, typed data."""

    opening: Opening
    code: TypedCode
    pin: str | None = field(default=None, repr=False)
    passkey: PasskeyAnswer | None = None
    typed: TypedIdentity | None = None


@dataclass(frozen=True, slots=True)
class _Candidate:
    challenge: OtpChallenge
    holder: Holder


def recover_account(command: RecoverAccount, *, services: Services) -> Recovery | None:
    """Recover the account for this browser at once, or return the recovery that waits.

    1. The message code is compared; a wrong one is counted, and ends it.
    2. The PIN is compared, or the passkey checked, outside any unit of work: then the account opens, if both are still
       what they were. A freeze of the holder's own is lifted; sessions, codes and other passkeys from before end; the
       holder is told.
    3. With neither, the authority is asked about what was typed, which must be the account's; then the recovery waits.

    Raises:
        OtpIncomplete, OtpWrong, OtpExpired, OtpLocked, PinMalformed, PinWrong, PinLocked, PasskeyRefused: no.
        NameInvalid, NumberInvalid: what was typed cannot be right.
        FreezeNotOwn: the operator or the risk rules froze the account.
        Busy: no turn to hash; nothing was counted.
        PasskeyOfLostPhone, ProofTooNew: after a loss or theft this may be the thief's.
        RecoveryRefused, AuthorityUnavailable: the authority did not confirm, or could not be asked.
        StateConflict: the account was frozen or opened meanwhile.
        RecoveryPaused: a recovery was stopped, or the account frozen for a loss or theft, a short while ago.
    """
    parse_digits(command.code.digits)
    pin = None if command.pin is None else parse_pin(command.pin)
    typed = None if command.typed is None else parse_identity(command.typed, services=services)
    candidate = accepted(services.perform(HOLDER, _check_code, command))
    if typed is not None:
        _match_again(typed, candidate.holder, services=services)
        return services.perform(HOLDER, _wait, command, candidate, terms=terms_of(services.deployment))
    proof: Pin | CheckedPasskey
    if pin is not None:
        proof = _compare_pin(pin, command, services=services)
    else:
        proof = _check_passkey(command.passkey, candidate.holder, services=services)
    services.perform(HOLDER, _open, command, candidate, proof)
    return None


def _check_code(act: Act, command: RecoverAccount) -> _Candidate | Refused:
    challenge = check_message_code(act, command.code, OtpPurpose.RECOVER)
    if isinstance(challenge, Refused):
        return challenge
    holder = None if challenge.holder_id is None else act.uow.holders.get(challenge.holder_id)
    if holder is None or not holder.has_account:
        raise OtpExpired
    check_phone_serves(act, holder, challenge)
    holder.unfrozen()
    return _Candidate(challenge, holder)


def _compare_pin(pin: str, command: RecoverAccount, *, services: Services) -> Pin:
    with services.secret_hasher.turn():
        holder, found = services.perform(HOLDER, _count_try, command)
        return check_pin(pin, holder, found, services=services)


def _count_try(act: Act, command: RecoverAccount) -> tuple[Holder, Pin | None]:
    holder = accepted(_check_code(act, command)).holder
    pin = act.uow.pins.get(holder.holder_id)
    if pin is not None:
        # Said before a try is counted: the right digits must not lock the PIN.
        check_vouches(holder, pin, stored=act.uow)
    return holder, count_try(act, holder)


def _match_again(identity: Identity, holder: Holder, *, services: Services) -> None:
    check_is_own(identity, holder, keys=services.keys)
    with services.store.read() as stored:
        check_not_paused(holder, stored=stored, now=services.clock.now())
    ask_authority(identity, reference=holder.holder_id, services=services)


def _check_passkey(answer: PasskeyAnswer | None, holder: Holder, *, services: Services) -> CheckedPasskey:
    if answer is None:
        raise InputInvalid
    checked = check_passkey(answer, services=services)
    if checked.passkey.holder_id != holder.holder_id:
        raise PasskeyRefused
    return checked


def _wait(act: Act, command: RecoverAccount, candidate: _Candidate, *, terms: WaitingTerms) -> Recovery:
    holder = _take(act, candidate)
    return begin_waiting(act, holder, command.opening, terms=terms)


def _open(act: Act, command: RecoverAccount, candidate: _Candidate, proof: Pin | CheckedPasskey) -> None:
    holder = _take(act, candidate)
    keep = None
    if isinstance(proof, CheckedPasskey):
        keep = take_passkey(act, proof)
    else:
        take_pin(act, holder, proof)
    check_vouches(holder, proof.passkey if isinstance(proof, CheckedPasskey) else proof, stored=act.uow)
    stop_waiting(act, holder, StoppedBy.RECOVERY)
    how = Proof.PIN if keep is None else Proof.PASSKEY
    reopen_account(act, holder, command.opening, proof=how, keep=keep)


def _take(act: Act, candidate: _Candidate) -> Holder:
    use_message_code(act, candidate.challenge)
    holder = act.uow.holders.get(candidate.holder.holder_id)
    if holder is None or not holder.has_account:
        raise OtpExpired
    check_phone_serves(act, holder, candidate.challenge)
    check_stands_as(holder, candidate.holder)
    return holder
