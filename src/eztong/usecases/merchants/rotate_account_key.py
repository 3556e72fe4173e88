"""Replace or revoke a key pair of the Tencent Cloud door."""

from __future__ import annotations

from datetime import timedelta

from eztong.domain.errors import NotFound, StateConflict
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.identifiers import PartnerId
from eztong.domain.merchants.merchant import AccountKey
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.merchants.issue_account_key import IssuedKey, issue_account_key
from eztong.usecases.operators.check_keeper import check_keeper
from eztong.usecases.partners.attest_partner import attest_partner


def rotate_account_key(
    act: Act, partner_id: PartnerId, secret_id: str, *, revoke_old: bool, lasts: timedelta | None = None
) -> IssuedKey:
    """Make a key with the old one's label. Both work until the old one is revoked, here or later, or ends.

    The new one ends by itself after ``lasts``; None: never.

    1. Find the old key; it must be live and lasting.
    2. Issue the new one.
    3. Revoke the old one, if asked to.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        NotFound: the partner has no such key.
        StateConflict: the key is revoked, over or temporary.
    """
    check_keeper(act)
    old = _owned(partner_id, secret_id, stored=act.uow)
    if old.token_hash is not None or not old.is_live(act.now):
        raise StateConflict("Only a live, lasting key can be replaced; issue a new one instead.")
    issued = issue_account_key(act, partner_id, label=old.label, lasts=lasts)
    if revoke_old:
        revoke_account_key(act, partner_id, secret_id)
    return issued


def revoke_account_key(act: Act, partner_id: PartnerId, secret_id: str) -> None:
    """Revoke a key: from now on no signature by it counts.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        NotFound: the partner has no such key.
        StateConflict: it was revoked before.
    """
    check_keeper(act)
    _owned(partner_id, secret_id, stored=act.uow)
    if not act.uow.merchants.revoke_key(secret_id, now=act.now):
        raise StateConflict("This key was revoked before.")
    attest_partner(act, partner_id, ActKind.PARTNER_KEY_REVOKED, facts={"key": secret_id})


def _owned(partner_id: PartnerId, secret_id: str, *, stored: Repositories) -> AccountKey:
    key = stored.merchants.key(secret_id)
    if key is None or key.partner_id != partner_id:
        raise NotFound("This partner has no such key.")
    return key
