"""The root key in a file of its own: 16 random bytes in base64, for the service's user alone."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from pathlib import Path

from typing_extensions import override

from eztong.adapters.keys.private_files import read_private, write_private
from eztong.adapters.keys.problems import KeyringExists, RootKeyWrong
from eztong.adapters.keys.ring_secret import RingSecret
from eztong.domain.sealing import open_field, seal_field
from eztong.gm.errors import DecryptionFailed
from eztong.ports.entropy import Entropy
from eztong.ports.root_key import SECRET_BYTES, RootKey, RootKind


@dataclass(frozen=True, slots=True)
class FileRoot(RootKey):
    """A root key file. Values derived from its bytes seal a ring of the first format directly."""

    path: Path

    @property
    @override
    def kind(self) -> RootKind:
        return RootKind.FILE

    @override
    def name(self) -> str:
        return self.derived().name

    @override
    def wrap(self, secret: bytes, *, nonce: bytes) -> bytes:
        root = self.derived()
        return seal_field(root.sealing, secret, nonce=nonce, place=_place(root.name))

    @override
    def unwrap(self, wrapped: bytes) -> bytes:
        root = self.derived()
        try:
            return open_field(root.sealing, wrapped, place=_place(root.name))
        except DecryptionFailed as error:
            raise RootKeyWrong(f"The keyring was written with another root key. {RootKeyWrong.advice}") from error

    @override
    def is_there(self) -> bool:
        return self.path.exists()

    @override
    def place(self) -> str:
        return str(self.path)

    def derived(self) -> RingSecret:
        """Read the file, and return what is derived from it.

        Raises:
            KeyringMissing, KeyringExposed, KeyringDamaged: as :func:`.private_files.read_private` finds.
            RootKeyWrong: not the base64 of 16 bytes.
        """
        try:
            secret = base64.b64decode(read_private(self.path).strip(), validate=True)
        except binascii.Error as error:
            raise RootKeyWrong(f"{self.path.name} does not hold base64. {RootKeyWrong.advice}") from error
        if len(secret) != SECRET_BYTES:
            raise RootKeyWrong(f"{self.path.name} must hold {SECRET_BYTES} bytes. {RootKeyWrong.advice}")
        return RingSecret.derive(secret)


def create_root_key(path: Path, *, entropy: Entropy) -> None:
    """Write a new root key, 16 random bytes in base64. Callers hold the folder's lock.

    Raises:
        KeyringExists: there is one already.
    """
    if path.exists():
        raise KeyringExists(f"{path.name} is there already; it is not overwritten.")
    write_private(path, base64.b64encode(entropy.token(SECRET_BYTES)) + b"\n")


def _place(name: str) -> tuple[str, str, str]:
    return ("keyring", "root", name)
