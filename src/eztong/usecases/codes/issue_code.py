"""Issue a presentation code to a bound device (clauses 2.2, 2.11, P-3)."""

from __future__ import annotations

from dataclasses import dataclass

from eztong.domain.access.unlock import check_unlocked
from eztong.domain.codes.presentation_code import (
    RANDOM_NUMBER_DIGITS,
    Channel,
    CodeState,
    PresentationCode,
    ShownCode,
    make_number,
    make_qr,
)
from eztong.domain.identifiers import AcceptanceId, CodeId, DeviceId, HolderId
from eztong.domain.standing import check_may_show_code
from eztong.ports.act import Act
from eztong.ports.keys import MacPurpose
from eztong.usecases.access.find_session import find_session, require_device
from eztong.usecases.agreements.check_consent import check_consent
from eztong.usecases.naming import new_id

_HANDLE_LIMIT = 2**96


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueCode:
    """Show a code on the device of this session, by this channel."""

    session_hash: bytes
    channel: Channel = Channel.SCREEN


def issue_code(act: Act, command: IssueCode) -> ShownCode:
    """Make a code, replacing any that the device still shows.

    1. The session is live, its account may show codes, its device is bound and freshly unlocked: all as of now.
    2. Both agreements in force are accepted.
    3. Outstanding codes of the device become ``superseded``.
    4. The new code is stored as keyed hashes only; its digits go to the screen, once.

    Raises:
        SessionMissing: the session ended.
        HolderNotUsable: the account or the device may not.
        Locked: the last unlock by passkey or PIN is over.
        AgreementNotAccepted: a document in force is not accepted.
    """
    signed_in = find_session(command.session_hash, stored=act.uow, now=act.now)
    holder_id = signed_in.holder.holder_id
    check_may_show_code(signed_in.holder)
    device_id = require_device(signed_in, stored=act.uow).device_id
    check_unlocked(signed_in.session.unlocked_until, now=act.now)
    acceptance_id = check_consent(holder_id, stored=act.uow)
    act.uow.codes.end_outstanding(holder_id, device_id, CodeState.SUPERSEDED, act.now)
    return add_code(act, holder_id, device_id, acceptance_id, channel=command.channel)


def add_code(
    act: Act, holder_id: HolderId, device_id: DeviceId, acceptance_id: AcceptanceId, *, channel: Channel
) -> ShownCode:
    """Draw and store a code of the account for a device that may show it."""
    shown = _draw(act, channel)
    code = PresentationCode(
        code_id=shown.code_id,
        holder_id=holder_id,
        device_id=device_id,
        acceptance_id=acceptance_id,
        channel=channel,
        state=CodeState.ISSUED,
        issued_at=shown.issued_at,
        expires_at=shown.expires_at,
    )
    act.uow.codes.add(
        code,
        number_hash=act.keys.mac(MacPurpose.CODE_HANDLE, shown.number.encode()),
        qr_hash=None if shown.qr is None else act.keys.mac(MacPurpose.CODE_HANDLE, shown.qr.encode()),
    )
    return shown


def _draw(act: Act, channel: Channel) -> ShownCode:
    qr = None
    if channel is Channel.SCREEN:
        qr = make_qr(
            handle=act.entropy.below(_HANDLE_LIMIT),
            issued_at=act.now,
            key_number=act.keys.active_number(MacPurpose.QR_TAG),
            tag=lambda head: act.keys.mac(MacPurpose.QR_TAG, head),
        )
    return ShownCode(
        code_id=CodeId(new_id(act, "cod")),
        number=make_number(act.entropy.below(10**RANDOM_NUMBER_DIGITS)),
        qr=qr,
        issued_at=act.now,
        expires_at=act.now + channel.life,
    )
