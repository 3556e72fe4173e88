"""Deliver a message that waits as a job."""

from __future__ import annotations

from eztong.domain.jobs.fate import Fate, LeasedJob
from eztong.ports.keys import Keys
from eztong.ports.notifier import Notifier
from eztong.usecases.notices.send_message import open_message


def deliver_message(leased: LeasedJob, *, keys: Keys, notifier: Notifier) -> Fate:
    """Hand the message over; whoever receives it recognises it by its id, should it come twice.

    Raises:
        eztong.gm.errors.DecryptionFailed: it was changed in the store.
        Undeliverable: no further try can deliver it.
        Unavailable: the transport is down. Whatever else the notifier raises is treated alike.
    """
    notifier.deliver(open_message(leased.job, keys=keys), message_id=leased.job.job_id)
    return Fate.DONE
