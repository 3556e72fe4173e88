"""Parameters that arrive encrypted: the ``Encryption`` object of most actions, and the flat form of phone checks.

The session key is wrapped for one of the service's key pairs: by RSA for AES-256-CBC, by SM2 for SM4-GCM. Whatever
does not open is answered by one error, so that nobody learns how far it came.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from eztong.domain.encrypted_input import (
    EncryptedInput,
    InputAlgorithm,
    InputUnreadable,
    decode_base64,
    parse_encrypted_input,
)
from eztong.ports.keys import InputPurpose, Keys
from eztong.tencentcloud.call import Params
from eztong.tencentcloud.errors import TencentError
from eztong.tencentcloud.schema import Field, Kind, Schema

_MOST_FIELDS: Final = 8
_TEXTS: Final = Field(kind=Kind.LIST, most=_MOST_FIELDS, items=Field())
FLAT_SCHEMA: Final[Schema] = {"CiphertextBlob": Field(), "EncryptList": _TEXTS, "Iv": Field()}
ENCRYPTION_SCHEMA: Final[Schema] = {
    "Encryption": Field(
        kind=Kind.OBJECT,
        fields={
            "EncryptList": Field(kind=Kind.LIST, required=True, most=_MOST_FIELDS, items=Field()),
            "CiphertextBlob": Field(required=True),
            "Iv": Field(required=True),
            "Algorithm": Field(choices=("", *(algorithm.value for algorithm in InputAlgorithm))),
            "TagList": _TEXTS,
        },
    )
}
_PURPOSES: Final = {InputAlgorithm.AES_256_CBC: InputPurpose.RSA, InputAlgorithm.SM4_GCM: InputPurpose.SM2}


def open_params(params: Params, *, encryptable: frozenset[str], keys: Keys) -> dict[str, Any]:
    """Return the parameters with those that were encrypted in clear, and without what encrypted them.

    1. Find what is said to be encrypted, in either form; nothing means nothing to do.
    2. Refuse a name that may not be encrypted.
    3. Unwrap the session key; after a rotation there may be two candidates. The first that opens everything counts.

    Raises:
        TencentError: InvalidParameter.UnsupportEncryptField, FailedOperation.DecryptSystemError.
    """
    clear = {name: value for name, value in params.items() if name not in {"Encryption", *FLAT_SCHEMA}}
    envelope: Mapping[str, Any] = params.get("Encryption") or params
    names: Sequence[str] = envelope.get("EncryptList") or ()
    if not names:
        return clear
    if not set(names) <= encryptable:
        raise TencentError(
            "InvalidParameter.UnsupportEncryptField",
            "存在不支持加密的字段。",
            "A field cannot be encrypted.",
        )
    try:
        return clear | dict(zip(names, _open(envelope, [params.get(name) for name in names], keys=keys), strict=True))
    except InputUnreadable:
        raise TencentError(
            "FailedOperation.DecryptSystemError", "解密失败。", "The encrypted parameters could not be decrypted."
        ) from None


def _open(envelope: Mapping[str, Any], values: Sequence[str | None], *, keys: Keys) -> list[str]:
    algorithm = InputAlgorithm(envelope.get("Algorithm") or InputAlgorithm.AES_256_CBC)
    present = [value for value in values if value is not None]
    if len(present) != len(values):
        raise InputUnreadable
    encrypted = parse_encrypted_input(
        algorithm, iv=envelope.get("Iv") or "", values=present, tags=envelope.get("TagList") or ()
    )
    wrapped = decode_base64(envelope.get("CiphertextBlob") or "")
    for session_key in keys.open_input(_PURPOSES[algorithm], wrapped):
        opened = _opened_by(session_key, encrypted)
        if opened is not None:
            return opened
    raise InputUnreadable


def _opened_by(session_key: bytes, encrypted: EncryptedInput) -> list[str] | None:
    try:
        return encrypted.open(session_key)
    except InputUnreadable:
        return None
