"""What the machines know by themselves: kept from what was done, never from what the store says."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from eztong.domain.claims import Claim
from eztong.domain.codes.presentation_code import ShownCode
from eztong.domain.holder import FreezeCause, Holder, HolderState
from eztong.domain.identifiers import GrantId, HolderId, VerificationId
from eztong.domain.recovery import settled_until
from eztong.domain.requests.request import Request
from tests.unit.usecases.stage import Person

PERSON = frozenset({Claim.IS_PERSON})


class Stop(StrEnum):
    """What stops an account; the newest stands last."""

    OWN = "frozen by the holder"
    RISK = "frozen by the risk rules"
    GUARDIAN = "frozen by a guardian, or for want of one"
    LEAVING = "leaving"


STANDS = {
    Stop.OWN: (HolderState.FROZEN, FreezeCause.SELF),
    Stop.RISK: (HolderState.FROZEN, FreezeCause.RISK),
    Stop.GUARDIAN: (HolderState.FROZEN, FreezeCause.GUARDIAN),
    Stop.LEAVING: (HolderState.DEREGISTERING, None),
}
FROZEN = (Stop.OWN, Stop.RISK, Stop.GUARDIAN)


@dataclass(eq=False, slots=True)
class Account:
    """One account of a person; ``who`` carries the session of the browser that is, or was, signed in.

    ``application`` says where it stands while it is none yet. ``paused``: its holder asked that nothing of it is used.
    ``in_case``: staff limited it for misuse.
    """

    who: Person
    holder_id: HolderId
    restricted: bool
    application: HolderState | None = None
    paused: bool = False
    in_case: bool = False
    stops: list[Stop] = field(default_factory=list)
    signed_in: bool = True
    authorised: bool = True
    lost_at: datetime | None = None
    erased: bool = False
    unlocked_until: datetime | None = None
    session_until: datetime | None = None
    leaving_until: datetime | None = None
    moved: list[tuple[datetime, str, bool]] = field(default_factory=list)
    pseudonyms: dict[str, str] = field(default_factory=dict)

    def has_session(self, now: datetime) -> bool:
        """Say whether its browser is signed in."""
        return self.signed_in and not self.erased and self.session_until is not None and now < self.session_until

    def is_unlocked(self, now: datetime) -> bool:
        """Say whether its browser may act."""
        return self.has_session(now) and self.unlocked_until is not None and now < self.unlocked_until

    @property
    def is_usable(self) -> bool:
        """Say whether it is an account, and nothing stops it."""
        return not self.erased and self.application is None and not self.stops

    @property
    def is_held(self) -> bool:
        """Say whether others than its holder stopped it, perhaps under what came since, or limited it for a case."""
        return Stop.RISK in self.stops or self.in_case

    @property
    def lost(self) -> bool:
        """Say whether a loss was told, and the account was not recovered since."""
        return self.lost_at is not None

    @property
    def off(self) -> set[str]:
        """Return the partners that are switched off."""
        return self._off_at(None)

    def switch_off_again(self, *, lost_at: datetime, now: datetime) -> None:
        """Switch off what was off when all was settled."""
        for partner in self._off_at(settled_until(lost_at)) - self.off:
            self.moved.append((now, partner, False))

    def _off_at(self, moment: datetime | None) -> set[str]:
        off: set[str] = set()
        for at, partner, on in self.moved:
            if moment is None or at <= moment:
                (off.discard if on else off.add)(partner)
        return off

    @property
    def newest(self) -> Stop | None:
        """Return what stops it now."""
        return self.stops[-1] if self.stops else None

    @property
    def states(self) -> list[tuple[HolderState, FreezeCause | None]]:
        """Return how it must stand, with all that the newest stop interrupted."""
        if self.erased:
            return [(HolderState.DEREGISTERED, None)]
        if self.application is not None:
            return [(self.application, None)]
        return [(HolderState.ACTIVE, None), *(STANDS[one] for one in self.stops)]

    @property
    def may_be_undone(self) -> bool:
        """Say whether it is leaving, and may stay: until that is begun, which may be after its time."""
        return Stop.LEAVING in self.stops

    def freeze(self, stop: Stop) -> None:
        """Be frozen: once by each, and by the holder only where a guardian alone could lift what stands."""
        is_new = self.newest not in FROZEN or (
            stop not in self.stops and (stop is not Stop.OWN or self.newest is Stop.GUARDIAN)
        )
        if is_new:
            self.stops.append(stop)

    def stay(self) -> None:
        """Leave no more."""
        self.stops.remove(Stop.LEAVING)
        self.leaving_until = None


def states_of(holder: Holder) -> list[tuple[HolderState, FreezeCause | None]]:
    """Return how an account stands in the store, with all that the newest stop interrupted."""
    return [*((one.state, one.freeze_cause) for one in holder.stopped), (holder.state, holder.freeze_cause)]


@dataclass(eq=False, slots=True)
class Code:
    """A code that was shown. ``ended`` says that it can pass no more; ``heard`` what its one question was answered."""

    account: Account
    shown: ShownCode
    ended: bool = False
    asked: tuple[str, frozenset[Claim]] | None = None
    heard: VerificationId | None = None


@dataclass(eq=False, slots=True)
class Asked:
    """A partner's request. ``request`` is as it was opened: what a page that stands open still shows."""

    partner: str
    request: Request
    answered: bool = False


@dataclass(eq=False, slots=True)
class Given:
    """A grant that a holder gave."""

    account: Account
    grant_id: GrantId
    partner: str
    claims: frozenset[Claim]
    since: datetime
    until: datetime
    ended: bool = False

    def is_live(self, now: datetime) -> bool:
        """Say whether it carries anything."""
        return not self.ended and now < self.until


@dataclass(eq=False, slots=True)
class Written:
    """A ticket. Without ``account`` nobody in particular wrote it; ``leaves``: of a deregistration that runs.

    ``shut``: its secret opens it no more.
    """

    account: Account | None
    number: str
    secret: str
    ended: bool = False
    leaves: bool = False
    shut: bool = False
