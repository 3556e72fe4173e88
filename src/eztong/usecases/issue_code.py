"""Issue a presentation code to a bound device (clauses 2.2, 2.11, P-3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eztong.domain.agreement import AgreementKind, check_accepted
from eztong.domain.device import check_bound
from eztong.domain.errors import AgreementNotAccepted, HolderNotActive
from eztong.domain.holder import check_may_show_code
from eztong.domain.identifiers import AcceptanceId, CodeId, DeviceId, HolderId
from eztong.domain.presentation_code import (
    RANDOM_NUMBER_DIGITS,
    Channel,
    CodeState,
    PresentationCode,
    ShownCode,
    make_number,
    make_qr,
)
from eztong.domain.unlock import check_unlocked
from eztong.ports.entropy import Entropy
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.storage import UnitOfWork
from eztong.usecases.naming import new_id

_HANDLE_LIMIT = 2**96


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueCode:
    """Show a code on this device, by this channel; ``unlocked_until`` is the asking session's unlock."""

    holder_id: HolderId
    device_id: DeviceId
    unlocked_until: datetime | None
    channel: Channel = Channel.SCREEN


def issue_code(command: IssueCode, *, uow: UnitOfWork, keys: Keys, entropy: Entropy, now: datetime) -> ShownCode:
    """Make a code, replacing any that the device still shows.

    1. The account may show codes, and the device is bound to it and unlocked.
    2. Both agreements in force are accepted.
    3. Outstanding codes of the device become ``superseded``.
    4. The new code is stored as keyed hashes only; its digits go to the screen, once.

    Raises:
        HolderNotUsable: the account or the device may not.
        Locked: the last unlock by passkey or PIN is over.
        AgreementNotAccepted: a document in force is not accepted.
    """
    holder = uow.holders.get(command.holder_id)
    if holder is None:
        raise HolderNotActive
    check_may_show_code(holder)
    check_bound(uow.devices.get(command.holder_id, command.device_id))
    check_unlocked(command.unlocked_until, now=now)
    acceptance_id = check_agreements(command.holder_id, uow=uow)
    uow.codes.end_outstanding(command.holder_id, command.device_id, CodeState.SUPERSEDED, now)
    shown = _draw(command.channel, keys=keys, entropy=entropy, now=now)
    code = PresentationCode(
        code_id=shown.code_id,
        holder_id=command.holder_id,
        device_id=command.device_id,
        acceptance_id=acceptance_id,
        channel=command.channel,
        state=CodeState.ISSUED,
        issued_at=shown.issued_at,
        expires_at=shown.expires_at,
    )
    uow.codes.add(
        code,
        number_hash=keys.mac(MacPurpose.CODE_HANDLE, shown.number.encode()),
        qr_hash=None if shown.qr is None else keys.mac(MacPurpose.CODE_HANDLE, shown.qr.encode()),
    )
    return shown


def check_agreements(holder_id: HolderId, *, uow: UnitOfWork) -> AcceptanceId:
    """Return the acceptance of the authorisation agreement if both documents in force are accepted.

    Raises:
        AgreementNotAccepted: one is not.
    """
    acceptance_ids = []
    for kind in (AgreementKind.SERVICE, AgreementKind.AUTHORISATION):
        acceptance = uow.agreements.newest_acceptance(holder_id, kind)
        in_force = uow.agreements.in_force(kind, acceptance.language) if acceptance else None
        if in_force is None:
            raise AgreementNotAccepted
        acceptance_ids.append(check_accepted(acceptance, in_force=in_force))
    return acceptance_ids[-1]


def _draw(channel: Channel, *, keys: Keys, entropy: Entropy, now: datetime) -> ShownCode:
    qr = None
    if channel is Channel.SCREEN:
        qr = make_qr(
            handle=entropy.below(_HANDLE_LIMIT),
            issued_at=now,
            key_number=keys.active_number(MacPurpose.QR_TAG),
            tag=lambda head: keys.mac(MacPurpose.QR_TAG, head),
        )
    return ShownCode(
        code_id=CodeId(new_id("cod", now=now, entropy=entropy)),
        number=make_number(entropy.below(10**RANDOM_NUMBER_DIGITS)),
        qr=qr,
        issued_at=now,
        expires_at=now + channel.life,
    )
