"""The machines: random events in several sessions, among them short stories that try what is forbidden.

:class:`Town` drives accounts, codes, requests, grants, tickets and deregistrations of two people, at two partners, with
two operators and a clock that moves. :class:`Office` drives what takes two operators, and ``Families`` (in a module of
its own) guardians and wards. Whatever an event does is
compared with what :mod:`tests.property.machines.shadow` knows: it must have been refused where something forbids it,
and done where nothing does. A new kind of event is one more method of the ground, and one more rule here.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, multiple, rule
from typing_extensions import override

from eztong.domain.claims import Claim
from eztong.domain.codes.presentation_code import Channel
from eztong.domain.holder import FreezeReason
from tests.property.machines.asking import WANTS
from tests.property.machines.ground import PARTNERS, STAFF, Template
from tests.property.machines.holders import NoWayBack
from tests.property.machines.proposals import KEYS, Made, Proposals
from tests.property.machines.shadow import Asked, Code, Written
from tests.property.machines.stories import OFFICE_STORIES, STORIES
from tests.property.machines.tickets import Tickets

people = st.integers(0, 1)
partners = st.sampled_from(PARTNERS)
wants = st.sampled_from(WANTS)
spans = st.sampled_from(
    [{"seconds": 30}, {"minutes": 4}, {"minutes": 11}, {"hours": 26}, {"hours": 71}, {"hours": 72}, {"days": 8}]
)


class Told(RuleBasedStateMachine):
    """A machine whose examples end with a story, drawn when they begin."""

    template: ClassVar[Template]
    ends: ClassVar[Sequence[str]]

    def __init__(self) -> None:
        """Begin without a story: the first of all examples has none."""
        super().__init__()
        self.end = ""

    @initialize(story=st.integers(0, 999))
    def choose_the_end(self, story: int) -> None:
        if story:
            self.end = self.ends[story % len(self.ends)]

    @override
    def teardown(self) -> None:
        """Tell the story, unless a forbidden state was reached before it."""
        try:
            if self.end and sys.exc_info()[0] is None:
                self.tell(self.end, 1)
        finally:
            self.close()

    def tell(self, story: str, who: int) -> None:
        """Tell a story."""
        raise NotImplementedError

    def close(self) -> None:
        """Close the service."""
        raise NotImplementedError


class Town(Told):
    """Two people, two partners, two operators."""

    ends = tuple(STORIES)
    codes = Bundle("codes")
    requests = Bundle("requests")
    tickets = Bundle("tickets")

    def __init__(self) -> None:
        """Open a service."""
        super().__init__()
        self.town = Tickets(self.template)

    @override
    def close(self) -> None:
        """Close it."""
        self.town.close()

    @rule(span=spans)
    def wait(self, span: dict[str, float]) -> None:
        self.town.wait(**span)

    @rule(who=people)
    def unlock(self, who: int) -> None:
        self.town.unlock(self.town.account(who))

    @rule(target=codes, who=people, channel=st.sampled_from(Channel))
    def show(self, who: int, channel: Channel) -> object:
        return _one(self.town.show(self.town.account(who), channel))

    @rule(code=codes, partner=partners, asked=wants)
    def present(self, code: Code, partner: str, asked: frozenset[Claim]) -> None:
        self.town.present(code, partner, asked)

    @rule(target=requests, partner=partners, asked=wants, days=st.sampled_from([0, 1, 30]))
    def ask(self, partner: str, asked: frozenset[Claim], days: int) -> object:
        return self.town.ask(partner, asked, days=days)

    @rule(who=people, asked=requests, approve=st.booleans(), right=st.booleans(), stale=st.booleans())
    def answer(self, who: int, asked: Asked, approve: bool, right: bool, stale: bool) -> None:
        self.town.answer(self.town.account(who), asked, approve=approve, right=right, stale=stale)

    @rule(who=people, which=st.integers(0, 5))
    def withdraw_grant(self, who: int, which: int) -> None:
        if self.town.given:
            self.town.withdraw_grant(self.town.account(who), self.town.given[which % len(self.town.given)])

    @rule(who=people, partner=partners, on=st.booleans())
    def switch(self, who: int, partner: str, on: bool) -> None:
        self.town.switch(self.town.account(who), partner, on=on)

    @rule(partner=partners, suspended=st.booleans())
    def suspend(self, partner: str, suspended: bool) -> None:
        self.town.suspend(partner, suspended=suspended)

    @rule(who=people, how=st.sampled_from(["pause", "stolen", "risk", "hotline"]))
    def freeze(self, who: int, how: str) -> None:
        account = self.town.account(who)
        if how == "risk":
            self.town.freeze_by_risk(account)
        elif how == "hotline":
            self.town.call_hotline(account, by=STAFF[1])
        else:
            self.town.freeze(account, FreezeReason.PAUSE if how == "pause" else FreezeReason.ACCOUNT_STOLEN)

    @rule(who=people, on=st.booleans())
    def limit_for_misuse(self, who: int, on: bool) -> None:
        self.town.limit_for_misuse(self.town.account(who), on=on)

    @rule(who=people, on=st.booleans())
    def pause(self, who: int, on: bool) -> None:
        (self.town.pause if on else self.town.resume)(self.town.account(who))

    @rule(who=people, restricted=st.booleans())
    def check_identity(self, who: int, restricted: bool) -> None:
        self.town.check_identity(self.town.account(who), restricted=restricted)

    @rule(who=people)
    def sign_in(self, who: int) -> None:
        self.town.sign_in(self.town.account(who))

    @rule(who=people)
    def recover(self, who: int) -> None:
        self.town.recover(self.town.account(who))

    @rule(who=people)
    def withdraw_authorisation(self, who: int) -> None:
        self.town.withdraw(self.town.account(who))

    @rule(who=people)
    def accept(self, who: int) -> None:
        self.town.accept(self.town.account(who))

    @rule(target=tickets, who=people)
    def leave(self, who: int) -> object:
        return _one(self.town.leave(self.town.account(who)))

    @rule(who=people)
    def undo(self, who: int) -> None:
        self.town.undo(self.town.account(who))

    @rule(ticket=tickets)
    def undo_by_secret(self, ticket: Written) -> None:
        self.town.undo_by_secret(ticket)

    @rule()
    def run_due(self) -> None:
        self.town.run_due()

    @rule(who=people, restricted=st.booleans())
    def register(self, who: int, restricted: bool) -> None:
        self.town.register(who, restricted=restricted)

    @rule(target=tickets, who=st.none() | people)
    def write(self, who: int | None) -> object:
        return _one(self.town.write(None if who is None else self.town.account(who)))

    @rule(ticket=tickets, by=st.none() | people)
    def add(self, ticket: Written, by: int | None) -> None:
        self.town.add(ticket, by=None if by is None else self.town.account(by))

    @rule(ticket=tickets, by=st.sampled_from(STAFF), closes=st.booleans())
    def reply(self, ticket: Written, by: str, closes: bool) -> None:
        self.town.reply(ticket, by=by, closes=closes)

    @override
    @rule(story=st.sampled_from(sorted(STORIES)), who=people)
    def tell(self, story: str, who: int) -> None:
        """Tell a story, with partners that nobody suspended."""
        for partner in PARTNERS:
            self.town.suspend(partner, suspended=False)
        with suppress(NoWayBack):
            STORIES[story](self.town, who)


class Office(Told):
    """Four names of three people who may propose and decide, and a clerk who may not."""

    ends = tuple(OFFICE_STORIES)
    made = Bundle("made")
    members = st.integers(0, 4)
    abouts = st.none() | people

    def __init__(self) -> None:
        """Open a service."""
        super().__init__()
        self.office = Proposals(self.template)

    @override
    def tell(self, story: str, who: int) -> None:
        """Tell a story."""
        OFFICE_STORIES[story](self.office, who)

    @override
    def close(self) -> None:
        """Close it."""
        self.office.close()

    @rule(days=st.sampled_from([1, 6, 7]))
    def wait(self, days: int) -> None:
        self.office.wait(days=days)

    @rule(target=made, by=members, key=st.integers(0, len(KEYS) - 1), about=abouts)
    def propose(self, by: int, key: int, about: int | None) -> object:
        return _one(self.office.propose(self.office.members[by], key, about=about))

    @rule(by=members, made=made, approve=st.booleans())
    def decide(self, by: int, made: Made, approve: bool) -> None:
        self.office.decide(self.office.members[by], made, approve=approve)

    @rule(by=members, made=made)
    def withdraw(self, by: int, made: Made) -> None:
        self.office.withdraw(self.office.members[by], made)

    @rule(by=members, whom=members)
    def give_secret(self, by: int, whom: int) -> None:
        self.office.give_secret(self.office.members[by], self.office.members[whom])

    @rule(by=members, whom=st.sampled_from([1, 3]))
    def disable(self, by: int, whom: int) -> None:
        self.office.disable(self.office.members[by], self.office.members[whom])


def _one(made: object) -> object:
    return multiple() if made is None else made
