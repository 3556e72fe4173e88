"""Passkeys: an answer serves its purpose, browser and account, once, and only to the newest challenge."""

from __future__ import annotations

import itertools
from typing import Any, Final

import pytest

from eztong.domain.access.otp import OtpPurpose
from eztong.domain.access.passkey import PasskeyPurpose
from tests.flows.citizen.browser import PIN
from tests.flows.proofs.stages import ATTACKER, VICTIM, Hand, Stage, ask
from tests.simulators.outside.authenticator import Authenticator

OPTIONS: Final = {
    PasskeyPurpose.REGISTER: ("/me/passkeys/options", "/me/passkeys"),
    PasskeyPurpose.UNLOCK: ("/unlock/passkey/options", "/unlock/passkey"),
    PasskeyPurpose.SIGN_IN: ("/sign-in/passkey/options", "/sign-in/passkey"),
    PasskeyPurpose.RECOVER: ("/recover/passkey/options", "/recover/passkey"),
    PasskeyPurpose.FREEZE: ("/lost/passkey/options", "/lost/passkey"),
}
OPERATORS: Final = {PasskeyPurpose.OPERATOR_REGISTER, PasskeyPurpose.OPERATOR_SIGN_IN, PasskeyPurpose.OPERATOR_PROOF}
"""At another door, with challenges of its own: flows/console/test_proven.py."""

OF_ANY_ACCOUNT: Final = {PasskeyPurpose.SIGN_IN, PasskeyPurpose.FREEZE}
"""Where nothing says beforehand whose passkey it is."""


def new_authenticator() -> Authenticator:
    return Authenticator("http://localhost:8080", "localhost")


def form(hand: Hand, purpose: PasskeyPurpose | None = None) -> dict[str, str]:
    """Return a form of this very session, with all but the passkey that a purpose wants to be shown."""
    hand.get("/recover")
    if purpose is not PasskeyPurpose.RECOVER:
        return hand.hidden()
    ask(hand, OtpPurpose.RECOVER, hand.person)
    return hand.hidden() | {"otp": hand.newest_otp()}


def challenge(hand: Hand, purpose: PasskeyPurpose) -> dict[str, Any]:
    """Ask for a challenge; return what the authenticator is given."""
    answer = hand.client.post(OPTIONS[purpose][0], data=form(hand))
    found: dict[str, Any] = answer.json()["options"]
    return found


def answer(hand: Hand, purpose: PasskeyPurpose, credential: str) -> dict[str, Any]:
    """Send an authenticator's answer; return what the page's script is told."""
    sent = hand.client.post(OPTIONS[purpose][1], data=form(hand, purpose) | {"credential": credential})
    told: dict[str, Any] = sent.json()
    return told


def with_passkey(hand: Hand) -> Authenticator:
    """Add a passkey to the account that the browser is signed in to."""
    hand.unlock()
    made = new_authenticator()
    assert "next" in answer(hand, PasskeyPurpose.REGISTER, made.make(challenge(hand, PasskeyPurpose.REGISTER)))
    return made


def answered_by(authenticator: Authenticator, purpose: PasskeyPurpose, options: dict[str, Any]) -> str:
    return authenticator.make(options) if purpose is PasskeyPurpose.REGISTER else authenticator.sign(options)


PASSKEY_PURPOSES = pytest.mark.parametrize("purpose", OPTIONS)


def test_every_purpose_of_a_passkey_is_tried_here() -> None:
    assert set(OPTIONS) | OPERATORS == set(PasskeyPurpose)


@PASSKEY_PURPOSES
def test_a_passkey_s_answer_serves_its_purpose_once(stage: Stage, victim: Hand, purpose: PasskeyPurpose) -> None:
    held = with_passkey(victim)
    using = new_authenticator() if purpose is PasskeyPurpose.REGISTER else held
    credential = answered_by(using, purpose, challenge(victim, purpose))
    browser_before = list(victim.client.cookies.jar)
    assert "next" in answer(victim, purpose, credential)
    standing = stage.standing(stage.holder(VICTIM).holder_id)
    assert "problem" in answer(victim, purpose, credential)
    # Nor in the session that asked for it.
    victim.client.cookies.clear()
    for cookie in browser_before:
        victim.client.cookies.jar.set_cookie(cookie)
    assert "problem" in answer(victim, purpose, credential)
    assert stage.standing(stage.holder(VICTIM).holder_id) == standing


@pytest.mark.parametrize(("purpose", "place"), list(itertools.permutations(OPTIONS, 2)))
def test_a_passkey_s_answer_does_nothing_at_another_place(
    stage: Stage, victim: Hand, purpose: PasskeyPurpose, place: PasskeyPurpose
) -> None:
    held = with_passkey(victim)
    options = challenge(victim, purpose)
    standing = stage.standing(stage.holder(VICTIM).holder_id)
    for credential in (held.sign(options), new_authenticator().make(options)):
        assert "problem" in answer(victim, place, credential)
        assert stage.standing(stage.holder(VICTIM).holder_id) == standing


@PASSKEY_PURPOSES
def test_a_passkey_s_answer_serves_no_other_browser(
    stage: Stage, victim: Hand, attacker: Hand, purpose: PasskeyPurpose
) -> None:
    held, thief = with_passkey(victim), attacker
    stage.pass_time(61)
    ask(thief, OtpPurpose.SIGN_IN, ATTACKER)
    thief.send("/sign-in/code", otp=thief.newest_otp(), pin=PIN)
    victim.unlock()
    options = challenge(victim, purpose)
    standings = stage.standings()
    using = new_authenticator() if purpose is PasskeyPurpose.REGISTER else held
    assert "problem" in answer(thief, purpose, answered_by(using, purpose, options))
    # Nor does the victim's passkey answer what the thief's own session was asked.
    if purpose not in OF_ANY_ACCOUNT | {PasskeyPurpose.REGISTER}:
        assert "problem" in answer(thief, purpose, held.sign(challenge(thief, purpose)))
    # All but the passkey's counter, which the refused answer moved on.
    after = stage.standings()
    assert (after[0]._replace(passkeys=()), after[1]) == (standings[0]._replace(passkeys=()), standings[1])


@PASSKEY_PURPOSES
def test_a_newer_challenge_ends_the_one_before(victim: Hand, purpose: PasskeyPurpose) -> None:
    held = with_passkey(victim)
    older, newer = challenge(victim, purpose), challenge(victim, purpose)
    using = new_authenticator() if purpose is PasskeyPurpose.REGISTER else held
    assert "problem" in answer(victim, purpose, answered_by(using, purpose, older))
    assert "next" in answer(victim, purpose, answered_by(using, purpose, newer))
