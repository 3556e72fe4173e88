"""Freeze a ward's account as its guardian, and lift that freeze again (clause 2.9; preamble)."""

from __future__ import annotations

from dataclasses import dataclass

from eztong.domain.guardianship.guardianship import Guardianship
from eztong.domain.holder import FreezeCause, Holder
from eztong.domain.standing import check_may_show_code
from eztong.ports.act import Act
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.guardianship.care import find_guarded, find_ward
from eztong.usecases.guardianship.settle_relation import release


@dataclass(frozen=True, slots=True, kw_only=True)
class StopWard:
    """Freeze the ward's account, or let it go on, from the guardian's session."""

    session_hash: bytes
    ward_id: str


def freeze_ward(act: Act, command: StopWard) -> Holder:
    """Freeze at once: codes and sessions of the ward end. Only a guardian lifts it, whoever else freezes, too.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked, GuardianNotEligible, WardMissing: this session may not.
        WardActsAlone: the ward is of age, and waits only to have the account handed over.
        StateConflict: the ward has no account.
    """
    care = find_guarded(command.session_hash, command.ward_id, stored=act.uow, keys=act.keys, now=act.now)
    freeze = FreezeHolder(holder_id=care.ward.holder_id, cause=FreezeCause.GUARDIAN, channel="guardian")
    return freeze_holder(_as(act, care.guardianship), freeze)


def release_ward(act: Act, command: StopWard) -> Holder:
    """Lift the guardian's freeze; what else stops the account stays. Twice is the same as once.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked, GuardianNotEligible, WardMissing: this session may not.
        NothingPasses: a mark lets nothing of the guardian's pass. Freezing stays allowed.
    """
    care = find_ward(command.session_hash, command.ward_id, stored=act.uow, keys=act.keys, now=act.now)
    check_may_show_code(care.guardian)
    return release(_as(act, care.guardianship), care.ward)


def _as(act: Act, guardianship: Guardianship) -> Act:
    return act.as_guardian(guardianship.guardianship_id)
