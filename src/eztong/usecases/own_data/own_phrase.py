"""Choose, remove and show the phrase by which a holder knows the service's pages (clause 4.2.4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from eztong.domain.events import EventKind
from eztong.domain.holder import Holder
from eztong.domain.own_data.phrase import OwnPhrase, parse_phrase
from eztong.ports.act import Act
from eztong.ports.keys import Keys
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import find_unlocked
from eztong.usecases.note_event import note_event
from eztong.usecases.vault import Vault, open_vault

_TABLE: Final = "holder_phrases"
_COLUMN: Final = "sealed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosePhrase:
    """The phrase as typed."""

    session_hash: bytes
    phrase: str = field(repr=False)


def choose_phrase(act: Act, command: ChoosePhrase) -> OwnPhrase:
    """Keep the phrase, in the place of the one before.

    Raises:
        PhraseInvalid: it cannot be one; nothing changed.
        SessionMissing, HolderNotActive, DeviceNotBound, Locked: this session may not.
    """
    phrase = parse_phrase(command.phrase)
    holder = find_unlocked(command.session_hash, stored=act.uow, now=act.now).holder
    sealed = open_vault(holder, keys=act.keys).seal(_COLUMN, phrase.encode(), entropy=act.entropy, table=_TABLE)
    chosen = OwnPhrase(holder_id=holder.holder_id, sealed=sealed, set_at=act.now)
    act.uow.phrases.put(chosen)
    note_event(act, holder.holder_id, EventKind.PHRASE_CHOSEN)
    return chosen


def remove_phrase(act: Act, session_hash: bytes) -> bool:
    """Remove the phrase; return whether there was one.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked: this session may not.
    """
    holder = find_unlocked(session_hash, stored=act.uow, now=act.now).holder
    was_there = act.uow.phrases.remove(holder.holder_id)
    if was_there:
        note_event(act, holder.holder_id, EventKind.PHRASE_REMOVED)
    return was_there


def phrase_of(holder: Holder, *, stored: Repositories, keys: Keys) -> str:
    """Return the account's phrase, empty without one.

    Raises:
        SealedDataDamaged: it was changed in the store, or is another account's.
    """
    kept = stored.phrases.get(holder.holder_id)
    return "" if kept is None else open_phrase(kept, open_vault(holder, keys=keys))


def open_phrase(kept: OwnPhrase, vault: Vault) -> str:
    """Return the phrase.

    Raises:
        SealedDataDamaged: it was changed in the store, or is another account's.
    """
    return vault.open(_COLUMN, kept.sealed, table=_TABLE).decode()
