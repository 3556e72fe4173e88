"""The settings of a PKCS#11 token (HSM), and what they mean."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol

from pydantic import Field, SecretStr

if TYPE_CHECKING:
    from eztong.adapters.keys.token import Token
    from eztong.ports.root_key import RootKey
    from eztong.ports.signing_token import SigningToken

_LABEL = 200

RootKeyPlace = Annotated[
    str,
    Field(
        pattern="^(file|token)$",
        description="where the root key lies that opens the keyring: `file` (`EZTONG_ROOT_KEY_FILE`) or `token`, a "
        "PKCS#11 token (HSM)",
    ),
]
TokenModule = Annotated[
    Path | None, Field(description="PKCS#11 module of the token's maker, such as `/usr/lib/softhsm/libsofthsm2.so`")
]
TokenLabel = Annotated[str | None, Field(min_length=1, max_length=_LABEL, description="label of the token")]
TokenSerial = Annotated[
    str | None,
    Field(min_length=1, max_length=_LABEL, description="serial number of the token, if a label is not enough"),
]
TokenPin = Annotated[
    SecretStr | None,
    Field(min_length=1, description="PIN of the token's user; `EZTONG_TOKEN_PIN_FILE` is better. Never an argument"),
]
TokenPinFile = Annotated[Path | None, Field(description="file with the PIN of the token's user; mode 0600")]
TokenRootLabel = Annotated[
    str, Field(min_length=1, max_length=_LABEL, description="label of the AES key in the token that is the root key")
]
TokenCertificate = Annotated[
    str | None,
    Field(
        min_length=1,
        max_length=_LABEL,
        description="number of the token's certificate as a commercial cryptography product; the inventory of keys "
        "names it",
    ),
]
TokenVendorMechanism = Annotated[
    str | None,
    Field(
        pattern="^0[xX][0-9a-fA-F]{1,8}$",
        description="mechanism by which the token signs a 32-byte SM3 digest with SM2, as its maker numbers it, such "
        "as `0x80000201`. Not tried with any real token: docs/operations.md",
    ),
]


class HasToken(Protocol):
    """The settings that name a token."""

    @property
    def token_module(self) -> Path | None:
        """The module."""
        ...

    @property
    def token_label(self) -> str | None:
        """The token's label."""
        ...

    @property
    def token_serial(self) -> str | None:
        """The token's serial number."""
        ...

    @property
    def token_pin(self) -> SecretStr | None:
        """The PIN."""
        ...

    @property
    def token_pin_file(self) -> Path | None:
        """The file with the PIN."""
        ...

    @property
    def token_root_label(self) -> str:
        """The label of the root key."""
        ...

    @property
    def token_vendor_mechanism(self) -> str | None:
        """The mechanism of SM2."""
        ...


def token_in(settings: HasToken) -> Token:
    """Return the token that the settings name; nothing is opened.

    Raises:
        TokenMissing: they name no module.
    """
    # Loading it takes a while, and most installations have no token.
    from eztong.adapters.keys.problems import TokenMissing  # noqa: PLC0415
    from eztong.adapters.keys.token import TokenConfig, token_of  # noqa: PLC0415

    if settings.token_module is None:
        raise TokenMissing("No token is named: set EZTONG_TOKEN_MODULE to the PKCS#11 module of its maker.")
    return token_of(
        TokenConfig(
            module=settings.token_module,
            label=settings.token_label,
            serial=settings.token_serial,
            pin=None if settings.token_pin is None else settings.token_pin.get_secret_value(),
            pin_file=settings.token_pin_file,
        )
    )


def token_root(settings: HasToken) -> RootKey:
    """Return the root key in the token that the settings name; nothing is opened.

    Raises:
        TokenMissing: they name no module.
    """
    from eztong.adapters.keys.root_token import TokenRoot  # noqa: PLC0415

    return TokenRoot(token_in(settings), settings.token_root_label)


def signing_token(settings: HasToken) -> SigningToken | None:
    """Return the token as it signs; None if the settings name none."""
    if settings.token_module is None:
        return None
    from eztong.adapters.keys.token_signatures import Pkcs11SigningToken  # noqa: PLC0415

    number = settings.token_vendor_mechanism
    return Pkcs11SigningToken(token_in(settings), sm2_mechanism=None if number is None else int(number, 16))
