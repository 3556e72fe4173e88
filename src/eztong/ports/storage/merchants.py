"""The repository of merchants and account keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eztong.domain.identifiers import PartnerId
from eztong.domain.merchants.certificate_request import CertificateRequest
from eztong.domain.merchants.merchant import AccountKey, Merchant


class MerchantRepository(Protocol):
    """Merchants of the Tencent Cloud door, and the keys that partners sign with there."""

    def add(self, merchant: Merchant) -> None:
        """Store a new merchant."""
        ...

    def get(self, merchant_id: str) -> Merchant | None:
        """Return the merchant, whatever its state."""
        ...

    def list(self, partner_id: PartnerId) -> Sequence[Merchant]:
        """Return the partner's merchants by id."""
        ...

    def update(self, merchant: Merchant) -> None:
        """Store every changeable field of the merchant."""
        ...

    def add_key(self, key: AccountKey) -> None:
        """Store a new key."""
        ...

    def key(self, secret_id: str) -> AccountKey | None:
        """Return the key with this public name, whatever its state."""
        ...

    def keys(self, partner_id: PartnerId) -> Sequence[AccountKey]:
        """Return the partner's keys, oldest first."""
        ...

    def revoke_key(self, secret_id: str, *, now: datetime) -> bool:
        """Revoke a live key; return whether it was not revoked before."""
        ...

    def revoke_keys(self, partner_id: PartnerId, *, now: datetime) -> int:
        """Revoke every key of the partner that is not revoked; return how many."""
        ...

    def add_certificate_request(self, request: CertificateRequest) -> None:
        """Store a new certificate request."""
        ...

    def certificate_request(self, request_id: str) -> CertificateRequest | None:
        """Return the certificate request."""
        ...

    def certificate_requests(self, merchant_id: str) -> Sequence[CertificateRequest]:
        """Return the merchant's certificate requests, oldest first."""
        ...

    def decide_certificate_request(self, request: CertificateRequest) -> bool:
        """Store state and decision by one conditional UPDATE on ``pending``; return whether this call won."""
        ...
