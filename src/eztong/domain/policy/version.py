"""When a version of the policy is in force: proposed, published by two operators, called off before its time (2.1).

``proposed -> published | refused``, ``published -> called_off`` while it is not in force. Whether a published one
waits, is in force or was followed by another is no state: the instants say it, so that nothing happens at midnight.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from eztong.domain.errors import InputInvalid, NotFound, StateConflict
from eztong.domain.policy.policy import Policy

MOST_AHEAD: Final = timedelta(days=366)
"""How far ahead a version may be published: what lies further is a slip of the pen."""


class PublicationState(StrEnum):
    """Where a version stands."""

    PROPOSED = "proposed"
    PUBLISHED = "published"
    REFUSED = "refused"
    """The second operator said no, or the first took it back, or nobody decided in time."""
    CALLED_OFF = "called_off"


class PolicyStanding(StrEnum):
    """Where a version stands at an instant, for whoever reads it."""

    PROPOSED = "proposed"
    SCHEDULED = "scheduled"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    REFUSED = "refused"
    CALLED_OFF = "called_off"


class PolicyUnknown(NotFound):
    """No version of this name."""

    code = "policy_unknown"
    advice = "There is no such version; `eztong policy list` shows them."


class PolicyNameTaken(StateConflict):
    """A version of this name is proposed, or was published."""

    code = "policy_name_taken"
    advice = "Give the version another name: decisions name it, and it means one thing for good."


class PolicyTooFarAhead(InputInvalid):
    """The version would come into force in more than a year."""

    code = "policy_too_far_ahead"
    advice = "Choose a valid_from within a year."


class PolicyInForce(StateConflict):
    """The version is or was in force, or was never published: there is nothing to call off."""

    code = "policy_not_called_off"
    advice = "Only a published version whose time has not come is called off; publish another one instead."


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyVersion:
    """A version as it was proposed, with what became of it. ``in_force_from`` is set when it is published."""

    version_id: str
    policy: Policy
    state: PublicationState = PublicationState.PROPOSED
    made_by: str
    made_at: datetime
    in_force_from: datetime | None = None
    published_at: datetime | None = None
    called_off_by: str | None = None
    called_off_at: datetime | None = None
    called_off_because: str | None = None

    def has_begun(self, now: datetime) -> bool:
        """Say whether it was published and its time has come."""
        published = self.state is PublicationState.PUBLISHED
        return published and self.in_force_from is not None and self.in_force_from <= now

    @property
    def publication(self) -> Publication | None:
        """From when on it decides, if it is published."""
        starts, published = self.in_force_from, self.published_at
        if self.state is not PublicationState.PUBLISHED or starts is None or published is None:
            return None
        return Publication(starts, published, self.version_id)

    def check_callable_off(self, *, now: datetime) -> None:
        """Refuse to call off what is in force, was, or waits for the second operator.

        Raises:
            PolicyInForce: it is.
        """
        if self.state is not PublicationState.PUBLISHED or self.has_begun(now):
            raise PolicyInForce


def check_start(policy: Policy, *, now: datetime) -> None:
    """Refuse a version that lies too far ahead; one whose day has passed is in force once it is approved.

    Raises:
        PolicyTooFarAhead: it does.
    """
    if policy.valid_from is not None and policy.valid_from > now + MOST_AHEAD:
        raise PolicyTooFarAhead


@dataclass(frozen=True, slots=True, order=True)
class Publication:
    """From when on a published version decides, without what it says: in the order in which they follow each other."""

    in_force_from: datetime
    published_at: datetime
    version_id: str


def newest_publication(publications: Iterable[Publication], *, now: datetime) -> Publication | None:
    """Return the one in force: of those whose time has come the last to come, of equal ones the last published."""
    return max((one for one in publications if one.in_force_from <= now), default=None)


def newest_begun(versions: Iterable[PolicyVersion], *, now: datetime) -> PolicyVersion | None:
    """Return the version in force."""
    known = {one.publication: one for one in versions if one.publication is not None}
    newest = newest_publication(known, now=now)
    return None if newest is None else known[newest]


def standing_of(one: PolicyVersion, versions: Iterable[PolicyVersion], *, now: datetime) -> PolicyStanding:
    """Return where a version stands among all of them."""
    if one.state is not PublicationState.PUBLISHED:
        return PolicyStanding(one.state.value)
    if not one.has_begun(now):
        return PolicyStanding.SCHEDULED
    return PolicyStanding.IN_FORCE if newest_begun(versions, now=now) == one else PolicyStanding.SUPERSEDED
