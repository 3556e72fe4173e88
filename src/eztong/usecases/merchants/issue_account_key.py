"""Make a key pair for the Tencent Cloud door, lasting or temporary, and open its secret again to check signatures."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from typing_extensions import override

from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.identifiers import PartnerId
from eztong.domain.merchants.merchant import SECRET_ID_LENGTH, SECRET_ID_PREFIX, SECRET_KEY_LENGTH, AccountKey
from eztong.domain.partners.life_cycle import check_not_closed
from eztong.domain.sealing import NONCE_BYTES
from eztong.ports.act import Act
from eztong.ports.entropy import Entropy
from eztong.ports.keys import Keys, MacPurpose
from eztong.usecases.operators.check_keeper import check_keeper
from eztong.usecases.partners.attest_partner import attest_partner
from eztong.usecases.partners.find_partner import find_partner

_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_TOKEN_BYTES: Final = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedKey:
    """A new key with what is shown only now. ``token`` goes with temporary keys."""

    key: AccountKey
    secret_key: str
    token: str | None

    @override
    def __repr__(self) -> str:
        """Hide the secrets."""
        return f"IssuedKey({self.key.secret_id})"


def issue_account_key(
    act: Act,
    partner_id: PartnerId,
    *,
    label: str,
    life: timedelta | None = None,
    lasts: timedelta | None = None,
) -> IssuedKey:
    """Make a key; with ``life`` it is temporary and works only together with its token.

    A lasting one ends by itself after ``lasts``; None: never.

    1. Find the partner.
    2. Draw SecretId and SecretKey, and the token of a temporary key.
    3. Store the key: the secret sealed, the token as a keyed hash.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        NotFound: no such partner.
        PartnerStateConflict: the partner is closed.
    """
    check_keeper(act)
    check_not_closed(find_partner(partner_id, stored=act.uow))
    secret_id = SECRET_ID_PREFIX + _draw(SECRET_ID_LENGTH - len(SECRET_ID_PREFIX), entropy=act.entropy)
    secret_key = _draw(SECRET_KEY_LENGTH, entropy=act.entropy)
    ends_after = lasts if life is None else life
    token = None if life is None else base64.urlsafe_b64encode(act.entropy.token(_TOKEN_BYTES)).decode()
    key = AccountKey(
        secret_id=secret_id,
        partner_id=partner_id,
        label=label,
        sealed_secret=act.keys.seal(secret_key.encode(), nonce=act.entropy.token(NONCE_BYTES), place=_place(secret_id)),
        created_at=act.now,
        token_hash=None if token is None else act.keys.mac(MacPurpose.API_KEY, token.encode()),
        expires_at=None if ends_after is None else act.now + ends_after,
    )
    act.uow.merchants.add_key(key)
    attest_partner(act, partner_id, ActKind.PARTNER_KEY_ISSUED, facts={"key": secret_id})
    return IssuedKey(key=key, secret_key=secret_key, token=token)


def open_account_secret(key: AccountKey, *, keys: Keys) -> str:
    """Return the SecretKey.

    Raises:
        eztong.gm.errors.DecryptionFailed: the record was changed, or the keyring lost the key it is sealed under.
    """
    return keys.open(key.sealed_secret, place=_place(key.secret_id)).decode()


def _draw(length: int, *, entropy: Entropy) -> str:
    return "".join(_LETTERS[entropy.below(len(_LETTERS))] for _ in range(length))


def _place(secret_id: str) -> tuple[str, str, str]:
    return ("account_keys", secret_id, "sealed_secret")
