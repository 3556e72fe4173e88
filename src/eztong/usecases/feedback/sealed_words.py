"""The words of a ticket: sealed with the key of the account that asked, or of the ticket itself where nobody did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from typing_extensions import override

from eztong.domain.damage import SealedDataDamaged
from eztong.domain.errors import HolderErased
from eztong.domain.feedback.ticket import Author, Ticket, TicketMessage
from eztong.ports.act import Act
from eztong.ports.keys import Keys
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.naming import new_id
from eztong.usecases.vault import Vault, open_vault, unwrap_vault

_TABLE = "ticket_messages"
_DRAFTS, _DRAFT = "talks", "draft"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A message that was opened. ``text`` is None where the account, and with it the key, is gone."""

    message_id: str
    author: Author
    at: datetime
    text: str | None
    operator: str | None

    @override
    def __repr__(self) -> str:
        """Hide the words."""
        return f"Words({self.author})"


def add_words(act: Act, ticket: Ticket, text: str, *, author: Author, operator: str | None = None) -> str:
    """Seal ``text`` and store it as the ticket's newest message, whose id is returned.

    Raises:
        HolderErased: the account that asked was erased.
    """
    message_id = new_id(act, "tms")
    vault = _vault_of(ticket, stored=act.uow, keys=act.keys)
    act.uow.tickets.add_message(
        TicketMessage(
            ticket_id=ticket.ticket_id,
            message_id=message_id,
            author=author,
            at=act.now,
            sealed=vault.seal(message_id, text.encode(), entropy=act.entropy, table=_TABLE),
            operator=operator,
        )
    )
    return message_id


def seal_draft(act: Act, ticket: Ticket, text: str) -> bytes:
    """Seal words that are not said yet, and may never be."""
    vault = _vault_of(ticket, stored=act.uow, keys=act.keys)
    return vault.seal(_DRAFT, text.encode(), entropy=act.entropy, table=_DRAFTS)


def open_draft(ticket: Ticket, sealed: bytes, *, stored: Repositories, keys: Keys) -> str:
    """Return words that are not said yet.

    Raises:
        HolderErased, SealedDataDamaged: they cannot be opened.
    """
    return _vault_of(ticket, stored=stored, keys=keys).open(_DRAFT, sealed, table=_DRAFTS).decode()


def open_words(ticket: Ticket, *, stored: Repositories, keys: Keys) -> Sequence[Words]:
    """Return the ticket's messages, oldest first.

    Raises:
        SealedDataDamaged: one was changed in the store.
    """
    messages = stored.tickets.messages(ticket.ticket_id)
    if not messages:
        return []
    try:
        vault = _vault_of(ticket, stored=stored, keys=keys)
    except HolderErased:
        vault = None
    return [_opened(message, vault) for message in messages]


def _opened(message: TicketMessage, vault: Vault | None) -> Words:
    text = None if vault is None else vault.open(message.message_id, message.sealed, table=_TABLE).decode()
    return Words(
        message_id=message.message_id, author=message.author, at=message.at, text=text, operator=message.operator
    )


def _vault_of(ticket: Ticket, *, stored: Repositories, keys: Keys) -> Vault:
    if ticket.holder_id is None:
        if ticket.data_key is None:
            raise SealedDataDamaged
        return unwrap_vault(ticket.data_key, owner=ticket.ticket_id, keys=keys)
    holder = stored.holders.get(ticket.holder_id)
    if holder is None:
        raise HolderErased
    # The account's key, so that the words end with it, and the ticket's place, so that none moves to another ticket.
    return Vault(ticket.ticket_id, open_vault(holder, keys=keys).key)
