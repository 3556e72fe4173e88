"""The bundle of ports that wiring builds once and hands to the doors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from eztong.domain.recovery import DEFAULT_WAIT
from eztong.ports.authority import Authority
from eztong.ports.clock import Clock
from eztong.ports.companion_source import CompanionSource
from eztong.ports.entropy import Entropy
from eztong.ports.keys import Keys
from eztong.ports.limiter import Limiter
from eztong.ports.live_person import LivePersonFactor
from eztong.ports.observer import Observer
from eztong.ports.passkeys import PasskeyVerifier
from eztong.ports.secret_hasher import SecretHasher
from eztong.ports.storage.store import Store


class Mode(StrEnum):
    """Sandbox has personas, a movable clock and a visible inbox; live has none of it."""

    SANDBOX = "sandbox"
    LIVE = "live"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """What the doors may know about this installation. ``public_url`` has no trailing slash.

    ``refusals_rest`` is how long a refused question of a partner is not asked again.
    """

    mode: Mode
    public_url: str
    operator_name: str
    operator_contact: str
    origin: str
    default_language: str = "zh-CN"
    accept_hk_macau_taiwan: bool = True
    accept_foreigners: bool = False
    replays_per_desk: int = 30
    replays_per_partner: int = 300
    refusals_rest: timedelta = timedelta(days=7)
    recovery_wait: timedelta = DEFAULT_WAIT

    @property
    def is_sandbox(self) -> bool:
        """Say whether sandbox parts exist."""
        return self.mode is Mode.SANDBOX

    @property
    def is_secure(self) -> bool:
        """Say whether browsers reach the service by https."""
        return self.public_url.startswith("https://")


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything a door needs to run a use case."""

    deployment: Deployment
    store: Store
    keys: Keys
    clock: Clock
    entropy: Entropy
    authority: Authority
    limiter: Limiter
    observer: Observer
    passkeys: PasskeyVerifier
    secret_hasher: SecretHasher
    staff_hasher: SecretHasher
    """Apart from the holders' one: whoever floods the desk's sign-in keeps nobody from unlocking an account."""

    live_person: LivePersonFactor
    companions: CompanionSource
