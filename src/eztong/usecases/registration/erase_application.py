"""Erase an application of which nothing may stay: a child's who applied alone (R10, PIPL art. 31), one that ended."""

from __future__ import annotations

from dataclasses import replace

from eztong.domain.holder import Holder, HolderState
from eztong.domain.registration import ENDED_UNDECIDED, Reason
from eztong.ports.act import Act
from eztong.usecases.vault import new_vault


def erase_application(act: Act, decided: Holder) -> None:
    """Keep of a decided application that it was made and why it ended, and nothing of the person.

    1. Name, number, phone and their blind indexes are not stored, or no longer.
    2. The data key is replaced by a fresh one, so that whatever was sealed before can be opened nowhere.
    3. Device, message codes, the session's phone, address and browser of the act, and what was told, are gone.
    4. Whatever waits to be done for it is not done.

    The session stays, so that the page can still say what to do; so do the two acceptances, which hold a salted
    commitment and no person, because a signed batch names them.
    """
    _, data_key = new_vault(decided.holder_id, keys=act.keys, entropy=act.entropy)
    act.uow.holders.update(
        Holder(
            holder_id=decided.holder_id,
            state=decided.state,
            created_at=decided.created_at,
            data_key=data_key,
            service_acceptance=decided.service_acceptance,
            authorisation_acceptance=decided.authorisation_acceptance,
            decision=decided.decision,
            reason=decided.reason,
            rules=decided.rules,
            policy_version=decided.policy_version,
        )
    )
    act.uow.devices.erase(decided.holder_id)
    act.uow.sessions.erase_phone(decided.holder_id)
    act.uow.agreements.erase_contexts(decided.holder_id)
    act.uow.notices.erase(decided.holder_id)
    act.uow.jobs.withdraw(decided.holder_id, now=act.now)


def is_over(holder: Holder) -> bool:
    """Say whether an application ended before anybody decided, so that nothing is kept of it."""
    is_ended = holder.state is HolderState.REFUSED and holder.reason in ENDED_UNDECIDED
    return is_ended and holder.sealed_number is None and holder.sealed_phone is None


def end_application(act: Act, holder: Holder, reason: Reason) -> None:
    """End an application that nobody decided: nothing is kept of it, nor of what was said and looked at."""
    over = replace(holder.moved_to(HolderState.REFUSED), decision=None, reason=reason.value, rules="")
    erase_application(act, over)
    act.uow.applications.erase(holder.holder_id)
    act.uow.policy_decisions.erase(holder.holder_id)
