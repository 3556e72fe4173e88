"""Who signs: keys of partners, with secrets opened once and signing keys derived once a day.

Key and partner are read anew for every request, so that a revoked key or a suspended partner ends at once; only what
is computed from an unchanged record is kept.
"""

from __future__ import annotations

import hmac
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Generic, TypeVar

from eztong.domain.errors import PartnerSuspended
from eztong.domain.merchants.merchant import AccountKey
from eztong.domain.partners.partner import Partner, PartnerState
from eztong.domain.partners.reach import check_reach
from eztong.http.limits import UNKNOWN_KEYS, hit_network
from eztong.ports.keys import MacPurpose
from eztong.ports.services import Services
from eztong.tencentcloud.transport.call import Account
from eztong.tencentcloud.transport.refusals import refusal
from eztong.tencentcloud.transport.signing import Authorization, derive_key
from eztong.usecases.merchants.issue_account_key import open_account_secret

_MOST_KEPT: Final = 4096
V = TypeVar("V")


class _Kept(Generic[V]):
    """The values that were used last, by the bytes that they come from."""

    def __init__(self) -> None:
        self._values: OrderedDict[tuple[object, ...], V] = OrderedDict()

    def get(self, source: tuple[object, ...], make: Callable[[], V]) -> V:
        """Return the value of ``source``."""
        value = self._values.get(source)
        if value is None:
            value = self._values[source] = make()
            if len(self._values) > _MOST_KEPT:
                self._values.popitem(last=False)
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Whose key a request names; nothing is proven yet."""

    key: AccountKey
    partner: Partner
    secret: str = field(repr=False)


class Accounts:
    """Finds and checks signers. For one event loop."""

    def __init__(self, services: Services) -> None:
        """Read from the services' store."""
        self._services = services
        self._secrets: _Kept[str] = _Kept()
        self._derived: _Kept[bytes] = _Kept()

    def find(self, secret_id: str, *, client: str) -> Signer:
        """Return the key that a request names; ``client`` is the address that it came from.

        Raises:
            TencentError: AuthFailure.SecretIdNotFound.
            TooMany: this network named too many unknown keys.
        """
        with self._services.store.read() as stored:
            key = stored.merchants.key(secret_id)
            partner = None if key is None else stored.partners.get(key.partner_id)
        if key is None or partner is None or key.revoked_at is not None:
            hit_network(self._services.limiter, UNKNOWN_KEYS, client)
            raise refusal("AuthFailure.SecretIdNotFound")
        source = (key.secret_id, key.sealed_secret)
        secret = self._secrets.get(source, lambda: open_account_secret(key, keys=self._services.keys))
        return Signer(key=key, partner=partner, secret=secret)

    def signing_key(self, signer: Signer, authorization: Authorization) -> bytes:
        """Return the derived key of a day and service."""
        date, service = authorization.date, authorization.service
        source = (signer.key.secret_id, signer.key.sealed_secret, date, service)
        return self._derived.get(source, lambda: derive_key(signer.secret, date=date, service=service))

    def admit(self, signer: Signer, *, token: str, client: str, now: datetime) -> Account:
        """Return the account behind a signature that was checked; ``client`` is the address that it came from.

        Raises:
            TencentError: AuthFailure.TokenFailure for a temporary key that ended or came without its token,
                AuthFailure.SecretIdNotFound for a lasting one that ended.
            PartnerSuspended, PartnerNotLive: the partner gets no answers.
            NetworkNotAllowed: it does not call from there.
        """
        if signer.key.token_hash is None and not signer.key.is_live(now):
            raise refusal("AuthFailure.SecretIdNotFound")
        if not signer.key.is_live(now) or not self._has_token(signer.key, token):
            raise refusal("AuthFailure.TokenFailure")
        if signer.partner.state is not PartnerState.APPROVED:
            raise PartnerSuspended
        check_reach(signer.partner, client=client, is_sandbox=self._services.deployment.is_sandbox)
        return Account(partner=signer.partner, key=signer.key)

    def _has_token(self, key: AccountKey, token: str) -> bool:
        if key.token_hash is None:
            return not token
        made = self._services.keys.macs(MacPurpose.API_KEY, token.encode())
        return any(hmac.compare_digest(one, key.token_hash) for one in made)
