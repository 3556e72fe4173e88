"""Which contacts speak for a holder: what is told goes there, and so does every link that stops or freezes something.

One answer for recoveries, changes of the phone, number appeals and notices of uses (clauses 2.6, 2.7, 2.9; ADR 0058).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from eztong.domain.holder import Holder
from eztong.domain.notices import Priority, Topic, priority_of
from eztong.domain.recovery import is_settled
from eztong.ports.keys import Keys
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.notices.sealed_email import open_email
from eztong.usecases.number_of_before import still_serves
from eztong.usecases.told_loss import lost_since
from eztong.usecases.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """The account's number, the one of before as long as it serves, and a proven address."""

    phone: str = field(repr=False)
    before: str | None = field(repr=False)
    email: str | None = field(repr=False)

    def phones_for(self, topic: Topic) -> tuple[str, ...]:
        """Return the numbers that hear of a topic; the number of before only of what puts the account at stake."""
        if self.before is None or priority_of(topic) is not Priority.ACCOUNT_AT_STAKE:
            return (self.phone,)
        return (self.phone, self.before)


def contacts_of(
    holder: Holder, phone: str, vault: Vault, *, stored: Repositories, keys: Keys, now: datetime
) -> Contacts:
    """Return the contacts of an account whose number is ``phone``.

    While a loss or theft stands, an address that was proven less than three days before it was told is none: it may be
    the thief's. The number is the holder's then: the freeze undid a change as young as that.
    """
    return Contacts(
        phone=phone,
        before=still_serves(holder, stored=stored, keys=keys, now=now),
        email=_email(holder, vault, stored=stored),
    )


def _email(holder: Holder, vault: Vault, *, stored: Repositories) -> str | None:
    email = stored.emails.get(holder.holder_id)
    if email is None or email.proven_at is None:
        return None
    lost_at = lost_since(holder, stored=stored)
    if lost_at is not None and not is_settled(email.proven_at, lost_at=lost_at):
        return None
    return open_email(email, vault)
