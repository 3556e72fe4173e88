"""Parameters that arrive encrypted: the ``Encryption`` object of most actions, and the flat form of phone checks.

The session key is wrapped for one of the service's key pairs: by RSA for AES-256-CBC, by SM2 for SM4-GCM. Whatever
does not open is answered by one error, so that nobody learns how far it came; a session key of another account, or one
that comes again with another initialisation vector, is answered the same (:mod:`eztong.domain.input_session`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from eztong.domain.encrypted_input import (
    EncryptedInput,
    InputAlgorithm,
    InputUnreadable,
    decode_base64,
    parse_encrypted_input,
)
from eztong.http.committing import commit
from eztong.ports.keys import InputPurpose, Keys
from eztong.tencentcloud.call import Call
from eztong.tencentcloud.errors import TencentError
from eztong.tencentcloud.schema import Field, Kind, Schema
from eztong.usecases.claim_input_session import ClaimInputSession, claim_input_session
from eztong.usecases.refusal import accepted

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


async def open_params(call: Call, *, encryptable: frozenset[str]) -> dict[str, Any]:
    """Return the call's parameters with those that were encrypted in clear, and without what encrypted them.

    1. Find what is said to be encrypted, in either form; nothing means nothing to do.
    2. Refuse a name that may not be encrypted.
    3. Unwrap the session key; after a rotation there may be two candidates. The first that opens everything counts.
    4. Bind the session key to the account, whether it opened anything or not; only then is anything answered.

    Raises:
        TencentError: InvalidParameter.UnsupportEncryptField, FailedOperation.DecryptSystemError.
    """
    params = call.params
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
    services = call.services
    try:
        opened = _open(envelope, [params.get(name) for name in names], keys=services.keys)
        claim = ClaimInputSession(
            partner_id=call.account.partner.partner_id,
            session_keys=opened.session_keys,
            iv=opened.bound_iv,
            failed=opened.values is None,
        )
        claimed = await commit(
            services.store, lambda uow: claim_input_session(claim, uow=uow, keys=services.keys, now=call.now)
        )
        accepted(claimed.value)
    except InputUnreadable:
        raise unreadable_input() from None
    if opened.values is None:
        raise unreadable_input()
    return clear | dict(zip(names, opened.values, strict=True))


def unreadable_input() -> TencentError:
    """Return the one error of whatever was wrong with something encrypted."""
    return TencentError(
        "FailedOperation.DecryptSystemError", "解密失败。", "The encrypted parameters could not be decrypted."
    )


@dataclass(frozen=True, slots=True)
class _Opened:
    """The session keys that the wrapped one may be, what to bind, and the plaintexts if one of them opens all."""

    session_keys: Sequence[bytes]
    bound_iv: bytes
    values: list[str] | None


def _open(envelope: Mapping[str, Any], values: Sequence[str | None], *, keys: Keys) -> _Opened:
    algorithm = InputAlgorithm(envelope.get("Algorithm") or InputAlgorithm.AES_256_CBC)
    present = [value for value in values if value is not None]
    if len(present) != len(values):
        raise InputUnreadable
    encrypted = parse_encrypted_input(
        algorithm, iv=envelope.get("Iv") or "", values=present, tags=envelope.get("TagList") or ()
    )
    wrapped = decode_base64(envelope.get("CiphertextBlob") or "")
    candidates = list(keys.open_input(_PURPOSES[algorithm], wrapped))
    # A tag makes every initialisation vector safe; without one a second vector would be a question about the first.
    bound_iv = encrypted.iv if algorithm is InputAlgorithm.AES_256_CBC else b""
    # Every candidate is tried, so that the time does not tell which one opened.
    opened = [values for values in (_opened_by(one, encrypted) for one in candidates) if values is not None]
    return _Opened(candidates, bound_iv, opened[0] if opened else None)


def _opened_by(session_key: bytes, encrypted: EncryptedInput) -> list[str] | None:
    try:
        return encrypted.open(session_key)
    except InputUnreadable:
        return None
