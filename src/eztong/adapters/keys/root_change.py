"""Changing the root key in two steps, so that at every moment the settings that are in force open the ring.

1. :func:`add_root` lets the new root key open the ring beside the old one. Now the settings are changed, and whatever
   runs is started again with them.
2. :func:`keep_only` gives the ring a new secret, seals every key anew under it, and lets the root key of the settings
   alone open it.

Each step replaces the file as a whole (``private_files.write_private``): a process that is killed leaves the file of
before or the one after, and the same call again goes on from either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eztong.adapters.keys.keyring_file import (
    Envelope,
    Root,
    StoredKey,
    open_ring,
    root_of,
    wrapped_by,
    write_enveloped,
)
from eztong.adapters.keys.private_files import locked_folder
from eztong.adapters.keys.problems import RootChangeRefused
from eztong.ports.entropy import Entropy
from eztong.ports.root_key import SECRET_BYTES, RootKey, RootKind


@dataclass(frozen=True, slots=True)
class OpeningRoot:
    """A root key that opens the ring: where it lies and its name."""

    kind: RootKind
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RootChange:
    """What opens the ring after a step, and how many keys were sealed anew for it."""

    roots: Sequence[OpeningRoot]
    keys: int


def opening_roots(path: Path, root: Root) -> Sequence[OpeningRoot]:
    """Return the root keys that open the ring.

    Raises:
        KeyringProblem: ``root`` does not, or cannot be used.
    """
    return _told(open_ring(path, root)[0])


def add_root(path: Path, root: Root, new: RootKey, *, entropy: Entropy, apply: bool = True) -> RootChange:
    """Let ``new`` open the ring beside ``root``; without ``apply`` nothing is written, after all was tried.

    Raises:
        RootChangeRefused: it opens it already.
        KeyringProblem: one of the root keys cannot be used. Nothing was changed.
    """
    with locked_folder(path.parent):
        envelope, keys = open_ring(path, root)
        if (new.kind, new.name()) in {(one.kind, one.name) for one in _told(envelope)}:
            raise RootChangeRefused("That root key opens the ring already. Change the settings, then use --finish.")
        if envelope.is_first:
            made = wrapped_by([root_of(root), new], entropy.token(SECRET_BYTES), ring=envelope.ring, entropy=entropy)
        else:
            added = wrapped_by([new], envelope.raw, ring=envelope.ring, entropy=entropy)
            made = Envelope(
                ring=envelope.ring, secret=envelope.secret, roots=(*envelope.roots, *added.roots), raw=envelope.raw
            )
        return _written(path, made, keys, entropy=entropy, apply=apply)


def keep_only(path: Path, root: Root, *, entropy: Entropy, apply: bool = True) -> RootChange:
    """Let ``root`` alone open the ring, with a new secret; without ``apply`` nothing is written.

    Raises:
        RootChangeRefused: it is the only one already.
        KeyringProblem: it does not open the ring, or cannot be used. Nothing was changed.
    """
    with locked_folder(path.parent):
        envelope, keys = open_ring(path, root)
        if len(_told(envelope)) == 1:
            raise RootChangeRefused("No other root key opens the ring: there is nothing to finish.")
        made = wrapped_by([root_of(root)], entropy.token(SECRET_BYTES), ring=envelope.ring, entropy=entropy)
        return _written(path, made, keys, entropy=entropy, apply=apply)


def _written(path: Path, envelope: Envelope, keys: Sequence[StoredKey], *, entropy: Entropy, apply: bool) -> RootChange:
    if apply:
        write_enveloped(path, envelope, keys, entropy=entropy)
    return RootChange(roots=_told(envelope), keys=len(keys))


def _told(envelope: Envelope) -> list[OpeningRoot]:
    if envelope.is_first:
        return [OpeningRoot(RootKind.FILE, envelope.ring)]
    return [OpeningRoot(one.kind, one.name) for one in envelope.roots]
