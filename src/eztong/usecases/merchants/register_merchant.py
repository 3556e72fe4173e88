"""Register a merchant of the Tencent Cloud door; change its options; suspend or resume it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from eztong.domain.errors import NotFound, SceneNotAllowed
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.identifiers import PartnerId
from eztong.domain.identity.age import service_date
from eztong.domain.merchants.merchant import Merchant, MerchantOptions, MerchantState
from eztong.domain.partners.life_cycle import check_not_closed
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.operators.check_keeper import check_keeper
from eztong.usecases.partners.attest_partner import attest_partner
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


def register_merchant(act: Act, command: RegisterMerchant) -> Merchant:
    """Register a merchant of a partner for one of its scenes.

    1. Check that the partner has the scene.
    2. Draw the MerchantId and store the merchant.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        NotFound: no such partner.
        PartnerStateConflict: the partner is closed.
        SceneNotAllowed: the scene was not approved for the partner.
    """
    check_keeper(act)
    check_not_closed(find_partner(command.partner_id, stored=act.uow))
    if act.uow.partners.scene(command.partner_id, command.scene) is None:
        raise SceneNotAllowed
    digits = f"{act.entropy.below(10**_RANDOM_DIGITS):0{_RANDOM_DIGITS}d}"
    merchant = Merchant(
        merchant_id=f"{_PREFIX}{service_date(act.now):%y%m%d}{digits}",
        partner_id=command.partner_id,
        scene=command.scene,
        name=command.name,
        state=MerchantState.ACTIVE,
        options=command.options,
        created_at=act.now,
    )
    act.uow.merchants.add(merchant)
    _attest(act, merchant, what="registered")
    return merchant


def change_options(act: Act, merchant_id: str, change: Callable[[MerchantOptions], MerchantOptions]) -> Merchant:
    """Change a merchant's options, starting from those that are stored.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        NotFound: no such merchant.
    """
    check_keeper(act)
    merchant = find_merchant(merchant_id, stored=act.uow)
    changed = replace(merchant, options=change(merchant.options))
    act.uow.merchants.update(changed)
    if changed != merchant:
        _attest(act, changed, what="options")
    return changed


def move_merchant(act: Act, merchant_id: str, state: MerchantState) -> Merchant:
    """Suspend or resume a merchant; doing it twice changes nothing.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        NotFound: no such merchant.
        PartnerStateConflict: it would be resumed, and its partner is closed.
    """
    check_keeper(act)
    merchant = find_merchant(merchant_id, stored=act.uow)
    if state is MerchantState.ACTIVE:
        check_not_closed(find_partner(merchant.partner_id, stored=act.uow))
    changed = replace(merchant, state=state)
    act.uow.merchants.update(changed)
    _attest(act, changed, what=state.value)
    return changed


def _attest(act: Act, merchant: Merchant, *, what: str) -> None:
    facts = {"merchant": merchant.merchant_id, "what": what}
    attest_partner(act, merchant.partner_id, ActKind.PARTNER_CHANGED, facts=facts)


def find_merchant(merchant_id: str, *, stored: Repositories) -> Merchant:
    """Return the merchant.

    Raises:
        NotFound: no such merchant.
    """
    merchant = stored.merchants.get(merchant_id)
    if merchant is None:
        raise NotFound("There is no such merchant.")
    return merchant
