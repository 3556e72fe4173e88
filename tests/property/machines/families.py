"""The machine of families: random events among guardians, wards and staff, and time that makes wards older."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from hypothesis import strategies as st
from hypothesis.stateful import rule
from typing_extensions import override

from eztong.domain.claims import Claim
from eztong.domain.guardianship.relation import Relation, RelationAnswer
from eztong.domain.holder import FreezeReason
from tests.property.machines.family_stories import FAMILY_STORIES
from tests.property.machines.ground import STAFF
from tests.property.machines.holders import NoWayBack
from tests.property.machines.households import Households
from tests.property.machines.kin import DECIDERS, PARENT
from tests.property.machines.machine import Told, partners, people, wants
from tests.property.machines.shadow import Account
from tests.property.machines.wards import Ward


class Families(Told):
    """Two adults, a minor of sixteen, a child of thirteen, and three operators, of whom one may decide about all."""

    ends = tuple(FAMILY_STORIES)
    answers = st.sampled_from(RelationAnswer)
    relations = st.sampled_from([PARENT, PARENT, Relation.SIBLING])
    which = st.integers(0, 3)

    def __init__(self) -> None:
        """Open a service."""
        super().__init__()
        self.family = Households(self.template)

    @override
    def close(self) -> None:
        """Close it."""
        self.family.close()

    @rule(span=st.sampled_from([{"minutes": 4}, {"hours": 25}, {"hours": 72}]))
    def wait(self, span: dict[str, float]) -> None:
        self.family.wait(**span)

    @rule(eve=st.booleans(), works=st.booleans())
    def have_a_birthday(self, eve: bool, works: bool) -> None:
        self.family.until_birthday(eve=eve)
        if works:
            self.family.work()

    @rule(doubts=st.booleans())
    def work(self, doubts: bool) -> None:
        self.family.work(doubts=doubts)

    @rule()
    def apply(self) -> None:
        self.family.apply()

    @rule(relation=relations)
    def invite(self, relation: Relation) -> None:
        if self.family.minor is not None:
            self.family.invite(self.family.minor, relation)

    @rule(who=people, which=which, answer=answers, right=st.booleans(), relation=relations)
    def confirm(self, who: int, which: int, answer: RelationAnswer, right: bool, relation: Relation) -> None:
        invited = [one for one in self.family.cares if one.digits]
        if invited:
            care = invited[-1 - which % len(invited)]
            self.family.confirm(self.family.account(who), care, answer=answer, right=right, relation=relation)

    @rule(who=people, answer=answers, ticked=st.booleans())
    def apply_for_child(self, who: int, answer: RelationAnswer, ticked: bool) -> None:
        self.family.apply_for_child(self.family.account(who), answer=answer, ticked=ticked)

    @rule(which=which, by=st.sampled_from(DECIDERS), holds=st.booleans())
    def decide(self, which: int, by: str, holds: bool) -> None:
        if self.family.cares:
            self.family.decide(self.family.cares[-1 - which % len(self.family.cares)], by=by, holds=holds)

    @rule(who=people, child=st.booleans(), act=st.sampled_from(["freeze", "release", "show", "end", "stay", "give up"]))
    def care(self, who: int, child: bool, act: str) -> None:
        family, ward = self.family, self.family.child if child else self.family.minor
        if ward is not None:
            verbs: dict[str, Callable[[Account, Ward], object]] = {
                "freeze": family.freeze_ward,
                "release": family.release_ward,
                "show": family.show_for,
                "end": family.end_for,
                "stay": family.undo_for,
                "give up": family.give_up,
            }
            verbs[act](family.account(who), ward)

    @rule(which=which, partner=partners, asked=wants)
    def present(self, which: int, partner: str, asked: frozenset[Claim]) -> None:
        if self.family.codes:
            self.family.present(self.family.codes[-1 - which % len(self.family.codes)], partner, asked)

    @rule(how=st.sampled_from(["pause", "risk", "hotline", "recover", "sign in", "unlock", "show", "leave", "undo"]))
    def be_a_ward(self, how: str) -> None:
        family, minor = self.family, self.family.minor
        if minor is not None and minor.has_account:
            verbs: dict[str, Callable[[Account], object]] = {
                "pause": lambda one: family.freeze(one, FreezeReason.PAUSE),
                "risk": family.freeze_by_risk,
                "hotline": lambda one: family.call_hotline(one, by=STAFF[1]),
                "recover": family.recover,
                "sign in": family.sign_in,
                "unlock": family.unlock,
                "show": family.show,
                "leave": family.leave,
                "undo": family.undo,
            }
            verbs[how](minor)

    @rule(how=st.sampled_from(["risk", "hotline", "recover"]))
    def be_a_child(self, how: str) -> None:
        family, child = self.family, self.family.child
        if child is not None and child.has_account:
            if how == "recover":
                family.recover_child(child)
            elif how == "risk":
                family.freeze_by_risk(child)
            else:
                family.call_hotline(child, by=STAFF[1])

    @rule(who=people, how=st.sampled_from(["settle", "settle", "freeze", "leave", "pause", "unlock", "register"]))
    def be_an_adult(self, who: int, how: str) -> None:
        family, account = self.family, self.family.account(who)
        if how == "settle":
            with suppress(NoWayBack):
                family.settle(who)
        elif how == "freeze":
            family.freeze(account, FreezeReason.PAUSE)
        elif how == "register":
            family.register(who, restricted=False)
        else:
            verbs = {"leave": family.leave, "pause": family.pause, "unlock": family.unlock}
            verbs[how](account)

    @override
    @rule(story=st.sampled_from(sorted(FAMILY_STORIES)), who=people)
    def tell(self, story: str, who: int) -> None:
        """Tell a story."""
        with suppress(NoWayBack):
            FAMILY_STORIES[story](self.family, who)
