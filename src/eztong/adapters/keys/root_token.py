"""The root key inside a PKCS#11 token: an AES key that never leaves it, and wraps the ring's secret (RFC 3394)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

import pkcs11
from pkcs11 import Attribute, KeyType, Mechanism, MechanismFlag, ObjectClass, UnwrapMixin, WrapMixin
from pkcs11.exceptions import (
    EncryptedDataInvalid,
    EncryptedDataLenRange,
    GeneralError,
    MultipleObjectsReturned,
    NoSuchKey,
    WrappedKeyInvalid,
    WrappedKeyLenRange,
)
from typing_extensions import override

from eztong.adapters.keys.problems import KeyringExists, RootKeyWrong, TokenMissing
from eztong.adapters.keys.token import Token
from eztong.ports.root_key import SECRET_BYTES, RootKey, RootKind

AES_BITS: Final = 256
_READABLE: Final = {Attribute.TOKEN: False, Attribute.SENSITIVE: False, Attribute.EXTRACTABLE: True}
"""The ring's secret is an object of the session only, and is taken out: the ring is opened in memory."""

_NOT_OURS: Final = (
    EncryptedDataInvalid,
    EncryptedDataLenRange,
    # SoftHSM says no more than that.
    GeneralError,
    WrappedKeyInvalid,
    WrappedKeyLenRange,
)


class _Wrapping(WrapMixin, UnwrapMixin):
    """What is used of an AES key; the library's own types name no key that both wraps and opens."""


@dataclass(frozen=True, slots=True)
class TokenRoot(RootKey):
    """The AES key with one label in a token."""

    token: Token
    label: str

    @property
    @override
    def kind(self) -> RootKind:
        return RootKind.TOKEN

    @override
    def name(self) -> str:
        return self.label

    @override
    def wrap(self, secret: bytes, *, nonce: bytes) -> bytes:
        def wrapped(session: pkcs11.Session) -> bytes:
            root = find_root(session, self.label)
            held = session.create_object(
                {
                    Attribute.CLASS: ObjectClass.SECRET_KEY,
                    Attribute.KEY_TYPE: KeyType.GENERIC_SECRET,
                    Attribute.VALUE: secret,
                    **_READABLE,
                }
            )
            try:
                return root.wrap_key(cast("pkcs11.Key", held), mechanism=Mechanism.AES_KEY_WRAP)
            finally:
                held.destroy()

        return self.token.use(wrapped)

    @override
    def unwrap(self, wrapped: bytes) -> bytes:
        def opened(session: pkcs11.Session) -> bytes:
            root = find_root(session, self.label)
            try:
                held = root.unwrap_key(
                    ObjectClass.SECRET_KEY,
                    KeyType.GENERIC_SECRET,
                    wrapped,
                    mechanism=Mechanism.AES_KEY_WRAP,
                    template=dict(_READABLE),
                )
            except _NOT_OURS as error:
                raise RootKeyWrong(
                    f"The key {self.label} of the token does not open this keyring. {RootKeyWrong.advice}"
                ) from error
            try:
                return bytes(held[Attribute.VALUE])
            finally:
                held.destroy()

        secret = self.token.use(opened)
        if len(secret) != SECRET_BYTES:
            raise RootKeyWrong(f"What the token opened is no secret of a keyring. {RootKeyWrong.advice}")
        return secret

    @override
    def is_there(self) -> bool:
        # Settings name it: a token that cannot be found then is a fault, and said so.
        return True

    @override
    def place(self) -> str:
        named = self.token.config.label or self.token.config.serial or "the only one"
        return f"token {named}, key {self.label}"


def find_root(session: pkcs11.Session, label: str) -> _Wrapping:
    """Return the AES key with this label.

    Raises:
        TokenMissing: there is none, or more than one.
    """
    try:
        found = session.get_key(object_class=ObjectClass.SECRET_KEY, key_type=KeyType.AES, label=label)
        return cast("_Wrapping", found)
    except NoSuchKey as error:
        raise TokenMissing(f"There is no AES key {label} in the token. Make it: eztong keys token --make.") from error
    except MultipleObjectsReturned as error:
        raise TokenMissing(f"There is more than one AES key {label} in the token: give each its own label.") from error


def make_root(token: Token, label: str) -> None:
    """Make an AES key of 256 bits that stays in the token.

    Raises:
        KeyringExists: there is one of this label.
        TokenProblem: the token cannot be used, or does not make one.
    """

    def made(session: pkcs11.Session) -> None:
        attributes = {Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.LABEL: label}
        if any(True for _one in session.get_objects(attributes)):
            raise KeyringExists(f"There is a key {label} in the token already. {KeyringExists.advice}")
        session.generate_key(
            KeyType.AES,
            AES_BITS,
            label=label,
            store=True,
            capabilities=MechanismFlag.WRAP | MechanismFlag.UNWRAP,
            template={Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False},
        )

    token.use(made)
