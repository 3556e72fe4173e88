"""The ground of families: a minor of sixteen, a child of thirteen, who is whose guardian, and what time does to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from typing_extensions import override

from eztong.domain.access.unlock import UNLOCK_LIFE
from eztong.domain.errors import EztongError
from eztong.domain.events import Actor
from eztong.domain.guardianship.guardianship import LEFT_LATELY
from eztong.domain.guardianship.relation import Relation
from eztong.domain.holder import Holder, HolderState
from eztong.domain.identity.age import ADULT_FROM, CHILD_ENDS, SHANGHAI
from eztong.domain.identity.authority_answer import AuthorityAnswer, AuthorityVerdict
from eztong.domain.identity.citizen_number import DocumentType
from eztong.domain.registration import StepKind
from eztong.ports.act import Acting
from eztong.usecases.registration.review_application import ReviewApplication, review_application
from eztong.usecases.vault import number_index
from tests.property.machines.asking import Asking
from tests.property.machines.forbidden import Forbidden, never
from tests.property.machines.ground import STAFF, Template
from tests.property.machines.shadow import Account, Stop
from tests.property.machines.wards import STANDS_AS, Care, Standing, Ward, birth_in, end_all
from tests.unit.usecases.access.ways import give_pin
from tests.unit.usecases.guardianship.family import born, run_birthdays, run_registrations
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import LI, ZHAO, Person, register

MINOR: Final = replace(ZHAO, number=born("20090601"))
CHILD: Final = Person("赵小", born("20120601"), "", b"")
DECIDERS: Final = (*STAFF, "zhao")
"""Operators; the first holds the first person's account, the last the minor's."""

DOUBT: Final = AuthorityAnswer(verdict=AuthorityVerdict.NEEDS_HUMAN, reference="r", detail_code="N")
PARENT: Final = Relation.PARENT


class Kin(Asking):
    """What is known of families, what is looked at after every event, and what comes by itself."""

    def __init__(self, template: Template) -> None:
        """Add the operator who is linked to the minor."""
        # First: what is told of the people of the ground asks whom they keep.
        self.cares: list[Care] = []
        self.wards: list[Ward] = []
        super().__init__(template)
        operator(
            self.stage, DECIDERS[-1], person=number_index(DocumentType.RESIDENT_ID, MINOR.number, keys=self.stage.keys)
        )

    # --- who is who -----------------------------------------------------------------------------------------------

    @property
    def minor(self) -> Ward | None:
        """Return the newest account or application of the minor."""
        return next((one for one in reversed(self.wards) if not one.kept), None)

    @property
    def child(self) -> Ward | None:
        """Return the child's account, or else the newest application for it that is there."""
        there = [one for one in self.wards if one.kept and one.is_there]
        return next((one for one in there if one.has_account), there[-1] if there else None)

    def active(self, ward: Ward) -> Care | None:
        """Return the ward's guardianship."""
        return next((one for one in self.cares if one.ward is ward and one.standing is Standing.ACTIVE), None)

    def open_cares(self, ward: Ward) -> list[Care]:
        """Return all that is, or may become, a guardianship of the ward."""
        return [one for one in self.cares if one.ward is ward and one.is_open]

    def guardians(self, ward: Ward) -> list[Account]:
        """Return who is, or wants to be, the ward's guardian."""
        return [one.guardian for one in self.open_cares(ward) if one.guardian is not None]

    def needs_guardian(self, ward: Ward) -> bool:
        """Say whether somebody may be invited, or confirmed by an invitation."""
        if self.active(ward) is not None or ward.kept:
            return False
        if any(one.standing is Standing.DECLARED for one in self.open_cares(ward)) and ward.application is not None:
            return False
        if ward.application is not None:
            return ward.application is HolderState.SUPPLEMENT_NEEDED
        return ward.has_account and not ward.is_of_age(self.now)

    @override
    @contextmanager
    def touching(self, *accounts: Account) -> Iterator[None]:
        """Let it concern guardians, too: they are told that there is news of a ward."""
        told = [guardian for one in accounts if isinstance(one, Ward) for guardian in self.guardians(one)]
        kept = [ward for one in accounts for ward in self.kept(one)]
        near = [guardian for ward in kept for guardian in self.guardians(ward)]
        with super().touching(*accounts, *told, *kept, *near, *self._who_left(accounts)):
            yield

    def _who_left(self, accounts: Sequence[Account]) -> list[Account]:
        """Return who gave one of these up a short while ago, and so hears of whoever claims it."""
        wards = [one for one in accounts if isinstance(one, Ward) and one.left_at is not None]
        late = [one.left_by for one in wards if one.left_at is not None and self.now < one.left_at + LEFT_LATELY]
        return [one for one in late if one is not None]

    def kept(self, guardian: Account) -> list[Ward]:
        """Return the wards that sign in nowhere and whose guardian this is."""
        active = [one for one in self.cares if one.standing is Standing.ACTIVE and one.guardian is guardian]
        return [one.ward for one in active if one.ward.kept]

    @override
    def stop_codes(self, account: Account) -> None:
        for one in (account, *self.kept(account)):
            self.end_codes(one)

    @override
    def keep_from_leaving(self, account: Account) -> None:
        for one in (account, *self.kept(account)):
            super().keep_from_leaving(one)

    def confirmed(self, ward: Ward) -> None:
        """Keep in mind that somebody is guardian now: a child's account that was leaving stays, what waited goes on."""
        if ward.kept:
            self.end_codes(ward)
            super().keep_from_leaving(ward)
        ward.go_on()

    @override
    def check_states(self) -> None:
        """See that every guardianship stands as what happened to it says, too."""
        super().check_states()
        with self.stage.store.read() as stored:
            found = {one: stored.guardianships.get(one.guardianship_id) for one in self.cares}
        active: set[Ward] = set()
        for care, kept in found.items():
            stands = Standing.OVER if kept is None else STANDS_AS[kept.state]
            never(stands is not care.standing, Forbidden.OTHER_CARE, f"{stands} is not {care.standing}")
            never(stands is Standing.ACTIVE and care.ward in active, Forbidden.TWO_GUARDIANS)
            if stands is Standing.ACTIVE:
                active.add(care.ward)

    # --- the minor applies ----------------------------------------------------------------------------------------

    def apply(self) -> Ward | None:
        """Let the minor apply, unless an application or account is there that the minor still gets into."""
        before = self.minor
        if before is not None and before.is_there and (before.has_account or before.has_session(self.now)):
            return None
        who = replace(MINOR, session=self.fresh())
        self.deliver()
        self.stage.authority.answer = None
        with self.touching(*self.wards):
            got = self.tried(lambda: register(self.stage, who))
        if isinstance(got, EztongError):
            return None
        ward = Ward(who, got.holder_id, restricted=False)
        never(got.state is HolderState.ACTIVE and not ward.is_of_age(self.now), Forbidden.MINOR_ALONE)
        ward.application = None if got.state is HolderState.ACTIVE else got.state
        ward.watched, ward.of_age = not ward.is_of_age(self.now), ward.is_of_age(self.now)
        self._add(ward)
        self.enter(ward, who.session)
        self._settle(ward)
        return ward

    def _add(self, ward: Ward) -> None:
        self.wards.append(ward)
        self.accounts.append(ward)

    def _settle(self, ward: Ward) -> None:
        """Give who comes into a new account a PIN."""
        if ward.has_account and ward.has_session(self.now):
            self.stage.unlock(ward.who)
            give_pin(self.stage, ward.who)
            ward.unlocked_until = self.now + UNLOCK_LIFE
        self.deliver()

    # --- by itself ------------------------------------------------------------------------------------------------

    def until_birthday(self, *, eve: bool) -> None:
        """Let time pass until the next birthday that counts, or until a minute before it."""
        days = [(MINOR, ADULT_FROM), (CHILD, CHILD_ENDS), (CHILD, ADULT_FROM)]
        births = [(birth_in(who.number), years) for who, years in days]
        moments = [datetime(one.year + years, one.month, one.day, tzinfo=SHANGHAI) for one, years in births]
        for moment in sorted(moments):
            left = (moment - self.now).total_seconds()
            if left > 0:
                self.wait(seconds=max(0, left - 60 * eve))
                return

    def work(self, *, doubts: bool = False) -> None:
        """Let staff and service do what is due: reviews, applications, birthdays, deregistrations.

        ``doubts``: the authority wants people to look at the applications of now.
        """
        for one in self.wards:
            if one.application is HolderState.UNDER_REVIEW:
                self._review(one)
        self._decide_applications(doubts=doubts)
        grown = [one for one in self.wards if one.watched and one.is_of_age(self.now)]
        due = [one for one in grown if not (one.of_age or one.erased or one.gone)]
        with self.touching(*self.wards):
            run_birthdays(self.stage)
            for one in due:
                self._come_of_age(one)
        self._decide_applications()
        self.run_due()

    def _come_of_age(self, ward: Ward) -> None:
        if ward.kept:
            return
        ward.of_age = True
        if ward.application is HolderState.SUPPLEMENT_NEEDED:
            ward.application = HolderState.APPLIED
        end_all(self.open_cares(ward))
        ward.release()

    def _review(self, ward: Ward) -> None:
        """Let an operator approve, who did not do so before."""
        command = ReviewApplication(holder_id=ward.holder_id, kind=StepKind.APPROVE, words="seen")
        self.stage.authority.answer = None
        for name in reversed(STAFF):
            acting = Acting(Actor.OPERATOR, name)
            approve = partial(review_application, command, by=acting, services=self.stage.services)
            with self.touching(ward):
                if isinstance(self.tried(approve), EztongError):
                    continue
                self._decided(ward)
            self.open_cases.discard(ward.who.number)
            self._settle(ward)
            return

    def _decide_applications(self, *, doubts: bool = False) -> None:
        applied = [one for one in self.wards if one.application is HolderState.APPLIED]
        there = [one.who.number for one in self.wards if one.is_there]
        doubts = doubts and all(there.count(one.who.number) == 1 for one in applied)
        self.stage.authority.answer = DOUBT if doubts else None
        with self.touching(*self.wards):
            run_registrations(self.stage)
            for one in applied:
                self._decided(one)
                if one.application is None and (doubts or one.who.number in self.open_cases):
                    one.application = HolderState.UNDER_REVIEW
        for one in applied:
            self._settle(one)

    def _decided(self, ward: Ward) -> None:
        """Keep in mind what becomes of an application that nothing but the rules may stand against."""
        is_alone = self.active(ward) is None and not ward.is_of_age(self.now)
        never(is_alone and self.stored(ward).state is HolderState.ACTIVE, Forbidden.MINOR_ALONE)
        ward.application = self._outcome(ward)

    def _outcome(self, ward: Ward) -> HolderState | None:
        others = [one for one in self.wards if one is not ward and one.who.number == ward.who.number]
        if self.active(ward) is None and not ward.is_of_age(self.now):
            ward.gone = ward.kept and ward.is_child(self.now)
            return HolderState.SUPPLEMENT_NEEDED
        if any(one.has_account for one in others):
            if ward.kept:
                ward.gone = True
                end_all(one for one in self.open_cares(ward) if one.standing is Standing.ACTIVE)
            return HolderState.REFUSED
        return None

    # --- ends -----------------------------------------------------------------------------------------------------

    @override
    def near(self, leaving: Sequence[Account]) -> Sequence[Account]:
        concerned: list[Account] = []
        for one in self.cares:
            if one.guardian is not None and one.is_open and (one.ward in leaving or one.guardian in leaving):
                concerned += [one.ward, one.guardian]
        return concerned

    @override
    def end_account(self, account: Account) -> None:
        super().end_account(account)
        for one in self.cares:
            if one.ward is account:
                one.standing = Standing.OVER
            elif one.guardian is account and one.is_open:
                was, one.standing = one.standing, Standing.OVER
                if was is Standing.ACTIVE:
                    self.leave_alone(one.ward)
                    if one.ward.stood_still:
                        one.ward.left_at, one.ward.left_by = self.now, None
                else:
                    one.ward.wait_again()
        for ward in self.wards:
            if ward.left_by is account:
                # The row that named it is gone with it.
                ward.left_by = None
                ward.left_at = ward.left_at if ward.stood_still else None

    def leave_alone(self, ward: Ward) -> None:
        """Keep in mind that nobody acts for the ward: its account stands still."""
        ward.stood_still = ward.has_account and not ward.is_of_age(self.now)
        if ward.has_account and Stop.GUARDIAN not in ward.stops:
            ward.freeze(Stop.GUARDIAN)
            self.sign_out(ward)

    def stored(self, account: Account) -> Holder:
        """Return the account as it lies in the store."""
        found = self.stage.read(lambda stored: stored.holders.get(account.holder_id))
        assert found is not None
        return found


LINKED: Final = {DECIDERS[0]: LI.number, DECIDERS[-1]: MINOR.number}
