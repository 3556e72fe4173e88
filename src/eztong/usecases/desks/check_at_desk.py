"""A check at the desk: the same verification as any partner's, with a line in the desk's own record."""

from __future__ import annotations

from dataclasses import replace

from msgspec import structs

from eztong.domain.desks.staff import DeskEntry
from eztong.ports.act import Act
from eztong.usecases.codes.conclude_verification import Answered
from eztong.usecases.codes.verify_code import VerifyCode, verify_code
from eztong.usecases.desks.sign_in_staff import take_place
from eztong.usecases.naming import new_id
from eztong.usecases.refusal import Refused


def check_at_desk(act: Act, command: VerifyCode, staff_session: bytes) -> tuple[Answered, DeskEntry] | Refused:
    """Verify the code in the partner's name and write down which staff account asked.

    1. The staff's session is live, and counts as active at this desk.
    2. The verification is the one that every door makes, for the session's partner as it stands now.
    3. Its line goes into the desk's record in the same transaction, also that of a known code that was refused. The
       same check again finds the line that it left before.

    Raises:
        SessionMissing, CodeUnknown, SceneNotAllowed, DeskUnknown, ClaimNotAllowed: nothing was changed.
    """
    desk = command.desk or ""
    on_duty = take_place(act, staff_session, desk=desk, scene=command.scene)
    partner_id = on_duty.partner.partner_id
    answered = verify_code(act, structs.replace(command, caller=on_duty.caller(now=act.now)))
    entry = DeskEntry(
        partner_id=partner_id,
        desk=desk,
        entry_id=new_id(act, "dsk"),
        staff_id=on_duty.staff.staff_id,
        scene=command.scene,
        verification_id=None,
        request_id=None,
        created_at=act.now,
    )
    if isinstance(answered, Refused):
        if answered.is_new:
            act.uow.staff.add_entry(replace(entry, refusal=answered.error.code))
        return answered
    verification_id = answered.verification.verification_id
    earlier = None if answered.leaf else act.uow.staff.entry_of(partner_id, desk, verification_id)
    if earlier is not None:
        return answered, earlier
    entry = replace(entry, verification_id=verification_id)
    act.uow.staff.add_entry(entry)
    return answered, entry
