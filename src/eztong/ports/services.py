"""The bundle of ports that wiring builds once and hands to the doors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Concatenate, ParamSpec, TypeVar

from eztong.domain.contact.phone_change import DEFAULT_APPEAL_WAIT
from eztong.domain.death.after_death import KEPT_BY_DEFAULT
from eztong.domain.recovery import DEFAULT_WAIT
from eztong.domain.working_days import WorkCalendar
from eztong.ports.act import Act, Acting
from eztong.ports.authority import Authority
from eztong.ports.branding.board import BrandBoard
from eztong.ports.clock import Clock
from eztong.ports.companion_source import CompanionSource
from eztong.ports.entropy import Entropy
from eztong.ports.incident_board import IncidentBoard
from eztong.ports.keys import Keys
from eztong.ports.limiter import Limiter
from eztong.ports.live_person import LivePersonFactor
from eztong.ports.message_texts.board import TextBoard
from eztong.ports.observer import Observer
from eztong.ports.one_time_codes import OneTimeCodes
from eztong.ports.passkeys import PasskeyVerifier
from eztong.ports.secret_hasher import SecretHasher
from eztong.ports.storage.store import Store, UnitOfWork
from eztong.ports.typesetter import Typesetter

P = ParamSpec("P")
T = TypeVar("T")


class Mode(StrEnum):
    """Sandbox has personas, a movable clock and a visible inbox; live has none of it."""

    SANDBOX = "sandbox"
    LIVE = "live"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """What the doors may know about this installation. ``public_url`` has no trailing slash.

    ``refusals_rest`` is how long a refused question of a partner is not asked again,
    ``deceased_kept`` is how long an account is kept after its holder's death.
    ``break_glass`` says whether one operator may do alone, in an emergency, what takes two, and
    ``recheck_months`` how often the authority is asked about every account anew (0: never).
    ``token_certificate`` is the number of the certificate of the token that holds keys.
    """

    mode: Mode
    public_url: str
    operator_name: str
    operator_contact: str
    origin: str
    authority_name: str = ""
    place_of_signing: str = ""
    default_language: str = "zh-CN"
    accept_hk_macau_taiwan: bool = True
    accept_foreigners: bool = False
    replays_per_desk: int = 30
    replays_per_partner: int = 300
    refusals_rest: timedelta = timedelta(days=7)
    recovery_wait: timedelta = DEFAULT_WAIT
    appeal_wait: timedelta = DEFAULT_APPEAL_WAIT
    recheck_months: int = 12
    deceased_kept: timedelta = KEPT_BY_DEFAULT
    token_certificate: str = ""
    calendar: WorkCalendar = field(default_factory=WorkCalendar)
    break_glass: bool = False

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
    console_passkeys: PasskeyVerifier
    """Of the site that the console is answered at, which may be one of its own."""

    secret_hasher: SecretHasher
    staff_hasher: SecretHasher
    """Apart from the holders' one: whoever floods the desk's sign-in keeps nobody from unlocking an account."""

    one_time_codes: OneTimeCodes
    live_person: LivePersonFactor
    companions: CompanionSource
    incidents: IncidentBoard
    brand: BrandBoard
    texts: TextBoard
    typesetter: Typesetter

    def perform(self, by: Acting, use_case: Callable[Concatenate[Act, P], T], /, *args: P.args, **more: P.kwargs) -> T:
        """Run a use case in one unit of work and return its value once that is durable. Not for use on an event loop.

        Raises:
            Exception: whatever the use case raised, after nothing of it was kept.
            Unavailable: as :meth:`~eztong.ports.storage.store.Store.submit` says.
        """
        return self.store.write(self.job(by, use_case, *args, **more)).value

    def job(
        self, by: Acting, use_case: Callable[Concatenate[Act, P], T], /, *args: P.args, **more: P.kwargs
    ) -> Callable[[UnitOfWork], T]:
        """Return the use case as a job for the store. Its ``now`` is this moment, however often a store runs it."""
        return self.job_of(self.clock.now(), by, use_case, *args, **more)

    def job_of(
        self, now: datetime, by: Acting, use_case: Callable[Concatenate[Act, P], T], /, *args: P.args, **more: P.kwargs
    ) -> Callable[[UnitOfWork], T]:
        """Return the use case as a job of the moment ``now``, for callers that have just read the clock."""
        keys, entropy = self.keys, self.entropy
        return lambda uow: use_case(Act(uow, keys, entropy, now, by), *args, **more)
