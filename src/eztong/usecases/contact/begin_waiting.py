"""Let a change of the phone wait: both numbers hear of it, and a job makes it take effect (clause 2.7; ADR 0058)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from eztong.domain.contact.phone_change import ChangeState, PhoneChange, PhoneChangeOver
from eztong.domain.events import EventKind
from eztong.domain.holder import Holder
from eztong.domain.identity.masking import mask_phone
from eztong.domain.jobs.job import Job, JobKind
from eztong.domain.notices import Topic
from eztong.ports.act import Act
from eztong.usecases.contact.numbers import draw_token, hash_token, minute_words, new_number
from eztong.usecases.naming import new_id
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder
from eztong.usecases.number_of_before import number_of_before, rests_on_staff_alone


def begin_waiting(
    act: Act, holder: Holder, asked: PhoneChange, *, wait: timedelta, public_url: str, detail: str = ""
) -> PhoneChange:
    """Let the change wait, tell both numbers, and return it; the number of before gets the link that stops it.

    Raises:
        PhoneChangeOver: it is not asked for any more.
    """
    token, until = draw_token(act), act.now + wait
    change = replace(
        asked, state=ChangeState.WAITING, link_hash=hash_token(token, keys=act.keys), begun_at=act.now, until=until
    )
    if not act.uow.phone_changes.begin(asked, change):
        raise PhoneChangeOver
    act.uow.jobs.add(
        Job(
            job_id=new_id(act, "job"),
            kind=JobKind.PHONE_CHANGE,
            key=change.change_id,
            holder_id=change.holder_id,
            created_at=act.now,
            next_attempt_at=until,
        )
    )
    facts = " ".join(filter(None, (f"how={change.way}", detail)))
    note_event(act, holder.holder_id, EventKind.PHONE_CHANGE_WAITING, detail=facts)
    when, stop = {"until": minute_words(until)}, {"link": f"{public_url}/phone/keep/{token}"}
    old, new = number_of_before(change, holder, keys=act.keys), new_number(change, holder, keys=act.keys)
    if old:
        tell_holder(act, holder, Topic.PHONE_WAITING, when | stop, to=(old,))
    # Nobody else shall read of a freeze that stops nothing.
    staff = {"case": "staff"} if rests_on_staff_alone(change, holder, keys=act.keys) else {}
    tell_holder(act, holder, Topic.PHONE_COMING, when | staff | {"number": mask_phone(new)}, to=(new,))
    return change
