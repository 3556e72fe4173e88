"""Prove an e-mail address by the link that was sent to it: that alone, from whatever browser, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from typing_extensions import override

from eztong.domain.events import EventKind
from eztong.domain.holder import Holder
from eztong.domain.notices import EmailLinkOver, HolderEmail, Topic
from eztong.ports.act import Act
from eztong.ports.keys import Keys
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.links import LinkKind, hashes_of
from eztong.usecases.notices.sealed_email import open_email
from eztong.usecases.notices.warn_holder import tell_holder
from eztong.usecases.vault import open_vault


@dataclass(frozen=True, slots=True)
class LinkedEmail:
    """What a link leads to: the account, its address, and the address in clear."""

    holder: Holder
    email: HolderEmail
    address: str

    @override
    def __repr__(self) -> str:
        """Hide the address."""
        return f"LinkedEmail({self.holder.holder_id})"


def find_by_email_link(token: str, *, stored: Repositories, keys: Keys, now: datetime) -> LinkedEmail:
    """Return what a link proves, and of whom.

    Raises:
        EmailLinkOver: no such link, or it is over, or the account ended.
    """
    hashes = hashes_of(token, LinkKind.EMAIL, keys=keys)
    email = next((one for one in map(stored.emails.by_link, hashes) if one is not None), None)
    holder = None if email is None else stored.holders.get(email.holder_id)
    if email is None or holder is None or not holder.has_account:
        raise EmailLinkOver
    email.check_link(now=now)
    return LinkedEmail(holder, email, open_email(email, open_vault(holder, keys=keys)))


def prove_email(act: Act, token: str) -> None:
    """Note that the address is its holder's; notices go there from now on, the first of which says so.

    It opens nothing, signs nobody in, and is no proof of who somebody is.

    Raises:
        EmailLinkOver: no such link, or it is over.
    """
    found = find_by_email_link(token, stored=act.uow, keys=act.keys, now=act.now)
    holder = found.holder
    if not act.uow.emails.prove(holder.holder_id, found.email.link_hash or b"", now=act.now):
        raise EmailLinkOver
    note_event(act, holder.holder_id, EventKind.EMAIL_ADDED)
    tell_holder(act, holder, Topic.EMAIL_ADDED, {})
