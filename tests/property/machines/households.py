"""Families as if nothing had happened: whatever came before, a child or a minor in the care of one of two adults."""

from __future__ import annotations

from eztong.domain.holder import HolderState
from tests.property.machines.family import Family
from tests.property.machines.ground import PEOPLE, STAFF
from tests.property.machines.holders import NoWayBack
from tests.property.machines.shadow import Account, Stop
from tests.property.machines.wards import Standing, Ward

DECIDER = STAFF[1]
"""Is linked to nobody."""

_STEPS = 12


class Households(Family):
    """Ways to where a story begins."""

    def settle_child(self, who: int) -> tuple[Account, Ward]:
        """Bring the child to an account in use, in the care of this adult, who is unlocked.

        Raises:
            NoWayBack: there is none; it may be a child no more.
        """
        for _ in range(_STEPS):
            guardian, child = self.settle(who), self.child
            if child is not None and child.has_account and not child.is_child(self.now):
                break
            care = None if child is None else self.active(child)
            if child is None or care is None or care.guardian is not guardian:
                self._claim(guardian, child)
            elif child.is_usable:
                return guardian, child
            else:
                self._bring_to_use(guardian, child)
        raise NoWayBack

    def _claim(self, guardian: Account, child: Ward | None) -> None:
        waiting = [] if child is None else [one for one in self.open_cares(child) if one.guardian is guardian]
        if waiting:
            self.decide(waiting[0], by=DECIDER, holds=True)
            return
        if any(one.ward.kept and one.is_open and one.guardian is guardian for one in self.cares):
            raise NoWayBack
        before = len(self.cares)
        self.apply_for_child(guardian)
        if len(self.cares) == before:
            self.wait(days=1)

    def _bring_to_use(self, guardian: Account, child: Ward) -> None:
        if child.application is not None:
            self.work()
        elif Stop.GUARDIAN in child.stops:
            self.release_ward(guardian, child)
        elif Stop.LEAVING in child.stops and child.may_be_undone and not child.is_held:
            self.undo_for(guardian, child)
        else:
            if Stop.LEAVING not in child.stops:
                self.end_for(guardian, child)
            self.wait(hours=72)
            self.work()

    def settle_inviting(self, who: int) -> tuple[Account, Ward]:
        """Bring the minor to where a guardian may be invited, and this adult to where one may be confirmed.

        Raises:
            NoWayBack: there is none; the minor may be of age.
        """
        for _ in range(_STEPS):
            self.settle(who)
            minor = self.minor
            if minor is not None and minor.is_of_age(self.now):
                break
            if minor is None or not minor.is_there:
                self.apply()
            elif not self._make_free(minor) and self._let_in(minor):
                return self.settle(who), minor
        raise NoWayBack

    def _make_free(self, minor: Ward) -> bool:
        """End what keeps the minor from inviting; return whether there was anything."""
        waiting = [one for one in self.open_cares(minor) if one.standing is Standing.DECLARED]
        care = self.active(minor)
        if waiting:
            self.decide(waiting[0], by=DECIDER, holds=False)
        elif minor.application in (HolderState.APPLIED, HolderState.UNDER_REVIEW):
            self.work()
        elif care is not None and care.guardian is not None:
            person = [one.number for one in PEOPLE].index(care.guardian.who.number)
            self.give_up(self.settle(person), minor)
        else:
            return False
        return True

    def _let_in(self, minor: Ward) -> bool:
        """Let the minor into the application or account; return whether it came about."""
        if minor.has_account:
            if minor.newest is Stop.OWN:
                self.recover(minor)
            self._enter_somehow(minor)
            return minor.is_unlocked(self.now)
        if not minor.has_session(self.now):
            self.apply()
        return minor.has_session(self.now)

    def settle_minor(self, who: int) -> tuple[Account, Ward]:
        """Bring the minor to an account in the care of this adult, who is unlocked; the account may be stopped.

        Raises:
            NoWayBack: there is none; the minor may be of age.
        """
        guardian, minor = self.settle(who), self.minor
        care = None if minor is None else self.active(minor)
        if minor is None or care is None or care.guardian is not guardian or not minor.has_account:
            guardian, minor = self.settle_inviting(who)
            care = self.invite(minor)
            if care is None:
                raise NoWayBack
            self.confirm(guardian, care)
            self.work()
            if minor.application is HolderState.UNDER_REVIEW:
                self.work()
            guardian = self.settle(who)
        if minor.is_of_age(self.now) or not minor.has_account or self.active(minor) is None:
            raise NoWayBack
        return guardian, minor
