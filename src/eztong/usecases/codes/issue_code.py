"""Issue a presentation code to a bound device (clauses 2.2, 2.11, P-3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

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
from eztong.domain.holder import check_may_show_code
from eztong.domain.identifiers import CodeId
from eztong.ports.entropy import Entropy
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.access.find_session import find_session, require_device
from eztong.usecases.agreements.check_consent import check_consent
from eztong.usecases.naming import new_id

_HANDLE_LIMIT = 2**96


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueCode:
    """Show a code on the device of this session, by this channel."""

    session_hash: bytes
    channel: Channel = Channel.SCREEN


def issue_code(command: IssueCode, *, uow: UnitOfWork, keys: Keys, entropy: Entropy, now: datetime) -> ShownCode:
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
    signed_in = find_session(command.session_hash, stored=uow, now=now)
    holder_id = signed_in.holder.holder_id
    check_may_show_code(signed_in.holder)
    device_id = require_device(signed_in, stored=uow).device_id
    check_unlocked(signed_in.session.unlocked_until, now=now)
    acceptance_id = check_consent(holder_id, stored=uow)
    uow.codes.end_outstanding(holder_id, device_id, CodeState.SUPERSEDED, now)
    shown = _draw(command.channel, keys=keys, entropy=entropy, now=now)
    code = PresentationCode(
        code_id=shown.code_id,
        holder_id=holder_id,
        device_id=device_id,
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
