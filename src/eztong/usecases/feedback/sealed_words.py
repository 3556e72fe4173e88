"""The words of a ticket: sealed with the key of the account that asked, or of the ticket itself where nobody did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from typing_extensions import override

from eztong.domain.errors import HolderErased, SealedDataDamaged
from eztong.domain.feedback.ticket import Author, Ticket, TicketMessage
from eztong.domain.holder import WrappedKey
from eztong.domain.sealing import DATA_KEY_BYTES, NONCE_BYTES, open_field, seal_field
from eztong.gm.errors import DecryptionFailed
from eztong.ports.act import Act
from eztong.ports.entropy import Entropy
from eztong.ports.keys import Keys
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.naming import new_id
from eztong.usecases.vault import open_vault

_TABLE = "ticket_messages"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A message that was opened. ``text`` is None where the account, and with it the key, is gone."""

    author: Author
    at: datetime
    text: str | None
    operator: str | None

    @override
    def __repr__(self) -> str:
        """Hide the words."""
        return f"Words({self.author})"


def new_key(ticket_id: str, *, keys: Keys, entropy: Entropy) -> WrappedKey:
    """Make the data key of a ticket without an account."""
    return keys.wrap(entropy.token(DATA_KEY_BYTES), nonce=entropy.token(NONCE_BYTES), owner=ticket_id)


def add_words(act: Act, ticket: Ticket, text: str, *, author: Author, operator: str | None = None) -> None:
    """Seal ``text`` and store it as the ticket's newest message.

    Raises:
        HolderErased: the account that asked was erased.
    """
    message_id = new_id(act, "tms")
    key = _key_of(ticket, stored=act.uow, keys=act.keys)
    place = (_TABLE, ticket.ticket_id, message_id)
    sealed = seal_field(key, text.encode(), nonce=act.entropy.token(NONCE_BYTES), place=place)
    act.uow.tickets.add_message(
        TicketMessage(
            ticket_id=ticket.ticket_id,
            message_id=message_id,
            author=author,
            at=act.now,
            sealed=sealed,
            operator=operator,
        )
    )


def open_words(ticket: Ticket, *, stored: Repositories, keys: Keys) -> Sequence[Words]:
    """Return the ticket's messages, oldest first.

    Raises:
        SealedDataDamaged: one was changed in the store.
    """
    messages = stored.tickets.messages(ticket.ticket_id)
    try:
        key = _key_of(ticket, stored=stored, keys=keys) if messages else b""
    except HolderErased:
        return [_opened(message, None) for message in messages]
    return [_opened(message, _open(key, message)) for message in messages]


def _opened(message: TicketMessage, text: str | None) -> Words:
    return Words(author=message.author, at=message.at, text=text, operator=message.operator)


def _open(key: bytes, message: TicketMessage) -> str:
    try:
        return open_field(key, message.sealed, place=(_TABLE, message.ticket_id, message.message_id)).decode()
    except DecryptionFailed as error:
        raise SealedDataDamaged from error


def _key_of(ticket: Ticket, *, stored: Repositories, keys: Keys) -> bytes:
    if ticket.holder_id is None:
        return _own_key(ticket, keys=keys)
    holder = stored.holders.get(ticket.holder_id)
    if holder is None:
        raise HolderErased
    return open_vault(holder, keys=keys).key


def _own_key(ticket: Ticket, *, keys: Keys) -> bytes:
    if ticket.data_key is None:
        raise SealedDataDamaged
    try:
        return keys.unwrap(ticket.data_key, owner=ticket.ticket_id)
    except DecryptionFailed as error:
        raise SealedDataDamaged from error
