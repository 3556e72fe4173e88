"""Values of changes of the phone, and of corrections of the name."""

from eztong.domain.contact.phone_change import ChangeState, ChangeWay, EndedBy, PhoneChange
from eztong.domain.own_data.correction import Correction, CorrectionState, RefusedBecause
from tests.contract.storage.stage import at, holder_id, make


def phone_change(number: int = 1, *, full: bool = False, of_holder: int = 1) -> PhoneChange:
    return PhoneChange(
        holder_id=holder_id(of_holder),
        change_id=make("phc", number),
        state=ChangeState.REVERTED if full else ChangeState.ASKED,
        way=ChangeWay.MATCHED if full else ChangeWay.BOTH_NUMBERS,
        session_hash=number.to_bytes(32),
        sealed_old=b"old",
        sealed_new=b"new",
        asked_at=at(number),
        link_hash=(number + 100).to_bytes(32) if full else None,
        begun_at=at(20) if full else None,
        until=at(30) if full else None,
        ended_at=at(40) if full else None,
        ended_by=EndedBy.LINK if full else None,
    )


def correction(number: int = 1, *, full: bool = False, of_holder: int = 1) -> Correction:
    return Correction(
        holder_id=holder_id(of_holder),
        correction_id=make("cor", number),
        state=CorrectionState.REFUSED if full else CorrectionState.APPLIED,
        reason=RefusedBecause.MISMATCH if full else None,
        sealed_old=b"old",
        sealed_new=b"new",
        asked_at=at(number),
        ticket_number="4821093755" if full else None,
    )
