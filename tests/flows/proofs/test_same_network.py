"""Two who share a network: a stranger closes nothing that the holder needs, and nobody has more than one share more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest

from eztong.citizen.limits import SENDS
from eztong.domain.access.otp import OtpPurpose
from eztong.domain.holder import HolderState
from tests.flows.citizen.browser import PIN
from tests.flows.proofs.stages import ATTACKER, VICTIM, Hand, Stage, ask, live
from tests.simulators.outside.authenticator import Authenticator
from tests.simulators.quick_files import folder_in_memory

OK: Final = 200
TOO_MANY: Final = 429
A_FLOOD: Final = 130
"""More than any limit of a network was, when strangers could close these ways."""
SIGN_INS: Final = SENDS[OtpPurpose.SIGN_IN].amount


@pytest.fixture
def stage() -> Iterator[Stage]:
    with folder_in_memory("stage-") as folder, live(folder) as running:
        yield running


def post(hand: Hand, path: str, **fields: str) -> Any:  # noqa: ANN401 - an answer of the test client
    return hand.client.post(path, data=hand.hidden() | fields)


def by_passkey(hand: Hand, made: Authenticator, path: str, **fields: str) -> dict[str, Any]:
    """Answer the challenge of ``path``; return what the page's script is told."""
    options = post(hand, f"{path}/options")
    assert options.status_code == OK, options.text
    told: dict[str, Any] = post(hand, path, credential=made.sign(options.json()["options"]), **fields).json()
    return told


def give_passkey(stage: Stage, hand: Hand) -> Authenticator:
    url = stage.town.services.deployment.public_url
    made = Authenticator(url, url.removeprefix("https://").partition(":")[0])
    hand.unlock()
    hand.get("/me/devices")
    options = post(hand, "/me/passkeys/options").json()["options"]
    assert "next" in post(hand, "/me/passkeys", credential=made.make(options)).json()
    return made


def drop_note(hand: Hand) -> None:
    for cookie in [one for one in hand.client.cookies.jar if one.name.endswith("ezt_known")]:
        hand.client.cookies.jar.clear(cookie.domain, cookie.path, cookie.name)


def flood(stage: Stage) -> Counter[tuple[str, int]]:
    """Let a stranger in the victim's network ask for everything that costs nobody anything, and for messages."""
    stranger = stage.browser(ATTACKER)
    stranger.get("/lost")
    seen: Counter[tuple[str, int]] = Counter()

    def many(path: str, times: int, **fields: str) -> None:
        for _ in range(times):
            seen[path, post(stranger, path, **fields).status_code] += 1

    for way in ("/lost", "/sign-in", "/recover", "/unlock"):
        many(f"{way}/passkey/options", A_FLOOD)
        many(f"{way}/passkey", A_FLOOD, credential="{}")
    many("/lost/code", A_FLOOD, otp="1", slip="x", reason="pause")
    many("/lost/code", A_FLOOD, otp="123456", slip="x", reason="pause")
    many("/sign-in/code", A_FLOOD, otp="123456", slip="x", pin=PIN)
    many("/recover/code", A_FLOOD, otp="123456", slip="x", pin=PIN)
    many("/unlock", A_FLOOD, pin=PIN)
    many("/lost", A_FLOOD, name="王小明", number="1", reason="pause")
    many("/lost", A_FLOOD, name="7", number=VICTIM.number, reason="pause")
    many("/sign-in", A_FLOOD, phone="1")
    # What is really asked for is limited, each by itself.
    many("/sign-in", 2 * SIGN_INS, phone="19912345678")
    many("/recover", 2 * SIGN_INS, name="王小明", number=VICTIM.number)
    return seen


def test_a_stranger_in_the_holder_s_network_closes_no_way_that_the_holder_needs(stage: Stage, victim: Hand) -> None:
    held = give_passkey(stage, victim)
    seen = flood(stage)
    assert seen["/sign-in", TOO_MANY] >= SIGN_INS, "the flood is one"
    assert seen["/recover", TOO_MANY] >= SIGN_INS
    # In the browser that is signed in.
    victim.get("/unlock")
    assert victim.send("/unlock", pin=PIN).status_code == OK
    assert "next" in by_passkey(victim, held, "/unlock/passkey")
    # In one that was.
    victim.forget_session()
    stage.pass_time(61)
    assert ask(victim, OtpPurpose.SIGN_IN, VICTIM)
    victim.send("/sign-in/code", otp=victim.newest_otp(), pin=PIN)
    assert victim.at() not in {"/sign-in", "/sign-in/code"}, victim.page.text
    victim.forget_session()
    assert ask(victim, OtpPurpose.RECOVER, VICTIM)
    victim.send("/recover/code", otp=victim.newest_otp(), pin=PIN)
    assert victim.at() == "/recover/done", victim.page.text
    # In one that never was.
    new = stage.browser(VICTIM)
    assert ask(new, OtpPurpose.FREEZE, VICTIM)
    new.send("/lost/code", otp=new.newest_otp(), reason="pause")
    assert stage.holder(VICTIM).state is HolderState.FROZEN


def test_a_passkey_opens_its_ways_in_a_flooded_network(stage: Stage, victim: Hand) -> None:
    held = give_passkey(stage, victim)
    flood(stage)
    for path in ("/sign-in/passkey", "/lost/passkey"):
        new = stage.browser(VICTIM)
        new.get("/lost")
        assert "next" in by_passkey(new, held, path, reason="phone_lost"), path


# --- nobody multiplies --------------------------------------------------------------------------------------------


def sends(stage: Stage, bring: Callable[[Hand], None]) -> int:
    """Ask for messages in new browsers, with what ``bring`` gives each, until the limit says no; return how often."""
    for number in range(4 * SIGN_INS):
        hand = stage.browser(ATTACKER)
        bring(hand)
        hand.get("/sign-in")
        if hand.send("/sign-in", phone=f"199{number:08d}").status_code == TOO_MANY:
            return number
    return 4 * SIGN_INS


def carrying(hand: Hand) -> Callable[[Hand], None]:
    """Return what gives another browser the note of this one."""
    notes = [(one.name, one.value or "") for one in hand.client.cookies.jar if one.name.endswith("ezt_known")]

    def bring(other: Hand) -> None:
        for name, value in notes:
            other.client.cookies.set(name, value, domain="testserver.local", path="/")

    return bring


def test_a_share_is_one_for_each_account_however_often_its_note_is_thrown_away(stage: Stage) -> None:
    hand = stage.browser(ATTACKER)
    hand.register(ATTACKER)
    made = give_passkey(stage, hand)
    total = sends(stage, carrying(hand))
    for _ in range(3):
        fresh = stage.browser(ATTACKER)
        fresh.get("/sign-in")
        assert "next" in by_passkey(fresh, made, "/sign-in/passkey")
        total += sends(stage, carrying(fresh))
        drop_note(fresh)
    # The account's share and the network's.
    assert total == 2 * SIGN_INS


def test_applications_are_no_accounts_and_have_no_share(stage: Stage) -> None:
    total = 0
    for number in range(3):
        stage.pass_time(61)
        hand = stage.browser(ATTACKER)
        hand.bind_phone(ATTACKER.phone)
        assert any(one.name.endswith("ezt_known") for one in hand.client.cookies.jar), number
        total += sends(stage, carrying(hand))
    assert total == SIGN_INS


def test_two_accounts_of_two_people_have_two_shares(stage: Stage, victim: Hand) -> None:
    other = stage.browser(ATTACKER)
    other.register(ATTACKER)
    assert sends(stage, carrying(victim)) + sends(stage, carrying(other)) == 3 * SIGN_INS
