"""Short stories: each brings a person to an account in use, and then tries what the agreement forbids.

They stand among the random events, so that every run tries each of them, in whatever state the events before left.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from eztong.domain.holder import FreezeReason
from tests.property.machines.asking import ASKS_FOR_MORE, WANTS
from tests.property.machines.ground import STAFF
from tests.property.machines.proposals import Proposals
from tests.property.machines.tickets import Tickets

ALL = WANTS[-1]
ADULT = WANTS[1]


def restricted_asks_for_more(town: Tickets, who: int) -> None:
    """A restricted account shows its code where more is asked, and approves a request there."""
    account = town.settle(who, restricted=True)
    code = town.show(account)
    assert code is not None
    town.present(code, ASKS_FOR_MORE, ADULT)
    town.answer(account, town.ask(ASKS_FOR_MORE, ADULT, days=1), approve=True)


def leaving_shows_a_code(town: Tickets, who: int) -> None:
    """Whoever leaves shows a code, and approves a request."""
    account = town.settle(who)
    asked = town.ask("hotel", ADULT, days=1)
    town.leave(account)
    town.show(account)
    town.answer(account, asked, approve=True)


def frozen_after_the_code(town: Tickets, who: int) -> None:
    """A code is shown, the account frozen, the code presented; the request that stood open, too."""
    account = town.settle(who)
    code, asked = town.show(account), town.ask("hotel", ADULT, days=1)
    town.freeze(account, FreezeReason.PAUSE)
    assert code is not None
    town.present(code, "hotel", ADULT)
    town.answer(account, asked, approve=True)


def withdrawn_shows_a_code(town: Tickets, who: int) -> None:
    """The authorisation is withdrawn, and a code shown and a request approved after it."""
    account = town.settle(who)
    code, asked = town.show(account), town.ask("hotel", ADULT, days=1)
    town.withdraw(account)
    assert code is not None
    town.present(code, "hotel", ADULT)
    town.show(account)
    town.answer(account, asked, approve=True)


def switched_off_after_the_code(town: Tickets, who: int) -> None:
    """A code is shown, the partner switched off, the code presented."""
    account = town.settle(who)
    code = town.show(account)
    town.switch(account, "hotel", on=False)
    assert code is not None
    town.present(code, "hotel", ADULT)


def locked_acts(town: Tickets, who: int) -> None:
    """Somebody finds the phone an hour after the last unlock."""
    account = town.settle(who)
    town.switch(account, "hotel", on=False)
    town.wait(hours=1)
    town.show(account)
    town.switch(account, "hotel", on=True)
    town.leave(account)


def granted_is_over(town: Tickets, who: int) -> None:
    """A grant of a day is withdrawn, another lapses; the partner asks for all of it again."""
    account = town.settle(who)
    town.answer(account, town.ask("hotel", ALL, days=1), approve=True)
    for given in [one for one in town.given if one.account is account]:
        town.withdraw_grant(account, given)
    code = town.show(account)
    assert code is not None
    town.present(code, "hotel", ALL)
    town.answer(account, town.ask("hotel", ADULT, days=1), approve=True)
    town.wait(days=2)
    account = town.settle(who)
    code = town.show(account)
    assert code is not None
    town.present(code, "hotel", ALL)


def ended_codes_are_presented(town: Tickets, who: int) -> None:
    """A used code, a superseded one and one whose life is over are presented once more."""
    account = town.settle(who)
    first, second = town.show(account), town.show(account)
    assert first is not None
    assert second is not None
    town.present(first, "hotel", ADULT)
    town.present(second, "hotel", ADULT)
    town.present(second, "hotel", ALL)
    third = town.show(account)
    assert third is not None
    town.wait(minutes=6)
    town.present(third, "hotel", ADULT)


def ended_request_is_answered(town: Tickets, who: int) -> None:
    """A request is answered twice, another after its time, on a page that stood open all the while."""
    account = town.settle(who)
    asked = town.ask("hotel", ADULT, days=1)
    town.answer(account, asked, approve=True)
    town.answer(account, asked, approve=True, stale=True)
    late = town.ask("hotel", ADULT, days=1)
    town.wait(minutes=11)
    account = town.settle(who)
    town.answer(account, late, approve=True, stale=True)
    town.answer(account, late, approve=False)


def frozen_by_others_comes_back(town: Tickets, who: int) -> None:
    """The risk rules freeze, and whoever has phone and PIN tries to lift that."""
    account = town.settle(who)
    town.freeze_by_risk(account)
    town.wait(days=1)
    town.recover(account)


def leaves_in_a_case(town: Tickets, who: int) -> None:
    """The risk rules freeze, and the person leaves, and registers anew."""
    town.freeze_by_risk(town.settle(who))
    town.settle(who)


def leaves_limited_for_a_case(town: Tickets, who: int) -> None:
    """Staff limit the account for misuse, and the person leaves, and registers anew."""
    account = town.settle(who)
    town.limit_for_misuse(account, on=True)
    town.leave(account)
    town.wait(hours=72)
    town.run_due()
    town.settle(who)


def undone_too_late(town: Tickets, who: int) -> None:
    """Number and secret come once the service has erased."""
    account = town.settle(who)
    ticket = town.leave(account)
    assert ticket is not None
    town.wait(hours=72)
    town.run_due()
    town.undo_by_secret(ticket)


def undone_while_it_rests(town: Tickets, who: int) -> None:
    """Number and secret come after the cooling, before the service has erased; and again."""
    account = town.settle(who)
    ticket = town.leave(account)
    assert ticket is not None
    town.wait(hours=72)
    town.undo_by_secret(ticket)
    town.run_due()
    town.undo_by_secret(ticket)


def undone_in_time(town: Tickets, who: int) -> None:
    """A deregistration is undone; the day comes, and nothing happens."""
    account = town.settle(who)
    town.leave(account)
    town.undo(account)
    town.wait(hours=72)
    town.run_due()


def undone_over_a_freeze(town: Tickets, who: int) -> None:
    """A deregistration is undone that was frozen over: the freeze stays."""
    account = town.settle(who)
    ticket = town.leave(account)
    assert ticket is not None
    town.freeze_by_risk(account)
    town.undo_by_secret(ticket)


def closed_ticket_goes_on(town: Tickets, who: int) -> None:
    """An operator ends a ticket, and its asker and another operator go on."""
    account = town.settle(who)
    ticket = town.write(None)
    if ticket is not None:
        town.reply(ticket, by=STAFF[1], closes=True)
        town.add(ticket, by=None)
        town.reply(ticket, by=STAFF[1], closes=False)
        town.add(ticket, by=account)


def tickets_of_another(town: Tickets, who: int) -> None:
    """Somebody who is signed in knows the number of another's ticket."""
    account, other = town.settle(who), town.settle(1 - who)
    account = town.settle(who)
    for one in (account, None):
        ticket = town.write(one)
        if ticket is not None:
            town.add(ticket, by=other)


def paused_is_used(town: Tickets, who: int) -> None:
    """The holder asks that nothing is used: no code passes, no request, no check; and then that it is used again."""
    account = town.settle(who)
    code, asked = town.show(account), town.ask("hotel", ADULT, days=1)
    town.pause(account)
    assert code is not None
    town.present(code, "hotel", ADULT)
    town.show(account)
    town.answer(account, asked, approve=True)
    town.check_identity(account, restricted=account.restricted)
    town.resume(account)
    town.show(account)


def checked_again(town: Tickets, who: int) -> None:
    """A document that is valid again opens what asks for more, and one that has run out closes it."""
    account = town.settle(who, restricted=True)
    for restricted in (False, True):
        town.check_identity(account, restricted=restricted)
        code = town.show(account)
        assert code is not None
        town.present(code, ASKS_FOR_MORE, ADULT)


def two_partners_compare(town: Tickets, who: int) -> None:
    """Both partners hear of both people."""
    for person in (who, 1 - who):
        account = town.settle(person)
        for partner in ("hotel", ASKS_FOR_MORE):
            code = town.show(account)
            assert code is not None
            town.present(code, partner, ADULT)


Story = Callable[[Tickets, int], None]
STORIES: Final[Mapping[str, Story]] = {
    story.__name__: story
    for story in (
        restricted_asks_for_more,
        leaving_shows_a_code,
        frozen_after_the_code,
        withdrawn_shows_a_code,
        switched_off_after_the_code,
        locked_acts,
        granted_is_over,
        ended_codes_are_presented,
        ended_request_is_answered,
        frozen_by_others_comes_back,
        leaves_in_a_case,
        leaves_limited_for_a_case,
        undone_too_late,
        undone_while_it_rests,
        undone_in_time,
        undone_over_a_freeze,
        closed_ticket_goes_on,
        tickets_of_another,
        paused_is_used,
        checked_again,
        two_partners_compare,
    )
}


def own_proposal_is_decided(office: Proposals, _who: int) -> None:
    """Who proposed decides, another name of the same person, and one whose secret both know."""
    first, again, given, *_ = office.members
    made = office.propose(first, 0, about=None)
    assert made is not None
    office.give_secret(first, given)
    for same in (first, again, given):
        office.decide(same, made, approve=True)


def about_oneself(office: Proposals, who: int) -> None:
    """An operator proposes, and decides, about the own account."""
    first, _, another, *_ = office.members
    office.propose(first, 1, about=0)
    made = office.propose(another, 1, about=0)
    assert made is not None
    office.decide(first, made, approve=True)
    office.decide(another, made, approve=False)
    assert who in (0, 1)


def ended_proposal_is_decided(office: Proposals, _who: int) -> None:
    """A rejected proposal is approved, one whose week is over, and one that was withdrawn."""
    first, _, another, *_ = office.members
    for number in range(3):
        made = office.propose(first, 2, about=None)
        assert made is not None
        if number == 0:
            office.decide(another, made, approve=False)
        elif number == 1:
            office.wait(days=7)
        else:
            office.withdraw(first, made)
        office.decide(another, made, approve=True)


OfficeStory = Callable[[Proposals, int], None]
OFFICE_STORIES: Final[Mapping[str, OfficeStory]] = {
    story.__name__: story for story in (own_proposal_is_decided, about_oneself, ended_proposal_is_decided)
}
