"""Parameters that arrive encrypted: the ``Encryption`` object of most actions, and the flat form of phone checks.

The session key is wrapped for one of the service's key pairs: by RSA for AES-256-CBC, by SM2 for SM4-GCM. Whatever
does not open is answered by one error, so that nobody learns how far it came; a session key of another account, or one
that comes again with another initialisation vector, is answered the same (:mod:`eztong.domain.eid.input_session`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from eztong.domain.eid.encrypted_input import (
    EncryptedInput,
    InputAlgorithm,
    InputUnreadable,
    decode_base64,
    parse_encrypted_input,
)
from eztong.http.committing import commit
from eztong.ports.act import PARTNER
from eztong.ports.keys import InputPurpose, Keys
from eztong.tencentcloud.transport.call import Call, Params
from eztong.tencentcloud.transport.errors import TencentError
from eztong.tencentcloud.transport.schema import Field, Kind, Schema
from eztong.usecases.eid.claim_input_session import ClaimInputSession, claim_input_session
from eztong.usecases.refusal import Refused

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

    The session key is bound to the account, whether it opened anything or not; only then is anything answered.

    Raises:
        TencentError: InvalidParameter.UnsupportEncryptField, FailedOperation.DecryptSystemError.
    """
    services = call.services
    read = read_encrypted(call.params, encryptable=encryptable, keys=services.keys)
    if read.session_keys:
        claim = ClaimInputSession(
            partner_id=call.account.partner.partner_id,
            session_keys=read.session_keys,
            iv=read.bound_iv,
            failed=read.opened is None,
        )
        claimed = await commit(services.store, services.job(PARTNER, claim_input_session, claim))
        if isinstance(claimed.value, Refused):
            raise unreadable_input()
    return read.params()


def unreadable_input() -> TencentError:
    """Return the one error of whatever was wrong with something encrypted."""
    return TencentError(
        "FailedOperation.DecryptSystemError", "解密失败。", "The encrypted parameters could not be decrypted."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadInput:
    """Parameters in clear, and what became of the encrypted ones.

    ``session_keys`` are all that the wrapped one may be; ``bound_iv`` is what it must come with again; ``opened`` is
    None if none of them opens everything.
    """

    clear: Mapping[str, Any] = field(repr=False)
    session_keys: Sequence[bytes] = field(default=(), repr=False)
    bound_iv: bytes = b""
    opened: Mapping[str, str] | None = field(default=None, repr=False)

    def params(self) -> dict[str, Any]:
        """Return all parameters in clear.

        Raises:
            TencentError: they did not open.
        """
        if self.opened is None:
            raise unreadable_input()
        return {**self.clear, **self.opened}


def read_encrypted(params: Params, *, encryptable: frozenset[str], keys: Keys) -> ReadInput:
    """Return the parameters with what opens; nothing is bound yet.

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
        return ReadInput(clear=clear, opened={})
    if not set(names) <= encryptable:
        raise TencentError(
            "InvalidParameter.UnsupportEncryptField",
            "存在不支持加密的字段。",
            "A field cannot be encrypted.",
        )
    try:
        return _open(envelope, names, clear=clear, keys=keys)
    except InputUnreadable:
        raise unreadable_input() from None


def _open(envelope: Mapping[str, Any], names: Sequence[str], *, clear: Mapping[str, Any], keys: Keys) -> ReadInput:
    algorithm = InputAlgorithm(envelope.get("Algorithm") or InputAlgorithm.AES_256_CBC)
    values = [clear[name] for name in names if clear.get(name) is not None]
    if len(values) != len(names):
        raise InputUnreadable
    encrypted = parse_encrypted_input(
        algorithm, iv=envelope.get("Iv") or "", values=values, tags=envelope.get("TagList") or ()
    )
    wrapped = decode_base64(envelope.get("CiphertextBlob") or "")
    candidates = list(keys.open_input(_PURPOSES[algorithm], wrapped))
    # Every candidate is tried, so that the time does not tell which one opened.
    opened = [texts for texts in (_opened_by(one, encrypted) for one in candidates) if texts is not None]
    return ReadInput(
        clear=clear,
        session_keys=candidates,
        # A tag makes every initialisation vector safe; without one a second vector would be a question about the first.
        bound_iv=encrypted.iv if algorithm is InputAlgorithm.AES_256_CBC else b"",
        opened=dict(zip(names, opened[0], strict=True)) if opened else None,
    )


def _opened_by(session_key: bytes, encrypted: EncryptedInput) -> list[str] | None:
    try:
        return encrypted.open(session_key)
    except InputUnreadable:
        return None
