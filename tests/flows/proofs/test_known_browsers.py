"""The note by which a browser is known: whoever copies it, or makes many, closes nothing to the holder."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from eztong.domain.access.otp import SENDS_BY_KNOWN, SENDS_OF_RESERVE, OtpPurpose
from eztong.domain.notices import Topic
from tests.flows.citizen.browser import PIN
from tests.flows.proofs.stages import ATTACKER, VICTIM, Hand, Stage, ask, live

NOTE: Final = "ezt_known"


def note_of(hand: Hand) -> str:
    return next(one.value or "" for one in hand.client.cookies.jar if one.name.endswith(NOTE))


def drop(hand: Hand) -> None:
    for cookie in [one for one in hand.client.cookies.jar if one.name.endswith(NOTE)]:
        hand.client.cookies.jar.clear(cookie.domain, cookie.path, cookie.name)


def bring(hand: Hand, note: str) -> None:
    drop(hand)
    prefix = "__Host-" if hand.client.base_url.scheme == "https" else ""
    hand.client.cookies.set(f"{prefix}{NOTE}", note, domain="testserver.local", path="/")


def test_a_copied_note_closes_nothing_to_the_browser_that_it_was_made_for(stage: Stage, victim: Hand) -> None:
    for _ in range(SENDS_BY_KNOWN.amount + 5):
        thief = stage.browser(ATTACKER)
        bring(thief, note_of(victim))
        ask(thief, OtpPurpose.FREEZE, VICTIM)
    victim.forget_session()
    before = len(stage.messages(VICTIM.phone, Topic.OTP))
    ask(victim, OtpPurpose.FREEZE, VICTIM)
    assert len(stage.messages(VICTIM.phone, Topic.OTP)) == before + 1, victim.page.text


def test_one_account_has_one_share_however_often_its_note_is_made(stage: Stage, victim: Hand) -> None:
    notes = []
    for _ in range(4):
        drop(victim)
        victim.unlock()
        notes.append(note_of(victim))
    before = len(stage.messages(VICTIM.phone, Topic.OTP))
    for note in notes:
        for _ in range(SENDS_BY_KNOWN.amount):
            one = stage.browser(VICTIM, network="198.51.100.9")
            bring(one, note)
            ask(one, OtpPurpose.RECOVER, VICTIM)
    # The account's own share, and then what a strange network may have.
    assert len(stage.messages(VICTIM.phone, Topic.OTP)) - before <= SENDS_BY_KNOWN.amount + 20 + SENDS_OF_RESERVE.amount


def test_strangers_of_many_networks_keep_nobody_from_recovering_on_a_new_phone(stage: Stage) -> None:
    """All messages of the day are spent; the reserve code serves a browser that nobody has ever seen."""
    stage.browser(VICTIM).register(VICTIM)
    for network in range(4):
        for _ in range(20):
            ask(stage.browser(ATTACKER, network=f"203.0.113.{network}"), OtpPurpose.RECOVER, VICTIM)
    assert stage.messages(ATTACKER.phone, Topic.OTP) == []
    new = stage.browser(VICTIM, network="198.51.100.9")
    ask(new, OtpPurpose.RECOVER, VICTIM)
    new.send("/recover/code", otp=new.newest_otp(), pin=PIN)
    assert new.at() == "/recover/done", new.page.text


def test_notes_of_one_account_are_no_way_around_the_limits_of_a_network(tmp_path: Path) -> None:
    with live(tmp_path) as stage:
        hand = stage.browser(ATTACKER)
        hand.register(ATTACKER)
        statuses = []
        for _ in range(3):
            drop(hand)
            hand.get("/unlock")
            hand.send("/unlock", pin=PIN)
            note = note_of(hand)
            one = stage.browser(ATTACKER)
            bring(one, note)
            for _ in range(30):
                one.get("/recover")
                one.send("/recover", name="王小明", number=VICTIM.number)
                statuses.append(one.page.status_code)
        # The account's own thirty an hour, and the network's.
        assert statuses.count(429) >= 30
