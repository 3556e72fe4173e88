"""Who attacks a little every day is told of every day: the first day's messages are not the last."""

from __future__ import annotations

from eztong.domain.access.otp import OtpPurpose
from eztong.domain.notices import Topic
from tests.flows.citizen.browser import Person
from tests.flows.proofs.stages import ATTACKER, VICTIM, Hand, Stage, ask

HOUR = 3600


def test_the_holder_hears_of_wrong_codes_on_every_day(stage: Stage, victim: Hand) -> None:
    told = []
    for step in range(36):
        stranger = stage.browser(ATTACKER, network=f"203.0.113.{step % 4}")
        ask(stranger, OtpPurpose.FREEZE, VICTIM)
        stranger.send("/lost/code", otp=f"{step:06d}", reason="pause")
        told.append(len(stage.messages(VICTIM.phone, Topic.WRONG_CODES)))
        stage.town.pass_time(8 * HOUR // 3)
    days = [told[9 * day + 8] for day in range(4)]
    assert days == sorted(set(days)), days
    assert victim.get("/me").status_code == 200


def test_the_holder_hears_of_second_applications_on_every_day(stage: Stage, victim: Hand) -> None:
    told = []
    for _day in range(3):
        for _ in range(6):
            stranger = stage.browser(Person(VICTIM.name, VICTIM.number, "19900000778"))
            stranger.bind_phone("19900000778")
            stranger.send("/register/identity", name=VICTIM.name, number=VICTIM.number)
            stage.town.pass_time(4 * HOUR)
        told.append(len(stage.messages(VICTIM.phone, Topic.REGISTERED_AGAIN)))
    assert told == sorted(set(told)), told
    assert victim.get("/me").status_code == 200
