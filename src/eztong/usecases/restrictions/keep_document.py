"""Keep until when an account's document is valid, remind its holder, and mark the account when it ends (clause 2.8).

The day is sealed with the holder's key. A job wakes for each day on which something is due and looks at what is stored
then, so that one from before a new document was read does nothing.
"""

from __future__ import annotations

from datetime import date

from eztong.domain.errors import StateConflict
from eztong.domain.events import EventKind
from eztong.domain.holder import Holder, HolderState
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.age import service_date
from eztong.domain.jobs.fate import Fate, LeasedJob, LeaseLost
from eztong.domain.jobs.job import Job, JobEnd, JobKind
from eztong.domain.notices import Topic
from eztong.domain.restrictions.document import (
    EXPIRY_RULE,
    IdentityDocument,
    is_expired,
    next_due,
    reminder_due,
)
from eztong.domain.restrictions.mark import Cause, Ceiling
from eztong.ports.act import SYSTEM, Act
from eztong.ports.keys import Keys
from eztong.ports.services import Services
from eztong.usecases.naming import new_id
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder
from eztong.usecases.restrictions.change_marks import NewMark, change_marks
from eztong.usecases.vault import Vault, open_vault

EXPIRED_DOCUMENT = NewMark(cause=Cause.DOCUMENT_EXPIRED, ceiling=Ceiling.LOW, rule=EXPIRY_RULE)
_TABLE = "identity_documents"
_COLUMN = "sealed_valid_until"


def keep_document(act: Act, holder: Holder, valid_until: date | None, *, vault: Vault) -> None:
    """Store what the authority said of the document just now, and wake on the day on which something is due.

    A day that was known before keeps its reminders: nobody is told twice.
    """
    before = act.uow.restrictions.document(holder.holder_id)
    reminded = None if before is None or _open(before, vault=vault) != valid_until else before.reminded
    sealed = None
    if valid_until is not None:
        sealed = vault.seal(_COLUMN, valid_until.isoformat().encode(), entropy=act.entropy, table=_TABLE)
    act.uow.restrictions.keep_document(
        IdentityDocument(holder_id=holder.holder_id, checked_at=act.now, sealed_valid_until=sealed, reminded=reminded)
    )
    if valid_until is not None and not is_expired(valid_until, today=service_date(act.now)):
        _wake(act, holder.holder_id, valid_until, reminded=reminded)


def read_valid_until(document: IdentityDocument | None, holder: Holder, *, keys: Keys) -> date | None:
    """Return the last valid day; None: it has no end, or it is not known.

    Raises:
        HolderErased: the account's data key was destroyed.
    """
    return None if document is None else _open(document, vault=open_vault(holder, keys=keys))


def keep_document_day(leased: LeasedJob, *, services: Services) -> Fate:
    """Do what is due on the document's account today: remind, or mark; then wake for the next day.

    Raises:
        LeaseLost: another worker does it.
        StateConflict: the document or the marks changed meanwhile; it is tried again.
    """
    return services.perform(SYSTEM, _do_day, leased)


def _do_day(act: Act, leased: LeasedJob) -> Fate:
    holder = act.uow.holders.get(HolderId(leased.job.holder_id or ""))
    if holder is None or not holder.has_account or not holder.data_key.wrapped:
        return Fate.DROPPED
    document = act.uow.restrictions.document(holder.holder_id)
    valid_until = read_valid_until(document, holder, keys=act.keys)
    if document is None or valid_until is None:
        return Fate.DROPPED
    if not act.uow.jobs.end(leased.job.job_id, JobEnd.DONE, lease=leased.lease, now=act.now):
        raise LeaseLost
    if is_expired(valid_until, today=service_date(act.now)):
        change_marks(act, holder, new=EXPIRED_DOCUMENT)
        return Fate.NOTED
    days = reminder_due(valid_until, reminded=document.reminded, now=act.now)
    if days is not None:
        _remind(act, holder, document, valid_until, days=days)
    _wake(act, holder.holder_id, valid_until, reminded=document.reminded if days is None else days)
    return Fate.NOTED


def _remind(act: Act, holder: Holder, document: IdentityDocument, valid_until: date, *, days: int) -> None:
    if not act.uow.restrictions.note_reminder(document, days):
        raise StateConflict("The document was read anew meanwhile.")
    note_event(act, holder.holder_id, EventKind.DOCUMENT_REMINDED, detail=f"days={days}")
    if holder.state in {HolderState.ACTIVE, HolderState.FROZEN}:
        tell_holder(act, holder, Topic.DOCUMENT_ENDS, {"until": valid_until.isoformat()})


def _wake(act: Act, holder_id: HolderId, valid_until: date, *, reminded: int | None) -> None:
    due = next_due(valid_until, reminded=reminded)
    act.uow.jobs.add(
        Job(
            job_id=new_id(act, "job"),
            kind=JobKind.DOCUMENT,
            # The same account and the same day wait once only.
            key=f"{holder_id}/{service_date(due)}",
            holder_id=holder_id,
            created_at=act.now,
            next_attempt_at=due,
        )
    )


def _open(document: IdentityDocument, *, vault: Vault) -> date | None:
    if document.sealed_valid_until is None:
        return None
    return date.fromisoformat(vault.open(_COLUMN, document.sealed_valid_until, table=_TABLE).decode())
