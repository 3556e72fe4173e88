"""Give an e-mail address for notices: with a consent of its own, and of no use before it is proven."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from eztong.domain.budget import Budget
from eztong.domain.events import EventKind
from eztong.domain.identity.email_address import EmailAddress
from eztong.domain.notices import EMAIL_LINK_LIFE, EmailKept, EmailNotConsented, HolderEmail, Message, Topic
from eztong.ports.act import Act
from eztong.usecases.access.find_session import find_unlocked
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.links import LinkKind, new_link
from eztong.usecases.notices.sealed_email import seal_email
from eztong.usecases.notices.send_message import send_message
from eztong.usecases.notices.warn_holder import language_for
from eztong.usecases.spend_budget import spend
from eztong.usecases.vault import open_vault

PROOFS: Final = Budget("email_proofs", 5, timedelta(days=1))
"""Mails with a link that one account may have sent: whoever has an account must not fill a stranger's mailbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEmail:
    """The address as typed, and whether the box for it was ticked."""

    session_hash: bytes
    address: EmailAddress = field(repr=False)
    consents: bool


def add_email(act: Act, command: AddEmail, *, public_url: str) -> HolderEmail:
    """Store the address, and send it the link that proves it. A later one replaces one that was not proven.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked: this session may not.
        EmailNotConsented: the box was not ticked; nothing is stored.
        EmailKept: there is a proven one; it must be removed first.
        TooMany: the account had as many sent today as it may.
    """
    holder = find_unlocked(command.session_hash, stored=act.uow, now=act.now).holder
    if not command.consents:
        raise EmailNotConsented
    spend(act, PROOFS, holder.holder_id.encode())
    token, link_hash = new_link(act, LinkKind.EMAIL)
    email = HolderEmail(
        holder_id=holder.holder_id,
        sealed=seal_email(command.address, open_vault(holder, keys=act.keys), entropy=act.entropy),
        asked_at=act.now,
        link_hash=link_hash,
        link_until=act.now + EMAIL_LINK_LIFE,
    )
    if not act.uow.emails.put(email):
        raise EmailKept
    proof = Message(
        topic=Topic.EMAIL_PROOF,
        email=command.address.value,
        language=language_for(holder, act.uow),
        params={"link": f"{public_url}/notices/email/{token}"},
    )
    send_message(act, proof, about=holder.holder_id)
    note_event(act, holder.holder_id, EventKind.EMAIL_ASKED, detail="consent=notices")
    return email
