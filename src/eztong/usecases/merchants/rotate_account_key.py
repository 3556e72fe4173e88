"""Replace or revoke a key pair of the Tencent Cloud door."""

from __future__ import annotations

from datetime import datetime

from eztong.domain.errors import NotFound, StateConflict
from eztong.domain.identifiers import PartnerId
from eztong.domain.merchants.merchant import AccountKey
from eztong.ports.entropy import Entropy
from eztong.ports.keys import Keys
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.merchants.issue_account_key import IssuedKey, issue_account_key


def rotate_account_key(
    partner_id: PartnerId,
    secret_id: str,
    *,
    revoke_old: bool,
    uow: UnitOfWork,
    keys: Keys,
    entropy: Entropy,
    now: datetime,
) -> IssuedKey:
    """Make a key with the old one's label. Both work until the old one is revoked, here or later.

    1. Find the old key; it must be live and lasting.
    2. Issue the new one.
    3. Revoke the old one, if asked to.

    Raises:
        NotFound: the partner has no such key.
        StateConflict: the key is revoked, over or temporary.
    """
    old = _owned(partner_id, secret_id, uow=uow)
    if old.token_hash is not None or not old.is_live(now):
        raise StateConflict("Only a live, lasting key can be replaced; issue a new one instead.")
    issued = issue_account_key(partner_id, label=old.label, uow=uow, keys=keys, entropy=entropy, now=now)
    if revoke_old:
        uow.merchants.revoke_key(secret_id, now=now)
    return issued


def revoke_account_key(partner_id: PartnerId, secret_id: str, *, uow: UnitOfWork, now: datetime) -> None:
    """Revoke a key: from now on no signature by it counts.

    Raises:
        NotFound: the partner has no such key.
        StateConflict: it was revoked before.
    """
    _owned(partner_id, secret_id, uow=uow)
    if not uow.merchants.revoke_key(secret_id, now=now):
        raise StateConflict("This key was revoked before.")


def _owned(partner_id: PartnerId, secret_id: str, *, uow: UnitOfWork) -> AccountKey:
    key = uow.merchants.key(secret_id)
    if key is None or key.partner_id != partner_id:
        raise NotFound("This partner has no such key.")
    return key
