"""What waits and what stops it are proofs, too: each serves one account, one recovery, once, and opens nothing else."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Final

import pytest

from eztong.domain.access.otp import OtpPurpose
from eztong.domain.holder import HolderState
from eztong.domain.notices import Topic
from eztong.domain.recovery import RecoveryState
from tests.flows.citizen.browser import PIN, Person
from tests.flows.proofs.stages import ATTACKER, VICTIM, Hand, Stage, ask, begin_to_wait, finish, forgot
from tests.flows.proofs.test_matrix import PARAMS, PLACES, is_bound

DAY: Final = 24 * 3600
NEW_PIN: Final = "402983"
ACTS: Final = ("stop", "freeze", "finish", "withdraw", "agree", "")
SECRETS: Final = (VICTIM.name, VICTIM.number, VICTIM.phone, "测*一", "199****0001", "1****************X")
LINK: Final = "/recover/stop/{token}"
EITHER = pytest.mark.parametrize(
    ("person", "other"), [(VICTIM, ATTACKER), (ATTACKER, VICTIM)], ids=["victim-attacker", "attacker-victim"]
)


def waits(stage: Stage, person: Person) -> Hand:
    """Let a recovery of a person's account wait in a browser of its own."""
    stage.pass_time(61)
    hand = stage.browser(person)
    begin_to_wait(hand, person)
    assert hand.at() == "/recover/waiting", hand.page.text
    return hand


def press(hand: Hand, link: str, act: str) -> int:
    """Press a button of the link's page; return the status of the answer, before it leads on."""
    hand.get("/recover")
    form = hand.hidden() | {"act": act}
    status: int = hand.client.post(link, data=form, follow_redirects=False).status_code
    return status


def come(hand: Hand) -> None:
    """Press what opens the account, whether the page shows it or not."""
    hand.get("/recover")
    hand.send("/recover/waiting", act="finish")


@pytest.fixture
def both(stage: Stage, victim: Hand, attacker: Hand) -> dict[Person, Hand]:
    """A recovery of either account waits, each in a browser of its own."""
    assert victim.person is not attacker.person
    return {person: waits(stage, person) for person in (VICTIM, ATTACKER)}


@pytest.mark.parametrize("act", ["stop", "freeze"])
@EITHER
def test_a_link_stops_the_recovery_that_it_was_sent_for_once_and_gives_no_session(
    stage: Stage, both: dict[Person, Hand], person: Person, other: Person, act: str
) -> None:
    assert all(hand.at() == "/recover/waiting" for hand in both.values())
    link, presser = stage.stop_link(person), stage.browser(other)
    assert not any(secret in presser.get(link).text for secret in SECRETS)
    untouched = stage.standing(stage.holder(other).holder_id)
    assert press(presser, link, act) == 303
    assert stage.recovery_of(person) is RecoveryState.STOPPED
    frozen = stage.holder(person).state is HolderState.FROZEN
    assert frozen is (act == "freeze")
    assert stage.standing(stage.holder(other).holder_id) == untouched
    before = stage.standings()
    for again in ACTS:
        assert press(presser, link, again) == 409
    assert stage.standings() == before
    assert not is_bound(presser)


def test_a_link_does_nothing_at_any_other_address_that_takes_forms(stage: Stage, both: dict[Person, Hand]) -> None:
    token = stage.stop_link(VICTIM).rpartition("/")[2]
    strangers = [stage.browser(ATTACKER), both[ATTACKER]]
    as_session = stage.browser(ATTACKER)
    as_session.bring_token(token)
    before = stage.standings()
    for hand, path in itertools.product((*strangers, as_session), sorted(set(PLACES) - {LINK, "/register"})):
        hand.get("/recover")
        typed = dict.fromkeys(("slip", "otp", "pin", "again", "credential", "password", "login"), token)
        form = hand.hidden() | typed | {"act": "freeze", "reason": "pause"} | forgot(VICTIM)
        hand.client.post(path.format(**dict.fromkeys(PARAMS, token)), data=form)
        assert stage.standings() == before, path
        assert not is_bound(hand)


def replace_it(stage: Stage, both: dict[Person, Hand]) -> None:
    both[VICTIM] = waits(stage, VICTIM)


def give_it_up(_stage: Stage, both: dict[Person, Hand]) -> None:
    both[VICTIM].get("/recover/waiting")
    both[VICTIM].send("/recover/waiting", act="withdraw")


def complete_it(stage: Stage, both: dict[Person, Hand]) -> None:
    stage.pass_time(DAY)
    finish(both[VICTIM])


def let_it_lapse(stage: Stage, _both: dict[Person, Hand]) -> None:
    stage.pass_time(8 * DAY)


@pytest.mark.parametrize("end", [replace_it, give_it_up, complete_it, let_it_lapse])
def test_a_link_ends_with_its_recovery(
    stage: Stage, both: dict[Person, Hand], end: Callable[[Stage, dict[Person, Hand]], None]
) -> None:
    link, presser = stage.stop_link(VICTIM), stage.browser(ATTACKER)
    end(stage, both)
    before = stage.standings()
    for act in ACTS:
        assert press(presser, link, act) == 409
    assert stage.standings() == before


def test_the_link_comes_to_the_account_s_own_phone_only(stage: Stage, both: dict[Person, Hand]) -> None:
    assert len(both) == 2
    links = {person: stage.stop_link(person) for person in both}
    assert links[VICTIM] != links[ATTACKER]
    for person in both:
        assert len(stage.messages(person.phone, Topic.RECOVERY_WAITING)) == 1


@EITHER
def test_only_the_browser_that_waited_comes_for_its_own_account_when_it_is_due_and_once(
    stage: Stage, both: dict[Person, Hand], person: Person, other: Person
) -> None:
    mine, strangers = both[person], [stage.browser(person), stage.browser(other)]
    untouched, before = stage.standing(stage.holder(other).holder_id), stage.standings()
    for hand, seconds in ((mine, DAY - 200), (mine, 200), *((stranger, 0) for stranger in strangers)):
        come(hand)
        assert stage.standings() == before, "not yet, or not this browser"
        assert not is_bound(hand)
        stage.pass_time(seconds)
    waited = list(mine.client.cookies.jar)
    come(mine)
    assert mine.at() == "/unlock/setup"
    assert stage.recovery_of(person) is RecoveryState.COMPLETED
    mine.set_pin(NEW_PIN)
    assert stage.standing(stage.holder(other).holder_id) == untouched
    after = stage.standings()
    mine.client.cookies.clear()
    for cookie in waited:
        mine.client.cookies.jar.set_cookie(cookie)
    come(mine)
    assert stage.standings() == after
    assert not is_bound(mine)


def test_pressing_stop_in_a_session_stops_what_waits_for_its_own_account_only(
    stage: Stage, victim: Hand, both: dict[Person, Hand]
) -> None:
    assert both[VICTIM].at() == "/recover/waiting"
    victim.get("/recover")
    victim.send("/recover/stop")
    assert stage.recovery_of(VICTIM) is RecoveryState.STOPPED
    assert stage.recovery_of(ATTACKER) is RecoveryState.WAITING


@EITHER
def test_a_right_code_with_the_data_of_the_other_account_begins_nothing(
    stage: Stage, victim: Hand, attacker: Hand, person: Person, other: Person
) -> None:
    assert victim.person is not attacker.person
    stage.pass_time(61)
    before, hand = stage.standings(), stage.browser(person)
    ask(hand, OtpPurpose.RECOVER, person)
    hand.send("/recover/code", otp=hand.newest_otp(), **forgot(other))
    assert hand.page.status_code == 409
    assert stage.standings() == before
    hand.send("/recover/code", otp=hand.newest_otp(), pin=PIN)
    assert hand.at() == "/recover/done"
