"""Register a merchant of the Tencent Cloud door; change its options; suspend or resume it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from eztong.domain.errors import NotFound, SceneNotAllowed
from eztong.domain.identifiers import PartnerId
from eztong.domain.identity.age import service_date
from eztong.domain.merchants.merchant import Merchant, MerchantOptions, MerchantState
from eztong.ports.entropy import Entropy
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.partners.find_partner import find_partner

_PREFIX: Final = "0EZT"
_RANDOM_DIGITS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterMerchant:
    """What the operator registers."""

    partner_id: PartnerId
    scene: str
    name: str
    options: MerchantOptions


def register_merchant(command: RegisterMerchant, *, uow: UnitOfWork, entropy: Entropy, now: datetime) -> Merchant:
    """Register a merchant of a partner for one of its scenes.

    1. Check that the partner has the scene.
    2. Draw the MerchantId and store the merchant.

    Raises:
        NotFound: no such partner.
        SceneNotAllowed: the scene was not approved for the partner.
    """
    find_partner(command.partner_id, stored=uow)
    if uow.partners.scene(command.partner_id, command.scene) is None:
        raise SceneNotAllowed
    digits = f"{entropy.below(10**_RANDOM_DIGITS):0{_RANDOM_DIGITS}d}"
    merchant = Merchant(
        merchant_id=f"{_PREFIX}{service_date(now):%y%m%d}{digits}",
        partner_id=command.partner_id,
        scene=command.scene,
        name=command.name,
        state=MerchantState.ACTIVE,
        options=command.options,
        created_at=now,
    )
    uow.merchants.add(merchant)
    return merchant


def change_options(
    merchant_id: str, change: Callable[[MerchantOptions], MerchantOptions], *, uow: UnitOfWork
) -> Merchant:
    """Change a merchant's options, starting from those that are stored.

    Raises:
        NotFound: no such merchant.
    """
    merchant = find_merchant(merchant_id, uow=uow)
    changed = replace(merchant, options=change(merchant.options))
    uow.merchants.update(changed)
    return changed


def move_merchant(merchant_id: str, state: MerchantState, *, uow: UnitOfWork) -> Merchant:
    """Suspend or resume a merchant; doing it twice changes nothing.

    Raises:
        NotFound: no such merchant.
    """
    changed = replace(find_merchant(merchant_id, uow=uow), state=state)
    uow.merchants.update(changed)
    return changed


def find_merchant(merchant_id: str, *, uow: UnitOfWork) -> Merchant:
    """Return the merchant.

    Raises:
        NotFound: no such merchant.
    """
    merchant = uow.merchants.get(merchant_id)
    if merchant is None:
        raise NotFound("There is no such merchant.")
    return merchant
