"""Somebody with an account of the own and a victim's name, number and phone, and nothing else, tries every journey."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Final

import pytest

from eztong.domain.access.otp import OtpPurpose
from eztong.domain.holder import HolderState
from eztong.domain.notices import Topic
from tests.flows.citizen.browser import PIN, Person
from tests.flows.proofs.stages import (
    ATTACKER,
    CODE_PAGES,
    MODES,
    VICTIM,
    Hand,
    Stage,
    ask,
    begin_to_wait,
    finish,
    forgot,
)
from tests.simulators.quick_files import folder_in_memory

OTHER_PIN: Final = "402983"
HOUR: Final = 3600
DAY: Final = 24 * HOUR
TYPED: Final[tuple[dict[str, str], ...]] = (
    {"pin": PIN},
    {"pin": OTHER_PIN},
    forgot(VICTIM),
    forgot(ATTACKER),
    {"act": "forgot"},
    {},
)
GUESSES: Final = ("000000", "123456", "0000000000")
BOTH_WAYS: Final = ((VICTIM, ATTACKER), (ATTACKER, VICTIM))


def mix_two_accounts(hand: Hand, purpose: OtpPurpose) -> None:
    """Ask for both accounts in one browser, in each order, and type the own code into every form."""
    _path, code = CODE_PAGES[purpose]
    for order in BOTH_WAYS:
        one = hand.stage.browser(ATTACKER)
        if purpose is OtpPurpose.REGISTER:
            one.accept()
        slips = [ask(one, purpose, person) for person in order]
        otp = one.newest_otp()
        csrf = one.hidden()
        for slip, typed in itertools.product((*slips, "", "otp_00000000000000000000000000"), TYPED):
            if (slip, order[-1]) != (slips[-1], ATTACKER):
                one.client.post(code, data=csrf | {"slip": slip, "otp": otp, "reason": "phone_lost"} | typed)


def carry_to_another_browser(hand: Hand, purpose: OtpPurpose) -> None:
    """Type the own code into a form for the victim that stands in another browser, and the other way round."""
    _path, code = CODE_PAGES[purpose]
    mine, theirs = hand.stage.browser(ATTACKER), hand.stage.browser(ATTACKER)
    if purpose is OtpPurpose.REGISTER:
        mine.accept()
        theirs.accept()
    my_slip, their_slip = ask(mine, purpose, ATTACKER), ask(theirs, purpose, VICTIM)
    otp = mine.newest_otp()
    for slip, typed in itertools.product((my_slip, their_slip), TYPED):
        theirs.client.post(code, data=theirs.hidden() | {"slip": slip, "otp": otp, "reason": "pause"} | typed)
    for typed in TYPED:
        mine.client.post(code, data=mine.hidden() | {"slip": their_slip, "otp": otp, "reason": "pause"} | typed)


def type_codes_of_other_purposes(hand: Hand, purpose: OtpPurpose) -> None:
    """Type an own code of every other purpose into the victim's form."""
    _path, code = CODE_PAGES[purpose]
    for other in set(OtpPurpose) - {purpose}:
        one = hand.stage.browser(ATTACKER)
        one.accept()
        slip = ask(one, other, ATTACKER)
        otp = one.newest_otp()
        ask(one, purpose, VICTIM)
        form = one.hidden()
        for chosen, typed in itertools.product(({}, {"slip": slip}), TYPED):
            one.client.post(code, data=form | chosen | {"otp": otp, "reason": "pause"} | typed)


def type_the_victim_s_data_with_an_own_code(hand: Hand, purpose: OtpPurpose) -> None:
    """Ask for the own account, and say with the right code that it was the victim's."""
    _path, code = CODE_PAGES[purpose]
    one = hand.stage.browser(ATTACKER)
    if purpose is OtpPurpose.REGISTER:
        one.accept()
    ask(one, purpose, ATTACKER)
    form = one.hidden() | {"otp": one.newest_otp(), "reason": "pause", "phone": VICTIM.phone}
    one.client.post(code, data=form | forgot(VICTIM))


def let_an_own_recovery_wait(hand: Hand, purpose: OtpPurpose) -> None:
    """Ask for the victim's account in a browser that waits for the own one, and try all that such a browser has."""
    _path, code = CODE_PAGES[purpose]
    one = hand.stage.browser(ATTACKER)
    begin_to_wait(one, ATTACKER)
    link = hand.stage.stop_link(ATTACKER)
    if purpose is OtpPurpose.REGISTER:
        one.accept()
    slip = ask(one, purpose, VICTIM)
    csrf = one.hidden()
    for typed in TYPED:
        one.client.post(code, data=csrf | {"slip": slip, "otp": "000000", "reason": "pause"} | typed)
    for path in ("/recover/waiting", "/recover/stop", link):
        for act in ("finish", "withdraw", "freeze", "stop"):
            one.client.post(path, data=csrf | {"act": act})


def guess(hand: Hand, purpose: OtpPurpose) -> None:
    """Guess in fresh browsers until well beyond what is compared."""
    _path, code = CODE_PAGES[purpose]
    for _ in range(5):
        one = hand.stage.browser(ATTACKER)
        if purpose is OtpPurpose.REGISTER:
            one.accept()
        ask(one, purpose, VICTIM)
        form = one.hidden()
        for otp, typed in itertools.product(GUESSES, TYPED[:2]):
            one.client.post(code, data=form | {"otp": otp, "reason": "pause"} | typed)


def ask_without_end(hand: Hand, purpose: OtpPurpose) -> None:
    """Spend every message that strangers of this network may have."""
    for _ in range(25):
        one = hand.stage.browser(ATTACKER)
        if purpose is OtpPurpose.REGISTER:
            one.accept()
        ask(one, purpose, VICTIM)


ATTACKS: Final[tuple[Callable[[Hand, OtpPurpose], None], ...]] = (
    mix_two_accounts,
    carry_to_another_browser,
    type_codes_of_other_purposes,
    type_the_victim_s_data_with_an_own_code,
    let_an_own_recovery_wait,
    guess,
    ask_without_end,
)


@pytest.fixture(params=sorted(MODES))
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    """Each mode in turn."""
    with folder_in_memory("stage-") as folder, MODES[request.param](folder) as running:
        yield running


def works_for_the_victim(stage: Stage, hand: Hand) -> None:
    """Sign in, freeze, recover with the PIN at once, and recover without it after the wait."""
    hand.forget_session()
    ask(hand, OtpPurpose.SIGN_IN, VICTIM)
    hand.send("/sign-in/code", otp=hand.newest_otp(), pin=PIN)
    assert hand.at() == "/code", hand.page.text
    hand.forget_session()
    ask(hand, OtpPurpose.FREEZE, VICTIM)
    hand.send("/lost/code", otp=hand.newest_otp())
    assert stage.holder(VICTIM).state is HolderState.FROZEN
    ask(hand, OtpPurpose.RECOVER, VICTIM)
    hand.send("/recover/code", otp=hand.newest_otp(), pin=PIN)
    assert hand.at() == "/recover/done", hand.page.text
    assert stage.holder(VICTIM).state is HolderState.ACTIVE
    assert hand.get("/code").url.path == "/code"
    hand.forget_session()
    begin_to_wait(hand, VICTIM)
    assert hand.at() == "/recover/waiting", hand.page.text
    finish(hand)
    assert hand.get("/code").url.path != "/code", "it waits"
    stage.pass_time(DAY)
    finish(hand)
    assert hand.at() == "/unlock/setup", hand.page.text
    hand.set_pin(OTHER_PIN)
    assert hand.get("/code").url.path == "/code"


@pytest.mark.parametrize("purpose", OtpPurpose)
def test_nothing_of_the_victim_changes_and_the_victim_is_kept_from_nothing(
    stage: Stage, victim: Hand, attacker: Hand, purpose: OtpPurpose
) -> None:
    holder_id = stage.holder(VICTIM).holder_id
    before = stage.standing(holder_id)
    for attack in ATTACKS:
        # What a network may try in an hour is not what keeps the attacker out.
        stage.pass_time(HOUR)
        attack(attacker, purpose)
        assert stage.standing(holder_id) == before, attack.__name__
    assert stage.messages(ATTACKER.phone, Topic.OTP), "the attacker read the own codes"
    works_for_the_victim(stage, victim)


def test_registering_with_the_victim_s_data_gives_nothing_and_the_victim_is_told(
    stage: Stage, victim: Hand, attacker: Hand
) -> None:
    before = stage.standing(stage.holder(VICTIM).holder_id)
    attacker.accept()
    attacker.send("/register/phone", phone="19900000778")
    attacker.person = Person(VICTIM.name, VICTIM.number, "19900000778")
    attacker.send("/register/otp", otp=attacker.newest_otp())
    page = attacker.send("/register/identity", name=VICTIM.name, number=VICTIM.number)
    assert 'data-state="refused"' in page.text
    attacker.set_pin(OTHER_PIN)
    assert attacker.get("/code").url.path != "/code"
    assert stage.standing(stage.holder(VICTIM).holder_id) == before
    assert len(stage.messages(VICTIM.phone, Topic.REGISTERED_AGAIN)) == 1
    works_for_the_victim(stage, victim)


def test_the_own_account_opens_nothing_of_the_victim_s(stage: Stage, victim: Hand, attacker: Hand) -> None:
    before = stage.standing(stage.holder(VICTIM).holder_id)
    ask(attacker, OtpPurpose.SIGN_IN, ATTACKER)
    attacker.send("/sign-in/code", otp=attacker.newest_otp(), pin=PIN)
    assert attacker.at() == "/code"
    for path in ("/me", "/me/data", "/me/devices", "/records", "/grants", "/code", "/unlock"):
        page = attacker.get(path).text
        assert VICTIM.number not in page
        assert VICTIM.phone not in page
    attacker.get("/unlock")
    attacker.send("/unlock", pin=PIN)
    assert stage.standing(stage.holder(VICTIM).holder_id) == before
    works_for_the_victim(stage, victim)


def test_after_every_attack_a_new_browser_of_the_victim_in_another_network_works_too(
    stage: Stage, victim: Hand, attacker: Hand
) -> None:
    before = stage.standing(stage.holder(VICTIM).holder_id)
    for attack, purpose in itertools.product((mix_two_accounts, guess, ask_without_end), OtpPurpose):
        stage.pass_time(HOUR)
        attack(attacker, purpose)
    assert stage.standing(stage.holder(VICTIM).holder_id) == before
    works_for_the_victim(stage, stage.browser(VICTIM, network="198.51.100.9"))
    assert victim.get("/code").url.path != "/code", "the victim's own new device superseded the earlier one"
