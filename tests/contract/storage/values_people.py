"""Values of what people sign in with: PINs, passkeys, desk staff and what their desks keep."""

from eztong.domain.access.passkey import Passkey
from eztong.domain.access.pin import Pin
from eztong.domain.desks.staff import DeskEntry, DeskSign, Staff, StaffSession, StaffState
from eztong.domain.recovery import Recovery, RecoveryState, StoppedBy
from tests.contract.storage.stage import at, device_id, holder_id, make, partner_id, request_id, verification_id


def staff(number: int = 1, *, full: bool = False, of_partner: int = 1) -> Staff:
    return Staff(
        partner_id=partner_id(of_partner),
        staff_id=make("stf", number),
        login=f"shift-{number}",
        label="夜班" if full else "",
        password_hash="$argon2id$invented",
        state=StaffState.DISABLED if full else StaffState.ACTIVE,
        created_at=at(number),
        wrong_tries=3 if full else 0,
        locked_until=at(900) if full else None,
        second_factor=b"sealed key" if full else None,
        used_step=4_000_000_000 if full else None,
    )


def staff_session(number: int = 1, *, full: bool = False, of_staff: int = 1) -> StaffSession:
    return StaffSession(
        session_hash=number.to_bytes(32),
        partner_id=partner_id(),
        staff_id=make("stf", of_staff),
        desk="front-1" if full else None,
        scene="open_account" if full else None,
        created_at=at(0),
        active_at=at(60 if full else 0),
        ended_at=at(90) if full else None,
    )


def desk_entry(number: int = 1, *, full: bool = False) -> DeskEntry:
    return DeskEntry(
        partner_id=partner_id(),
        desk="front-1",
        entry_id=make("dsk", number),
        staff_id=make("stf", 1) if full else None,
        scene="open_account",
        verification_id=verification_id() if full else None,
        request_id=request_id() if full else None,
        created_at=at(number),
        checklist="guardian relation" if full else "",
    )


def desk_sign(number: int = 1, *, full: bool = False) -> DeskSign:
    return DeskSign(
        partner_id=partner_id(),
        desk="front-1",
        scene="open_account",
        sign_id=make("sgn", number),
        token=f"token-{number}",
        created_at=at(number),
        revoked_at=at(90) if full else None,
    )


def pin(*, full: bool = True, of_holder: int = 1) -> Pin:
    return Pin(
        holder_id=holder_id(of_holder),
        sealed_hash=b"\x00sealed",
        wrong_tries=5 if full else 0,
        locked_until=at(60) if full else None,
        changed_at=at(1),
    )


def passkey(number: int = 1, *, full: bool = True, of_holder: int = 1) -> Passkey:
    return Passkey(
        credential_id=number.to_bytes(16),
        holder_id=holder_id(of_holder),
        device_id=device_id(),
        public_key=b"\xa5cose",
        sign_count=7 if full else 0,
        label="iPhone",
        created_at=at(number),
        last_used_at=at(number + 1) if full else None,
    )


def recovery(number: int = 1, *, full: bool = False, of_holder: int = 1) -> Recovery:
    return Recovery(
        holder_id=holder_id(of_holder),
        recovery_id=make("rcv", number),
        state=RecoveryState.STOPPED if full else RecoveryState.WAITING,
        session_hash=number.to_bytes(32),
        stop_hash=(number + 1000).to_bytes(32),
        device_label="Android" if full else "browser",
        started_at=at(number),
        due_at=at(number + 900),
        ended_at=at(number + 1) if full else None,
        ended_by=StoppedBy.LINK if full else None,
    )
