"""How a deployment differs from a document of configuration, and what would be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from eztong.domain.branding.brand import Brand
from eztong.domain.errors import StateConflict
from eztong.domain.merchants.merchant import MerchantOptions, MerchantState
from eztong.domain.partners.freshness import Freshness
from eztong.domain.partners.partner import Partner, Scene
from eztong.domain.policy.policy import Policy

_NO_PARTNERS: Final = frozenset({"policy", "branding"})


class DifferenceKind(StrEnum):
    """What becomes of a difference."""

    ADD = "add"
    CHANGE = "change"
    LEFT = "left"
    """It is there and not in the document, or takes two operators: it is told, and stays as it is."""

    WAITS = "waits"
    """It was asked for and waits, for another operator or for its day."""

    BLOCKED = "blocked"
    """No command changes it: with this in the document nothing of it is applied."""


class ConfigurationBlocked(StateConflict):
    """The document asks for what no command does."""

    code = "configuration_blocked"
    advice = "Correct the document; `eztong config diff` shows what is blocked."


@dataclass(frozen=True, slots=True)
class RegisterNew:
    """Register a partner."""

    partner: Partner


@dataclass(frozen=True, slots=True)
class ApproveNew:
    """Approve a scene for a partner."""

    scene: Scene


@dataclass(frozen=True, slots=True)
class LimitAnew:
    """Change how old a confirmation may be in a scene."""

    scene: str
    freshness: Freshness


@dataclass(frozen=True, slots=True)
class AddNewDesk:
    """Register a desk."""

    desk: str
    name: str


@dataclass(frozen=True, slots=True)
class SuspendNow:
    """Suspend a partner. To lift that takes two operators, and no document."""


@dataclass(frozen=True, slots=True)
class ProposeVersion:
    """Propose a version of the policy, which another operator approves."""

    policy: Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitReach:
    """Change one of a partner's limits; None leaves it."""

    networks: tuple[str, ...] | None = None
    redirects: tuple[str, ...] | None = None
    per_minute: int | None = None


@dataclass(frozen=True, slots=True)
class RegisterNewMerchant:
    """Register a merchant, whose id is drawn."""

    name: str
    scene: str
    options: MerchantOptions
    state: MerchantState


@dataclass(frozen=True, slots=True)
class SetMerchant:
    """Change a merchant's options and state."""

    merchant_id: str
    options: MerchantOptions
    state: MerchantState


@dataclass(frozen=True, slots=True)
class ProposeBrand:
    """Propose a version of the brand, which another operator approves."""

    brand: Brand


Step = (
    RegisterNew
    | ApproveNew
    | LimitAnew
    | AddNewDesk
    | SuspendNow
    | ProposeVersion
    | LimitReach
    | RegisterNewMerchant
    | SetMerchant
    | ProposeBrand
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference. ``subject`` is the partner's id, ``policy`` or ``branding``; ``where`` names what is below."""

    kind: DifferenceKind
    subject: str
    where: str = ""
    there: str = ""
    wanted: str = ""
    step: Step | None = None
    """What is done about it; None: nothing."""

    @property
    def path(self) -> str:
        """Where it stands in the document."""
        place = self.subject if self.subject in _NO_PARTNERS else f"partners.{self.subject}"
        return f"{place}.{self.where}" if self.where else place
