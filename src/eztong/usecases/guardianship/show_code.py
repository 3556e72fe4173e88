"""Show a child's code as its guardian: a child under 14 has no sign-in (preamble; clauses 2.2, 2.11)."""

from __future__ import annotations

from dataclasses import dataclass

from eztong.domain.codes.presentation_code import Channel, CodeState, ShownCode
from eztong.domain.events import EventKind
from eztong.domain.guardianship.guardianship import WardActsAlone
from eztong.domain.holder import Holder
from eztong.domain.identity.age import AgeBand
from eztong.domain.standing import check_may_show_code
from eztong.ports.act import Act
from eztong.usecases.access.find_session import find_session, require_device
from eztong.usecases.agreements.check_consent import check_consent
from eztong.usecases.codes.issue_code import add_code
from eztong.usecases.guardianship.care import check_vouches, find_ward
from eztong.usecases.note_event import note_event
from eztong.usecases.registration.birthdays import band_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowWardCode:
    """Show a code of the ward on the device of the guardian's session."""

    session_hash: bytes
    ward_id: str
    channel: Channel = Channel.SCREEN


def show_ward_code(act: Act, command: ShowWardCode) -> ShownCode:
    """Make a code of the child on the guardian's device; the child's history names the guardianship and the code.

    1. The guardian's session is live, on the bound device, freshly unlocked, and of this child's active guardian.
    2. The child is under 14; both accounts may show codes and have consent: all as of now.
    3. Codes of the child that the device still shows are superseded.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked, GuardianNotEligible, WardMissing: this session may not.
        WardActsAlone: the ward is 14 or older.
        HolderNotUsable, AgreementNotAccepted: the child's account may not, or the guardian's shows nothing of its own.
    """
    care = find_ward(command.session_hash, command.ward_id, stored=act.uow, keys=act.keys, now=act.now)
    ward: Holder = care.ward
    if band_of(ward, keys=act.keys, now=act.now) is not AgeBand.CHILD:
        raise WardActsAlone
    check_vouches(care.guardian, stored=act.uow)
    check_may_show_code(ward)
    acceptance_id = check_consent(ward.holder_id, stored=act.uow)
    signed_in = find_session(command.session_hash, stored=act.uow, now=act.now)
    device_id = require_device(signed_in, stored=act.uow).device_id
    act.uow.codes.end_outstanding(ward.holder_id, None, CodeState.SUPERSEDED, act.now)
    shown = add_code(act, ward.holder_id, device_id, acceptance_id, channel=command.channel)
    by_guardian = act.as_guardian(care.guardianship.guardianship_id)
    note_event(by_guardian, ward.holder_id, EventKind.CODE_SHOWN_FOR_WARD, detail=f"code={shown.code_id}")
    return shown
