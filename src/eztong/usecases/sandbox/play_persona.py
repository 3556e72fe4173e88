"""Register an invented person in one call, through the very use cases that the pages run (sandbox only).

The message code is the one step that is skipped: the device is bound as if it had been confirmed. What a persona's
story says happened before (service ended, deregistered) or after (frozen) is played too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from eztong.domain.access.device import Device, check_bound
from eztong.domain.access.unlock import UNLOCK_LIFE
from eztong.domain.agreements import AgreementKind
from eztong.domain.codes.presentation_code import Channel, ShownCode
from eztong.domain.errors import InputInvalid, NotFound, NotPermitted, Unavailable
from eztong.domain.holder import DRAWN_GENERATION_BYTES, FreezeCause, Holder, HolderState
from eztong.domain.identifiers import DeviceId, HolderId
from eztong.domain.identity.age import service_date
from eztong.domain.identity.authority_answer import AuthorityAnswer, AuthorityVerdict
from eztong.domain.identity.citizen_number import CitizenNumber, parse_citizen_number
from eztong.domain.identity.real_name import parse_real_name
from eztong.domain.registration import Verdict
from eztong.ports.act import HOLDER, OPERATOR, RISK, SYSTEM, Act
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.sandbox import SandboxPersona
from eztong.ports.services import Services
from eztong.ports.storage.access.sessions import Session
from eztong.ports.storage.holders import Person
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.bind_device import bind_device
from eztong.usecases.access.find_session import SESSION_LIFE, SignedIn, find_session
from eztong.usecases.codes.issue_code import IssueCode, issue_code
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.notices.warn_holder import DEFAULT_LANGUAGE
from eztong.usecases.registration.accept_agreements import AcceptAgreements, accept_agreements
from eztong.usecases.registration.register_identity import RegisterIdentity, register_at_once
from eztong.usecases.vault import ended_index, number_index, open_vault, phone_index

_FROZEN = "frozen"
_TERMINATED = "terminated"
_LOOK_AGAIN = 30
OWN_DEVICE: Final = "sandbox"
"""The label of a device that nobody holds: the one on which the sandbox registered somebody."""

_ACTING: Final = {
    FreezeCause.SELF: HOLDER,
    FreezeCause.OPERATOR: OPERATOR,
    FreezeCause.RISK: RISK,
    FreezeCause.GUARDIAN: SYSTEM,
    FreezeCause.DEATH: SYSTEM,
}


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
    check_sandbox(services)
    number = _parse(persona, services=services)
    with services.store.read() as stored:
        existing = _existing(_index(number, keys=services.keys), stored=stored)
    if existing is not None:
        return PlayedPersona(existing, is_new=False)
    answer = _ask(persona, number, services=services)
    played, verdict = services.perform(HOLDER, _play, persona, number, answer, language=language)
    if verdict is not None:
        services.observer.registration(verdict.value)
    kind, _, detail = persona.expected.partition(":")
    if kind == _FROZEN and played.is_new:
        return replace(played, holder=freeze(played.holder.holder_id, services=services, cause=FreezeCause(detail)))
    return played


def find_account(persona: SandboxPersona, *, stored: Repositories, services: Services) -> Holder | None:
    """Return the account that the persona has here by now, if there is one."""
    try:
        number = _parse(persona, services=services)
    except InputInvalid:
        return None
    return _existing(_index(number, keys=services.keys), stored=stored)


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
    act: Act, persona: SandboxPersona, number: CitizenNumber, answer: AuthorityAnswer | None, *, language: str
) -> tuple[PlayedPersona, Verdict | None]:
    index = _index(number, keys=act.keys)
    existing = _existing(index, stored=act.uow)
    if existing is not None:
        return PlayedPersona(existing, is_new=False), None
    _play_past(act, persona.expected.partition(":")[0], number)
    session_hash = act.entropy.token(32)
    _accept_and_bind(act, persona, session_hash, language)
    command = RegisterIdentity(session_hash=session_hash, name=persona.name, number=persona.number)
    verdict = register_at_once(act, command, number, answer)
    holder = find_session(session_hash, stored=act.uow, now=act.now).holder
    return PlayedPersona(holder, is_new=True), verdict


def sign_in_as(holder_id: HolderId, session_hash: bytes, *, services: Services, label: str = "browser") -> None:
    """Give a browser session to the holder: device bound and unlocked, as if the person held it in the hand.

    Of an application that was erased no phone is left to bind a device by; its session sees the result only.

    Raises:
        NotPermitted: not in sandbox mode.
        NotFound: there is no such account.
    """
    check_sandbox(services)
    services.perform(HOLDER, _open_session, holder_id, session_hash, label)


def _open_session(act: Act, holder_id: HolderId, session_hash: bytes, label: str) -> None:
    holder = act.uow.holders.get(holder_id)
    if holder is None:
        raise NotFound
    session = Session(
        session_hash=session_hash,
        holder_id=holder_id,
        device_id=None,
        phone_index=None,
        created_at=act.now,
        expires_at=act.now + SESSION_LIFE,
        unlocked_until=act.now + UNLOCK_LIFE,
    )
    act.uow.sessions.add(session)
    if holder.phone_index is None:
        return
    bind_device(act, SignedIn(session, holder), phone_index=holder.phone_index, label=label)


def play_many(personas: Sequence[SandboxPersona], *, services: Services) -> int:
    """Register many synthetic citizens in one unit of work, to fill a sandbox quickly; return how many are new.

    The same steps as for one, but the authority is asked first and everything is committed together.
    """
    check_sandbox(services)
    asked = [(persona, _parse(persona, services=services)) for persona in personas]
    with services.store.read() as stored:
        fresh = [(p, n) for p, n in asked if _existing(_index(n, keys=services.keys), stored=stored) is None]
    answers = [_ask(persona, number, services=services) for persona, number in fresh]
    cases = [(persona, number, answer) for (persona, number), answer in zip(fresh, answers, strict=True)]
    for verdict in services.perform(HOLDER, _play_all, cases):
        if verdict is not None:
            services.observer.registration(verdict.value)
    return len(fresh)


def _play_all(
    act: Act, cases: Sequence[tuple[SandboxPersona, CitizenNumber, AuthorityAnswer | None]]
) -> list[Verdict | None]:
    return [_play(act, persona, number, answer, language=DEFAULT_LANGUAGE)[1] for persona, number, answer in cases]


def show_code(act: Act, holder_id: HolderId, channel: Channel) -> ShownCode:
    """Issue a code on the holder's primary device.

    Raises:
        NotFound: there is no such account.
        HolderNotUsable, AgreementNotAccepted: as for the page.
    """
    if act.uow.holders.get(holder_id) is None:
        raise NotFound
    return issue_code(act, IssueCode(session_hash=act_as(act, holder_id), channel=channel))


def act_as(act: Act, holder_id: HolderId) -> bytes:
    """Return the hash of an unlocked session of the holder's primary device, which no browser has.

    It lasts as long as an unlock does and serves other acts meanwhile.

    Raises:
        DeviceNotBound: the account has no primary device.
    """
    session_hash = act.keys.mac(MacPurpose.SESSION, b"sandbox-act\x00" + holder_id.encode())
    device_id = primary_device(holder_id, stored=act.uow).device_id
    earlier = act.uow.sessions.get(session_hash)
    if earlier is None or not _serves(earlier, device_id, now=act.now):
        session = Session(
            session_hash=session_hash,
            holder_id=holder_id,
            device_id=device_id,
            phone_index=None,
            created_at=act.now,
            expires_at=act.now + UNLOCK_LIFE,
            unlocked_until=act.now + UNLOCK_LIFE,
        )
        (act.uow.sessions.add if earlier is None else act.uow.sessions.update)(session)
    return session_hash


_LEFT_OVER: Final = timedelta(seconds=30)
"""What an unlock must still last, so that an act does not outlive it."""


def _serves(session: Session, device_id: DeviceId, *, now: datetime) -> bool:
    is_live = session.revoked_at is None and session.unlocked_until is not None
    return is_live and session.device_id == device_id and session.created_at <= now < session.expires_at - _LEFT_OVER


def primary_device(holder_id: HolderId, *, stored: Repositories) -> Device:
    """Return the bound primary device.

    Raises:
        DeviceNotBound: there is none.
    """
    return check_bound(stored.devices.primary(holder_id))


def freeze(holder_id: HolderId, *, services: Services, cause: FreezeCause = FreezeCause.SELF) -> Holder:
    """Freeze an account as its holder, the operator or the risk rules would."""
    check_sandbox(services)
    command = FreezeHolder(holder_id=holder_id, cause=cause, channel="sandbox")
    return services.perform(_ACTING[cause], freeze_holder, command)


def check_sandbox(services: Services) -> None:
    """Refuse what exists for invented people only.

    Raises:
        NotPermitted: not in sandbox mode.
    """
    if not services.deployment.is_sandbox:
        raise NotPermitted("This exists in sandbox mode only.")


def _parse(persona: SandboxPersona, *, services: Services) -> CitizenNumber:
    return parse_citizen_number(
        persona.number,
        today=service_date(services.clock.now()),
        accept_hk_macau_taiwan=services.deployment.accept_hk_macau_taiwan,
        accept_foreigners=services.deployment.accept_foreigners,
    )


def _index(number: CitizenNumber, *, keys: Keys) -> bytes:
    return number_index(number.document_type.value, number.value, keys=keys)


def _existing(index: bytes, *, stored: Repositories) -> Holder | None:
    person = stored.holders.person(index)
    if person is not None and person.holder_id is not None:
        return stored.holders.get(person.holder_id)
    return stored.holders.by_number_index(index)


def _play_past(act: Act, kind: str, number: CitizenNumber) -> None:
    # Whoever left freely has left nothing behind: there is no past to write.
    if kind == _TERMINATED:
        past = Person(
            number_index=ended_index(number.document_type.value, number.value, keys=act.keys),
            holder_id=None,
            generation=act.entropy.token(DRAWN_GENERATION_BYTES),
            service_ended=True,
            left_at=act.now,
        )
        act.uow.holders.save_person(past)


def _accept_and_bind(act: Act, persona: SandboxPersona, session_hash: bytes, language: str) -> None:
    in_force = {kind: act.uow.agreements.in_force(kind, language) for kind in AgreementKind}
    accept_agreements(
        act,
        AcceptAgreements(
            session_hash=session_hash,
            language=language,
            ticked=frozenset(AgreementKind),
            shown_hashes={kind: agreement.text_hash for kind, agreement in in_force.items() if agreement},
            shown_at=act.now,
            context="sandbox test helper",
        ),
    )
    signed_in = find_session(session_hash, stored=act.uow, now=act.now)
    vault = open_vault(signed_in.holder, keys=act.keys)
    index = phone_index(persona.phone, keys=act.keys)
    sealed = vault.seal("sealed_phone", persona.phone.encode(), entropy=act.entropy)
    act.uow.holders.update(replace(signed_in.holder, sealed_phone=sealed, phone_index=index))
    bind_device(act, signed_in, phone_index=index, label=OWN_DEVICE)
