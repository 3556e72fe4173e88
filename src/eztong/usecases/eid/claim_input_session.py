"""Bind an integrator's session key to its account, and hold up an account whose ciphertexts keep failing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eztong.domain.eid.encrypted_input import InputUnreadable
from eztong.domain.eid.input_session import FAILURES_TO_LOCK, LOCK_WINDOW, InputSession
from eztong.domain.identifiers import PartnerId
from eztong.ports.act import Act
from eztong.ports.keys import MacPurpose
from eztong.usecases.refusal import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimInputSession:
    """What a call was encrypted with. ``iv`` is empty where the cipher has a tag and any may be used.

    ``session_keys`` are all that the wrapped key may stand for: after a rotation there are two.
    """

    partner_id: PartnerId
    session_keys: Sequence[bytes]
    iv: bytes
    failed: bool


def claim_input_session(act: Act, command: ClaimInputSession) -> Refused | None:
    """Return None if the account may use the session keys so; a refusal tells nothing but that it did not open.

    1. An account with too many failures in the window waits, whatever it brings.
    2. Each session key belongs to the account and initialisation vector of its first use, failed or not.
    """
    if act.uow.input_sessions.failures_since(command.partner_id, act.now - LOCK_WINDOW) >= FAILURES_TO_LOCK:
        return Refused(InputUnreadable())
    iv_mac = act.keys.mac(MacPurpose.LOOKUP, b"input-iv\x00" + command.iv) if command.iv else b""
    uses = [
        InputSession(
            session_mac=act.keys.mac(MacPurpose.LOOKUP, b"input-session\x00" + session_key),
            partner_id=command.partner_id,
            iv_mac=iv_mac,
            failed=command.failed,
            used_at=act.now,
        )
        for session_key in command.session_keys
    ]
    firsts = [act.uow.input_sessions.claim(use) for use in uses]
    admitted = all(first.admits(use) for first, use in zip(firsts, uses, strict=True))
    return None if admitted else Refused(InputUnreadable())
