"""A check at the desk: the same verification as any partner's, with a line in the desk's own record."""

from __future__ import annotations

from dataclasses import dataclass, replace

from msgspec import structs

from eztong.domain.desks.staff import DeskEntry
from eztong.domain.errors import SceneNotAllowed
from eztong.ports.act import Act
from eztong.usecases.codes.conclude_verification import Answered
from eztong.usecases.codes.verify_code import VerifyCode, verify_code
from eztong.usecases.desks.sign_in_staff import take_place
from eztong.usecases.desks.standing import Standing, standing_of
from eztong.usecases.naming import new_id
from eztong.usecases.refusal import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedAtDesk:
    """The answer, its line in the desk's record, and whether it is new, one of before, or one that holds no more."""

    answered: Answered
    entry: DeskEntry
    standing: Standing


def check_at_desk(act: Act, command: VerifyCode, staff_session: bytes) -> CheckedAtDesk | Refused:
    """Verify the code in the partner's name and write down which staff account asked.

    1. The staff's session is live, and counts as active at this desk.
    2. The verification is the one that every door makes, for the session's partner as it stands now.
    3. Its line goes into the desk's record in the same transaction, also that of a known code that was refused.
    4. The same check again finds the line that it left before, and says so: whoever stands there now need not be who
       stood there then. What was confirmed is decided once more, for the clerk's eyes only.

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
    if answered.leaf is None:
        return _checked_before(act, answered, replace(entry, verification_id=verification_id))
    entry = replace(entry, verification_id=verification_id)
    act.uow.staff.add_entry(entry)
    return CheckedAtDesk(answered=answered, entry=entry, standing=Standing.NEW)


def _checked_before(act: Act, answered: Answered, entry: DeskEntry) -> CheckedAtDesk:
    verification = answered.verification
    earlier = act.uow.staff.entry_of(entry.partner_id, entry.desk, verification.verification_id)
    scene = act.uow.partners.scene(entry.partner_id, entry.scene)
    if scene is None:
        raise SceneNotAllowed
    if earlier is None:
        act.uow.staff.add_entry(entry)
    standing = standing_of(verification, scene, now=act.now, stored=act.uow)
    return CheckedAtDesk(answered=answered, entry=earlier or entry, standing=standing)
