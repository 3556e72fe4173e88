"""Which contacts speak for a holder: what is told goes there, and so does every link that stops or freezes something.

One answer for recoveries, changes of the phone, number appeals and notices of uses (clauses 2.6, 2.7, 2.9; ADR 0058).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from eztong.domain.holder import Holder
from eztong.domain.notices import Priority, Topic, priority_of
from eztong.domain.recovery import is_settled
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.apart import TELLING, Unread, read_apart
from eztong.usecases.notices.sealed_email import open_email
from eztong.usecases.number_of_before import still_serves
from eztong.usecases.told_loss import lost_since
from eztong.usecases.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """The account's number, the one of before as long as it serves, and a proven address."""

    phone: str | None = field(default=None, repr=False)
    before: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)

    def phones_for(self, topic: Topic) -> tuple[str, ...]:
        """Return the numbers that hear of a topic; the number of before only of what puts the account at stake."""
        before = self.before if priority_of(topic) is Priority.ACCOUNT_AT_STAKE else None
        return tuple(one for one in (self.phone, before) if one is not None)


def contacts_of(act: Act, holder: Holder, vault: Vault) -> tuple[Contacts, Sequence[str]]:
    """Return the contacts of an account, and the names of those that cannot be read: each is read apart.

    While a loss or theft stands, an address that was proven less than three days before it was told is none: it may be
    the thief's. The number is the holder's then: the freeze undid a change as young as that.
    """
    reads: dict[str, Callable[[], str | None]] = {
        "phone": partial(_phone, holder, vault),
        "before": partial(still_serves, holder, stored=act.uow, keys=act.keys, now=act.now),
        "email": partial(_email, holder, vault, stored=act.uow),
    }
    found = {name: read_apart(act, TELLING, read) for name, read in reads.items()}
    unread = [name for name, one in found.items() if isinstance(one, Unread)]
    return Contacts(**{name: one for name, one in found.items() if not isinstance(one, Unread)}), unread


def _phone(holder: Holder, vault: Vault) -> str | None:
    return None if holder.sealed_phone is None else vault.open("sealed_phone", holder.sealed_phone).decode()


def _email(holder: Holder, vault: Vault, *, stored: Repositories) -> str | None:
    email = stored.emails.get(holder.holder_id)
    if email is None or email.proven_at is None:
        return None
    lost_at = lost_since(holder, stored=stored)
    if lost_at is not None and not is_settled(email.proven_at, lost_at=lost_at):
        return None
    return open_email(email, vault)
