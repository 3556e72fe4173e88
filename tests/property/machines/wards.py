"""What the machines know of wards and of who is whose guardian: kept from what was done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from eztong.domain.guardianship.guardianship import LEFT_LATELY, GuardianshipState
from eztong.domain.guardianship.relation import Relation
from eztong.domain.holder import HolderState
from eztong.domain.identity.age import ADULT_FROM, CHILD_ENDS, SHANGHAI, age_on
from tests.property.machines.shadow import Account, Stop


class Standing(StrEnum):
    """Where a guardianship stands."""

    INVITED = "invited"
    DECLARED = "declared"
    ACTIVE = "active"
    OVER = "over"


STANDS_AS = {
    GuardianshipState.INVITED: Standing.INVITED,
    GuardianshipState.DECLARED: Standing.DECLARED,
    GuardianshipState.ACTIVE: Standing.ACTIVE,
    GuardianshipState.REFUSED: Standing.OVER,
    GuardianshipState.ENDED: Standing.OVER,
}


def birth_in(number: str) -> date:
    """Return the day of birth in a citizen number."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


@dataclass(eq=False, slots=True)
class Ward(Account):
    """An account or application of somebody who was under 18 when it was made.

    ``kept``: of a child, for whom a guardian acts, and who signs in nowhere. ``gone``: an application of which nothing
    is kept. ``watched``: the birthday is waited for; ``of_age``: and has come. ``left_at`` is when a guardian gave it
    up, or that one's account ended, and ``left_by`` who gave it up; ``stood_still``: its history says so as well.
    """

    kept: bool = False
    gone: bool = False
    watched: bool = False
    of_age: bool = False
    left_at: datetime | None = None
    left_by: Account | None = None
    stood_still: bool = False

    def was_left_to(self, guardian: Account, now: datetime) -> bool:
        """Say whether it has been without its guardian for a short while, who is not this one."""
        return self.left_at is not None and now < self.left_at + LEFT_LATELY and self.left_by is not guardian

    def age(self, now: datetime) -> int:
        """Return the years of life, in Shanghai."""
        return age_on(birth_in(self.who.number), now.astimezone(SHANGHAI).date())

    def is_child(self, now: datetime) -> bool:
        """Say whether it is under 14."""
        return self.age(now) < CHILD_ENDS

    def is_of_age(self, now: datetime) -> bool:
        """Say whether it is 18 or older."""
        return self.age(now) >= ADULT_FROM

    @property
    def is_there(self) -> bool:
        """Say whether there is an account or an open application."""
        return not (self.erased or self.gone or self.application is HolderState.REFUSED)

    @property
    def has_account(self) -> bool:
        """Say whether it is an account that has not ended."""
        return not self.erased and self.application is None

    def go_on(self) -> None:
        """Have a guardian: the application goes to the authority, a guardian's freeze ends."""
        self.watched = True
        if self.application is HolderState.SUPPLEMENT_NEEDED:
            self.application = HolderState.APPLIED
        self.release()

    def release(self) -> None:
        """Be frozen by no guardian."""
        self.stops = [one for one in self.stops if one is not Stop.GUARDIAN]

    def wait_again(self) -> None:
        """Wait for another guardian, whom a child's application cannot have: nothing of it is kept."""
        if self.kept and self.application is HolderState.SUPPLEMENT_NEEDED:
            self.application, self.gone = HolderState.REFUSED, True


@dataclass(eq=False, slots=True)
class Care:
    """A guardianship, from the invitation or the declaration on."""

    ward: Ward
    guardianship_id: str
    relation: Relation
    standing: Standing
    guardian: Account | None = None
    digits: str = field(default="", repr=False)
    until: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Say whether it is a guardianship, or may become one."""
        return self.standing is not Standing.OVER

    def takes_digits(self, now: datetime) -> bool:
        """Say whether the invitation stands."""
        return self.standing is Standing.INVITED and self.until is not None and now < self.until


def end_all(cares: Iterable[Care]) -> None:
    """Keep in mind that these are over."""
    for one in cares:
        one.standing = Standing.OVER
