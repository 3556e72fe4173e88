"""Register an invented person in one call, through the very use cases that the pages run (sandbox only).

The message code is the one step that is skipped: the device is bound as if it had been confirmed. What a persona's
story says happened before (service ended, deregistered) or after (frozen) is played too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, TypeVar

from eztong.domain.access.device import Device, check_bound
from eztong.domain.access.unlock import UNLOCK_LIFE
from eztong.domain.agreements import AgreementKind
from eztong.domain.codes.presentation_code import Channel, ShownCode
from eztong.domain.errors import NotFound, NotPermitted, Unavailable
from eztong.domain.holder import FreezeCause, Holder, HolderState
from eztong.domain.identifiers import DeviceId, HolderId
from eztong.domain.identity.age import service_date
from eztong.domain.identity.authority_answer import AuthorityAnswer, AuthorityVerdict
from eztong.domain.identity.citizen_number import CitizenNumber, parse_citizen_number
from eztong.domain.identity.real_name import parse_real_name
from eztong.domain.registration import Verdict
from eztong.ports.keys import MacPurpose
from eztong.ports.sandbox import SandboxPersona
from eztong.ports.services import Services
from eztong.ports.storage.records import Person, Session
from eztong.ports.storage.repositories import Repositories
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.access.find_session import SignedIn, find_session
from eztong.usecases.codes.issue_code import IssueCode, issue_code
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.notices.warn_holder import DEFAULT_LANGUAGE
from eztong.usecases.registration.accept_agreements import SESSION_LIFE, AcceptAgreements, accept_agreements
from eztong.usecases.registration.confirm_phone import bind_device
from eztong.usecases.registration.register_identity import RegisterIdentity, register_at_once
from eztong.usecases.vault import number_index, open_vault, phone_index

T = TypeVar("T")
_FROZEN = "frozen"
_TERMINATED = "terminated"
_DEREGISTERED = "deregistered_before"
_LOOK_AGAIN = 30


@dataclass(frozen=True, slots=True)
class PlayedPersona:
    """The account that a persona ended up with."""

    holder: Holder
    is_new: bool


def play_registration(
    persona: SandboxPersona, *, services: Services, language: str = DEFAULT_LANGUAGE
) -> PlayedPersona:
    """Register ``persona`` completely, or return the account it has already.

    1. Ask the authority, unless there is an account.
    2. Look again, and open, apply and decide, in one unit of work: of many who play the same person at once, one makes
       the account and the others find it, and nobody leaves a draft.

    Raises:
        NotPermitted: not in sandbox mode.
        InputInvalid: the persona's story is a number that cannot be right (X1, X5).
    """
    _check_sandbox(services)
    number = _parse(persona, services=services)
    with services.store.read() as stored:
        existing = _existing(_index(number, services=services), stored=stored)
    if existing is not None:
        return PlayedPersona(existing, is_new=False)
    answer = _ask(persona, number, services=services)
    played, verdict = services.store.write(
        lambda uow: _play(persona, number, answer, language, uow=uow, services=services)
    ).value
    if verdict is not None:
        services.observer.registration(verdict.value)
    kind, _, detail = persona.expected.partition(":")
    if kind == _FROZEN and played.is_new:
        return replace(played, holder=freeze(played.holder.holder_id, services=services, cause=FreezeCause(detail)))
    return played


def play_account(persona: SandboxPersona, *, services: Services) -> Holder:
    """Return the account of ``persona``, registered first if need be, to act as.

    Raises:
        Unavailable: the authority has not decided on it yet; try again.
        NotPermitted, InputInvalid: as for registering.
    """
    holder = play_registration(persona, services=services).holder
    if holder.state is HolderState.APPLIED:
        raise Unavailable("The authority has not decided on this person's application yet.", retry_after=_LOOK_AGAIN)
    return holder


def _ask(persona: SandboxPersona, number: CitizenNumber, *, services: Services) -> AuthorityAnswer | None:
    """Return the authority's answer; None while there is none, so that the application is queued."""
    name = parse_real_name(persona.name)
    try:
        answer = services.authority.match(name=name, number=number, reference=persona.key)
    except Unavailable:
        return None
    return None if answer.verdict is AuthorityVerdict.PENDING else answer


def _play(
    persona: SandboxPersona,
    number: CitizenNumber,
    answer: AuthorityAnswer | None,
    language: str,
    *,
    uow: UnitOfWork,
    services: Services,
) -> tuple[PlayedPersona, Verdict | None]:
    index = _index(number, services=services)
    existing = _existing(index, stored=uow)
    if existing is not None:
        return PlayedPersona(existing, is_new=False), None
    _play_past(persona.expected.partition(":")[0], index, uow=uow)
    session_hash = services.entropy.token(32)
    _accept_and_bind(persona, session_hash, language, uow=uow, services=services)
    command = RegisterIdentity(session_hash=session_hash, name=persona.name, number=persona.number)
    verdict = register_at_once(command, answer, uow=uow, services=services)
    holder = find_session(session_hash, stored=uow, now=services.clock.now()).holder
    return PlayedPersona(holder, is_new=True), verdict


def sign_in_as(holder_id: HolderId, session_hash: bytes, *, services: Services) -> None:
    """Give a browser session to the holder: device bound and unlocked, as if the person held it in the hand.

    Of an application that was erased no phone is left to bind a device by; its session sees the result only.

    Raises:
        NotPermitted: not in sandbox mode.
        NotFound: there is no such account.
    """
    _check_sandbox(services)
    now = services.clock.now()
    services.store.write(lambda uow: _open_session(holder_id, session_hash, uow=uow, services=services, now=now))


def _open_session(
    holder_id: HolderId, session_hash: bytes, *, uow: UnitOfWork, services: Services, now: datetime
) -> None:
    holder = uow.holders.get(holder_id)
    if holder is None:
        raise NotFound
    session = Session(
        session_hash=session_hash,
        holder_id=holder_id,
        device_id=None,
        phone_index=None,
        created_at=now,
        expires_at=now + SESSION_LIFE,
        unlocked_until=now + UNLOCK_LIFE,
    )
    uow.sessions.add(session)
    if holder.phone_index is None:
        return
    bind_device(
        SignedIn(session, holder),
        phone_index=holder.phone_index,
        label="sandbox",
        uow=uow,
        entropy=services.entropy,
        now=now,
    )


def play_many(personas: Sequence[SandboxPersona], *, services: Services) -> int:
    """Register many synthetic citizens in one unit of work, to fill a sandbox quickly; return how many are new.

    The same steps as for one, but the authority is asked first and everything is committed together.
    """
    _check_sandbox(services)
    asked = [(persona, _parse(persona, services=services)) for persona in personas]
    with services.store.read() as stored:
        fresh = [(p, n) for p, n in asked if _existing(_index(n, services=services), stored=stored) is None]
    answers = [_ask(persona, number, services=services) for persona, number in fresh]

    def job(uow: UnitOfWork) -> list[Verdict | None]:
        return [
            _play(persona, number, answer, DEFAULT_LANGUAGE, uow=uow, services=services)[1]
            for (persona, number), answer in zip(fresh, answers, strict=True)
        ]

    for verdict in services.store.write(job).value:
        if verdict is not None:
            services.observer.registration(verdict.value)
    return len(fresh)


def show_code(holder_id: HolderId, channel: Channel, *, uow: UnitOfWork, services: Services) -> ShownCode:
    """Issue a code on the holder's primary device.

    Raises:
        HolderNotUsable, AgreementNotAccepted: as for the page.
    """
    _check_sandbox(services)

    def show(session_hash: bytes) -> ShownCode:
        command = IssueCode(session_hash=session_hash, channel=channel)
        return issue_code(command, uow=uow, keys=services.keys, entropy=services.entropy, now=services.clock.now())

    return act_as(holder_id, show, uow=uow, services=services)


def act_as(holder_id: HolderId, act: Callable[[bytes], T], *, uow: UnitOfWork, services: Services) -> T:
    """Do ``act`` with an unlocked session of the holder's primary device, which no browser has.

    It lasts as long as an unlock does and serves other acts meanwhile.

    Raises:
        DeviceNotBound: the account has no primary device.
    """
    now = services.clock.now()
    session_hash = services.keys.mac(MacPurpose.SESSION, b"sandbox-act\x00" + holder_id.encode())
    device_id = primary_device(holder_id, uow=uow).device_id
    earlier = uow.sessions.get(session_hash)
    if earlier is None or not _serves(earlier, device_id, now=now):
        session = Session(
            session_hash=session_hash,
            holder_id=holder_id,
            device_id=device_id,
            phone_index=None,
            created_at=now,
            expires_at=now + UNLOCK_LIFE,
            unlocked_until=now + UNLOCK_LIFE,
        )
        (uow.sessions.add if earlier is None else uow.sessions.update)(session)
    return act(session_hash)


_LEFT_OVER: Final = timedelta(seconds=30)
"""What an unlock must still last, so that an act does not outlive it."""


def _serves(session: Session, device_id: DeviceId, *, now: datetime) -> bool:
    is_live = session.revoked_at is None and session.unlocked_until is not None
    return is_live and session.device_id == device_id and session.created_at <= now < session.expires_at - _LEFT_OVER


def primary_device(holder_id: HolderId, *, uow: UnitOfWork) -> Device:
    """Return the bound primary device.

    Raises:
        DeviceNotBound: there is none.
    """
    return check_bound(uow.devices.primary(holder_id))


def freeze(holder_id: HolderId, *, services: Services, cause: FreezeCause = FreezeCause.SELF) -> Holder:
    """Freeze an account as its holder, the operator or the risk rules would."""
    _check_sandbox(services)
    command = FreezeHolder(holder_id=holder_id, cause=cause, channel="sandbox")
    return services.store.write(
        lambda uow: freeze_holder(
            command, uow=uow, keys=services.keys, entropy=services.entropy, now=services.clock.now()
        )
    ).value


def _check_sandbox(services: Services) -> None:
    if not services.deployment.is_sandbox:
        raise NotPermitted("This exists in sandbox mode only.")


def _parse(persona: SandboxPersona, *, services: Services) -> CitizenNumber:
    return parse_citizen_number(
        persona.number,
        today=service_date(services.clock.now()),
        accept_hk_macau_taiwan=services.deployment.accept_hk_macau_taiwan,
        accept_foreigners=services.deployment.accept_foreigners,
    )


def _index(number: CitizenNumber, *, services: Services) -> bytes:
    return number_index(number.document_type.value, number.value, keys=services.keys)


def _existing(index: bytes, *, stored: Repositories) -> Holder | None:
    person = stored.holders.person(index)
    if person is not None and person.holder_id is not None:
        return stored.holders.get(person.holder_id)
    return stored.holders.by_number_index(index)


def _play_past(kind: str, index: bytes, *, uow: UnitOfWork) -> None:
    if kind in (_TERMINATED, _DEREGISTERED):
        past = Person(
            number_index=index,
            holder_id=None,
            generation=2 if kind == _DEREGISTERED else 1,
            service_ended=kind == _TERMINATED,
        )
        uow.holders.save_person(past)


def _accept_and_bind(
    persona: SandboxPersona, session_hash: bytes, language: str, *, uow: UnitOfWork, services: Services
) -> None:
    now, keys, entropy = services.clock.now(), services.keys, services.entropy
    in_force = {kind: uow.agreements.in_force(kind, language) for kind in AgreementKind}
    accept_agreements(
        AcceptAgreements(
            session_hash=session_hash,
            language=language,
            ticked=frozenset(AgreementKind),
            shown_hashes={kind: agreement.text_hash for kind, agreement in in_force.items() if agreement},
            shown_at=now,
            context="sandbox test helper",
        ),
        uow=uow,
        keys=keys,
        entropy=entropy,
        now=now,
    )
    signed_in = find_session(session_hash, stored=uow, now=now)
    vault = open_vault(signed_in.holder, keys=keys)
    index = phone_index(persona.phone, keys=keys)
    sealed = vault.seal("sealed_phone", persona.phone.encode(), entropy=entropy)
    uow.holders.update(replace(signed_in.holder, sealed_phone=sealed, phone_index=index))
    bind_device(signed_in, phone_index=index, label="sandbox", uow=uow, entropy=entropy, now=now)
