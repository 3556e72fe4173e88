"""Database and keyring of one deployment know each other.

The database keeps a fingerprint of a key that never changes (``lookup``: it cannot be rotated). With another keyring
every look-up would fail in silence, people would be registered a second time, and what is then written would be lost
when the right ring is back. A database of before the fingerprint takes it over only if its signatures and wrapped keys
fit; these also decide where the fingerprint is another one, which may be a damaged cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import structlog

from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.keys.problems import KeyringMissing
from eztong.adapters.storage.beside.marks import mark_of
from eztong.adapters.storage.sql.stored_at import StoredAt
from eztong.adapters.storage.sqlite.connections import DatabaseDamaged
from eztong.adapters.storage.stored.facts import (
    MadeWithKeys,
    made_with_keys,
    newest_wrapping_key,
    setting_as_bytes,
    store_anew,
    store_first,
    stored_setting,
)
from eztong.domain.errors import EztongError, StateConflict
from eztong.domain.evidence.proof import PublishedKey
from eztong.domain.evidence.signed_note import parse_note
from eztong.domain.holder import WrappedKey
from eztong.gm.errors import GmError
from eztong.ports.keys import MacPurpose
from eztong.ports.services import Mode
from eztong.wiring.machine.stores import schema_version
from eztong.wiring.seed import MODE_SETTING
from eztong.wiring.settings import Settings

_log = structlog.get_logger(__name__)

UNFINISHED_RESTORE: Final = "restore.unfinished"
"""A file of the data folder that is there while a restore exchanges the others."""

FINGERPRINT_SETTING: Final = "keyring_fingerprint"
_LABEL: Final = b"eztong/keyring-fingerprint/v1"


class KeyringOfAnother(StateConflict):
    """Keyring and database were not made together."""

    code = "keyring_of_another_database"
    advice = (
        "The keyring is not the one that this database was made with. "
        "Put back the keyring and root key of this database, or restore both from one backup: eztong db restore."
    )


KEYRING_BEHIND: Final = (
    "Warning: the newest account or signature names a key that keyring.json does not have. Either that row is damaged, "
    "which eztong db check --full says, or the keyring is older than the database: then put the newest one beside it."
)


FINGERPRINT_AGAIN: Final = "everything else fits: write it again by eztong db upgrade"

MODE_DAMAGED: Final = (
    "The setting of the database that says its mode is damaged. Nothing was changed now. "
    "Restore a backup of before: eztong db restore."
)


class DatabaseMissing(StateConflict):
    """There is a keyring, but the database beside it is gone or empty."""

    code = "database_missing"
    advice = (
        "There is a keyring, but its database is missing or empty. Restore the last backup: eztong db restore. "
        "Or, to begin anew and lose what was stored, remove keyring.json."
    )


def fingerprint(ring: FileKeyring) -> str:
    """Return what tells the ring from every other and does not change when keys are rotated; it opens nothing."""
    return ring.mac(MacPurpose.LOOKUP, _LABEL).hex()


class RestoreUnfinished(StateConflict):
    """A restore was cut off in this data folder: its files are partly of the backup."""

    code = "restore_unfinished"
    advice = (
        "A restore into this data folder was cut off. Run it again, with --replace --apply: eztong db restore. "
        "What was there before it lies beside as *.before-restore and is kept."
    )


def check_restored(data_dir: Path) -> None:
    """Refuse a data folder into which a restore was begun and did not end.

    Raises:
        RestoreUnfinished: so it is.
    """
    if (data_dir / UNFINISHED_RESTORE).exists():
        raise RestoreUnfinished


def check_pair(settings: Settings) -> None:
    """Refuse half a restore, a keyring without its database, one without its keyring, and data of the other mode.

    Raises:
        RestoreUnfinished: a restore was cut off.
        DatabaseMissing, KeyringMissing: the one that is gone.
        StateConflict: the data was made in the other mode; sandbox and live data never mix.
        DatabaseDamaged, Unavailable: the database cannot be read, or does not say of which mode it is.
    """
    check_restored(settings.data_dir)
    mode = stored_setting(settings.stored_at, MODE_SETTING)
    if mode not in {None, *Mode}:
        raise DatabaseDamaged(MODE_DAMAGED)
    if mode not in {None, settings.mode.value}:
        raise StateConflict(f"This data folder belongs to {mode} mode. Choose another EZTONG_DATA_DIR.")
    if settings.keyring.exists():
        if schema_version(settings.stored_at).found is None:
            raise DatabaseMissing
    elif mode is not None or _was_used(settings.stored_at):
        raise KeyringMissing(
            "keyring.json is missing, but there is a database that was made with it. Restore both from one backup."
        )


def check_belonging(database: StoredAt, ring: FileKeyring) -> None:
    """Refuse a keyring that the database was not made with.

    A fingerprint that differs although everything else fits is one damaged cell: it is logged, and stops nobody.

    Raises:
        KeyringOfAnother: by what was signed and sealed, where the fingerprint differs or is not there yet; where
            nothing was, by the fingerprint.
        DatabaseDamaged, Unavailable: the database cannot be read.
    """
    known = setting_as_bytes(database, FINGERPRINT_SETTING)
    if known == fingerprint(ring).encode():
        return
    found = made_with_keys(database)
    # A fingerprint that differs is believed, unless there is something that only this keyring can have made.
    if (known is not None and not found) or not _fits(found, ring):
        raise KeyringOfAnother
    if known is not None:
        _log.error("keyring_fingerprint_damaged", advice=FINGERPRINT_AGAIN)


def knows(database: StoredAt, ring: FileKeyring) -> bool:
    """Say whether the database's own fingerprint is that of the keyring, or it has none yet.

    Raises:
        DatabaseDamaged, Unavailable: the database cannot be read.
    """
    return setting_as_bytes(database, FINGERPRINT_SETTING) in {None, fingerprint(ring).encode()}


def bind_again(database: StoredAt, ring: FileKeyring) -> bool:
    """Let the database remember its keyring once more, if it does not; return whether it was so.

    :func:`check_belonging` was asked before.

    Raises:
        DatabaseDamaged, Unavailable: the database cannot be read or written.
    """
    if knows(database, ring):
        return False
    store_anew(database, FINGERPRINT_SETTING, fingerprint(ring), ring)
    return True


def reaches(database: StoredAt, ring: FileKeyring, *, newest: Sequence[str]) -> bool:
    """Say whether a keyring has what the database was made with last; ``newest`` are the last notes of its writers.

    One damaged cell looks like a keyring that is behind, and shall keep nobody from a backup: it is told, not refused.

    Raises:
        ProofInvalid: a note is malformed.
        DatabaseDamaged, Unavailable: the database cannot be read.
    """
    there = {key.key_id for key in ring.describe()}
    wrapping = newest_wrapping_key(database)
    signing = {parse_note(note).key_name for note in newest}
    return (wrapping is None or wrapping in there) and signing <= {key.key_id for key in ring.published()}


def bind(database: StoredAt, ring: FileKeyring) -> None:
    """Let the database remember its keyring; :func:`check_belonging` was asked before."""
    store_first(database, FINGERPRINT_SETTING, fingerprint(ring), ring)


def _was_used(database: StoredAt) -> bool:
    """Say whether a keyring signed or sealed something here; a first start that was cut off leaves an empty schema."""
    if mark_of(database).exists():
        return True
    if not database.exists():
        return False
    found = made_with_keys(database)
    return bool(found)


def _fits(found: MadeWithKeys, ring: FileKeyring) -> bool:
    published = {key.key_id: key for key in ring.published()}
    return all(_is_signed(note, published) for note in found.notes) and all(
        _opens(ring, wrapped, owner) for owner, wrapped in found.data_keys
    )


def _is_signed(note_text: str, published: Mapping[str, PublishedKey]) -> bool:
    try:
        note = parse_note(note_text)
        published[note.key_name].public_key.verify(note.signature, note.signed_text)
    except (EztongError, GmError, KeyError):
        return False
    return True


def _opens(ring: FileKeyring, wrapped: WrappedKey, owner: str) -> bool:
    try:
        ring.unwrap(wrapped, owner=owner)
    except GmError:
        return False
    return True
