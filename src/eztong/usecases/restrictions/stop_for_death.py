"""Stop an account because the authority says that its holder died, and lift that on the same word (PIPL art. 49)."""

from __future__ import annotations

from typing import Final

from eztong.domain.death.after_death import without_death
from eztong.domain.errors import StateConflict
from eztong.domain.events import EventKind
from eztong.domain.holder import FreezeCause, Holder
from eztong.domain.jobs.job import Job, JobKind
from eztong.domain.notices import Topic
from eztong.domain.restrictions.mark import Cause
from eztong.ports.act import Act
from eztong.usecases.naming import new_id
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder
from eztong.usecases.stop_account import stop_account

CAUSE: Final = FreezeCause.DEATH.value


def stop_for_death(act: Act, holder: Holder) -> Holder:
    """Freeze the account on every door at once; a second signal changes nothing.

    Its codes and sessions end here. What ties it to others ends by the job that is queued, a moment later. Nobody is
    told: the phone may be in anybody's hand.

    Raises:
        StateConflict: it was stopped or opened meanwhile.
    """
    if holder.is_deceased:
        return holder
    frozen = stop_account(act, holder, FreezeCause.DEATH, detail=f"channel=authority cause={CAUSE}")
    act.uow.jobs.add(
        Job(
            job_id=new_id(act, "job"),
            kind=JobKind.DEATH,
            key=f"{holder.holder_id}/ties",
            holder_id=holder.holder_id,
            created_at=act.now,
            next_attempt_at=act.now,
        )
    )
    return frozen


def lift_death(act: Act, holder: Holder) -> Holder:
    """Lift that stop, since the authority knows the person again; return the account as it stands then.

    The holder signs in as on a new device: sessions, guardianships and helpers do not come back by themselves.

    Raises:
        StateConflict: it was stopped or opened meanwhile.
    """
    if not holder.is_deceased:
        return holder
    lifted = without_death(holder)
    if not act.uow.holders.move(holder, lifted):
        raise StateConflict
    note_event(act, holder.holder_id, EventKind.UNFROZEN, detail=f"cause={CAUSE} to={lifted.state}")
    tell_holder(act, lifted, Topic.RESTRICTION_LIFTED, {"cause": Cause.DATA_DOUBT.value})
    return lifted
