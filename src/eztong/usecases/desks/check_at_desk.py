"""A check at the desk: the same verification as any partner's, with a line in the desk's own record."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from eztong.domain.desks.staff import DeskEntry
from eztong.ports.entropy import Entropy
from eztong.ports.keys import Keys
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.codes.conclude_verification import Answered
from eztong.usecases.codes.verify_code import VerifyCode, verify_code
from eztong.usecases.desks.sign_in_staff import OnDuty, take_place
from eztong.usecases.naming import new_id
from eztong.usecases.refusal import Refused


def check_at_desk(
    command: VerifyCode, on_duty: OnDuty, *, uow: UnitOfWork, keys: Keys, entropy: Entropy, now: datetime
) -> tuple[Answered, DeskEntry] | Refused:
    """Verify the code in the partner's name and write down which staff account asked.

    1. The desk's session counts as active.
    2. The verification is the one that every door makes.
    3. Its line goes into the desk's record in the same transaction, also that of a known code that was refused. The
       same check again finds the line that it left before.

    Raises:
        CodeUnknown, SceneNotAllowed, DeskUnknown, ClaimNotAllowed: nothing was changed.
    """
    desk, partner_id = command.desk or "", on_duty.partner.partner_id
    take_place(on_duty, desk=desk, scene=command.scene, uow=uow, now=now)
    answered = verify_code(command, uow=uow, keys=keys, entropy=entropy, now=now)
    entry = DeskEntry(
        partner_id=partner_id,
        desk=desk,
        entry_id=new_id("dsk", now=now, entropy=entropy),
        staff_id=on_duty.staff.staff_id,
        scene=command.scene,
        verification_id=None,
        request_id=None,
        created_at=now,
    )
    if isinstance(answered, Refused):
        if answered.is_new:
            uow.staff.add_entry(replace(entry, refusal=answered.error.code))
        return answered
    verification_id = answered.verification.verification_id
    earlier = None if answered.leaf else uow.staff.entry_of(partner_id, desk, verification_id)
    if earlier is not None:
        return answered, earlier
    entry = replace(entry, verification_id=verification_id)
    uow.staff.add_entry(entry)
    return answered, entry
