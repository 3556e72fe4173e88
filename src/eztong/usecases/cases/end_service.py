"""End the service for an account because of misuse, at once on every door, and give it back (clauses 2.1, 2.10)."""

from __future__ import annotations

from dataclasses import replace

from eztong.domain.cases.case import without_termination
from eztong.domain.errors import StateConflict
from eztong.domain.holder import Holder, HolderState
from eztong.domain.recovery import StoppedBy
from eztong.ports.act import Act
from eztong.usecases.end_codes import end_codes
from eztong.usecases.stop_waiting import stop_waiting


def end_service(act: Act, holder: Holder) -> tuple[Holder, str]:
    """Terminate the account; return it, and in machine words what ended with it.

    Codes and sessions end, and every grant. A recovery that waits is stopped. Whoever signs in afterwards sees what was
    decided, and their own data, and nothing else passes. What the person is called at partners stays as it is: an
    objection may bring all of it back, and whoever registers again is recognised.

    Raises:
        StateConflict: the account is being deregistered, was ended already, or changed meanwhile.
    """
    ended = holder.moved_to(HolderState.TERMINATED)
    if not act.uow.holders.move(holder, ended):
        raise StateConflict
    stop_waiting(act, ended, StoppedBy.FREEZE)
    codes = end_codes(act, holder.holder_id)
    sessions = act.uow.sessions.revoke_all(holder.holder_id, now=act.now)
    grants = act.uow.grants.end_all(holder.holder_id, now=act.now)
    _note_person(act, ended, ended=True)
    return ended, f"codes_cancelled={codes} sessions_ended={sessions} grants_ended={grants}"


def give_back(act: Act, holder: Holder) -> Holder:
    """Take a termination back; the account stands as before it, under whatever else stops it.

    Grants do not come back: the holder is asked again. An account that was not ended stays as it is.

    Raises:
        StateConflict: it changed meanwhile.
    """
    if not holder.is_terminated:
        return holder
    back = without_termination(holder)
    if not act.uow.holders.move(holder, back):
        raise StateConflict
    _note_person(act, back, ended=False)
    return back


def _note_person(act: Act, holder: Holder, *, ended: bool) -> None:
    """Let it be known of the person, so that the policy decides on whoever applies again."""
    person = None if holder.number_index is None else act.uow.holders.person(holder.number_index)
    if person is not None and person.holder_id == holder.holder_id:
        act.uow.holders.save_person(replace(person, service_ended=ended))
