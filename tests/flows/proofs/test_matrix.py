"""Each proof at every other place, two accounts in one browser, one account in two browsers, every order of steps.

What there is to try comes from the enumerations of purposes and from the route tables: a new purpose, or a new address
that takes forms, without an entry in PLACES fails.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pytest
from starlette.routing import Route

from eztong import citizen, console, desk, partner_portal
from eztong.console.door import TABLE as CONSOLE
from eztong.domain.access.otp import OtpPurpose
from eztong.domain.access.passkey import PasskeyPurpose
from eztong.domain.notices import Topic
from eztong.pages.assets import Assets
from eztong.partner_portal.door import TABLE as PORTAL
from eztong.usecases.access.find_session import find_session, hash_session
from eztong.wiring.asgi import STATIC_FOLDERS
from tests.flows.citizen.browser import PIN, Person
from tests.flows.console.quiet_machine import QuietMachine
from tests.flows.proofs.stages import ATTACKER, CODE_PAGES, VICTIM, Hand, Stage, ask, forgot

SESSION, UNLOCKED, PASSWORD, PIN_TYPED = "session", "unlocked session", "password", "pin"
ONE_TIME_CODE = "code of an authenticator app"
OPERATORS_WORD, PORTAL_WORD = "word that invites an operator", "word that invites a person of a partner"
WAITED, STOP_LINK, DATA_TYPED = "browser that waited", "link that stops", "name and number"
KEEP_LINK, FREEZE_LINK = "link that keeps a number", "link that freezes"
EMAIL_LINK, LAST_FOUR = "link that proves an address", "end of the number"
TICKET, RECEIPT = "number and secret of a ticket", "receipt of an organisation's application"
INVITATION = "digits of an invitation, with the number of who invites"
HELPER_DIGITS = "digits of an invitation to help, and the confirmation of who invites"
HAND_OVER = "digits of a hand-over, with the own number"
NOTHING: Final = frozenset[str]()


def code(purpose: OtpPurpose) -> str:
    return f"message code to {purpose}"


def passkey(purpose: PasskeyPurpose) -> str:
    return f"passkey to {purpose}"


PLACES: Final[dict[str, frozenset[str]]] = {
    "/register": NOTHING,
    "/register/phone": frozenset({SESSION}),
    "/register/otp": frozenset({SESSION, code(OtpPurpose.REGISTER)}),
    "/register/identity": frozenset({SESSION}),
    "/register/application": NOTHING,
    "/register/application/code": frozenset({code(OtpPurpose.APPLICATION), LAST_FOUR}),
    "/register/answer": frozenset({SESSION}),
    "/register/appeal": frozenset({SESSION}),
    "/register/withdraw": frozenset({SESSION}),
    "/register/guardian": frozenset({SESSION}),
    "/sign-in": NOTHING,
    "/sign-in/code": frozenset({code(OtpPurpose.SIGN_IN), PIN_TYPED}),
    "/sign-in/passkey/options": NOTHING,
    "/sign-in/passkey": frozenset({passkey(PasskeyPurpose.SIGN_IN)}),
    "/lost": NOTHING,
    "/lost/code": frozenset({code(OtpPurpose.FREEZE)}),
    "/lost/link/{token}": frozenset({FREEZE_LINK}),
    "/lost/passkey/options": NOTHING,
    "/lost/passkey": frozenset({passkey(PasskeyPurpose.FREEZE)}),
    "/recover": NOTHING,
    "/recover/code": frozenset({code(OtpPurpose.RECOVER), PIN_TYPED, DATA_TYPED}),
    "/recover/passkey/options": NOTHING,
    "/recover/passkey": frozenset({code(OtpPurpose.RECOVER), passkey(PasskeyPurpose.RECOVER)}),
    "/recover/waiting": frozenset({WAITED}),
    "/recover/stop": frozenset({SESSION}),
    "/recover/stop/{token}": frozenset({STOP_LINK}),
    "/take-over": frozenset({HAND_OVER}),
    "/take-over/code": frozenset({code(OtpPurpose.TAKE_OVER)}),
    "/phone/keep/{token}": frozenset({KEEP_LINK}),
    "/notices/email/{token}": frozenset({EMAIL_LINK}),
    "/feedback": NOTHING,
    "/feedback/status": frozenset({TICKET}),
    "/decisions": frozenset({TICKET}),
    "/me/cases/{number}": frozenset({SESSION, UNLOCKED}),
    "/feedback/{number}": frozenset({SESSION, UNLOCKED}),
    "/feedback/bundle": frozenset({TICKET}),
    "/deregistration/status": frozenset({TICKET}),
    "/deregistration/undo": frozenset({TICKET}),
    "/deregistration/receipt": frozenset({TICKET}),
    "/me/deregister": frozenset({UNLOCKED}),
    "/me/deregister/undo": frozenset({UNLOCKED}),
    "/unlock": frozenset({SESSION, PIN_TYPED}),
    "/unlock/setup": frozenset({SESSION, UNLOCKED}),
    "/unlock/passkey/options": frozenset({SESSION}),
    "/unlock/passkey": frozenset({SESSION, passkey(PasskeyPurpose.UNLOCK)}),
    "/code": frozenset({UNLOCKED}),
    "/code/spoken": frozenset({UNLOCKED}),
    "/r/{token}": frozenset({UNLOCKED}),
    "/at/{token}": frozenset({SESSION}),
    "/scan": frozenset({SESSION}),
    "/scan/frame": frozenset({SESSION}),
    "/me/passkeys/options": frozenset({UNLOCKED}),
    "/me/passkeys": frozenset({UNLOCKED, passkey(PasskeyPurpose.REGISTER)}),
    "/sign-out": frozenset({SESSION}),
    "/freeze": frozenset({SESSION}),
    "/me": frozenset({UNLOCKED}),
    "/me/data": frozenset({UNLOCKED}),
    "/me/devices": frozenset({UNLOCKED}),
    "/me/notices": frozenset({SESSION}),
    "/me/notices/choices": frozenset({UNLOCKED}),
    "/me/agreements/withdraw": frozenset({SESSION}),
    "/me/phone": frozenset({UNLOCKED}),
    "/me/phone/code": frozenset({UNLOCKED, code(OtpPurpose.CHANGE_FROM), code(OtpPurpose.CHANGE_TO), DATA_TYPED}),
    "/me/correct": frozenset({UNLOCKED}),
    "/me/phrase": frozenset({UNLOCKED}),
    "/me/after-death": frozenset({UNLOCKED}),
    "/me/family/child": frozenset({UNLOCKED, DATA_TYPED}),
    "/me/family/confirm": frozenset({UNLOCKED, INVITATION}),
    "/me/family/helper": frozenset({UNLOCKED}),
    "/me/family/helping": frozenset({UNLOCKED, HELPER_DIGITS}),
    "/me/family/helping/{assistance_id}": frozenset({SESSION}),
    "/me/family/{guardianship_id}": frozenset({UNLOCKED}),
    "/me/family/{guardianship_id}/code": frozenset({UNLOCKED}),
    "/me/family/{guardianship_id}/deregister": frozenset({UNLOCKED}),
    "/me/family/{guardianship_id}/hand-over": frozenset({UNLOCKED}),
    "/me/family/{guardianship_id}/limits": frozenset({UNLOCKED}),
    "/me/identity": frozenset({SESSION}),
    "/me/pause": frozenset({UNLOCKED}),
    "/records/{record_id}/not-me": frozenset({SESSION}),
    "/records/{record_id}/assist": frozenset({SESSION}),
    "/grants/partners/{partner_id}": frozenset({SESSION}),
    "/grants/{grant_id}/withdraw": frozenset({SESSION}),
    "/desk": frozenset({SESSION}),
    "/desk/sign-in": frozenset({PASSWORD, ONE_TIME_CODE}),
    "/desk/set-up": frozenset({PASSWORD, ONE_TIME_CODE}),
    "/desk/sign-out": frozenset({SESSION}),
    "/desk/place": frozenset({SESSION}),
    "/desk/checklist": frozenset({SESSION}),
    "/desk/sign": frozenset({SESSION}),
    "/desk/frame": frozenset({SESSION}),
    "/console/sign-in": frozenset({PASSWORD, ONE_TIME_CODE}),
    "/console/sign-in/passkey": frozenset({passkey(PasskeyPurpose.OPERATOR_SIGN_IN)}),
    "/console/sign-in/passkey/options": NOTHING,
    "/console/set-up": frozenset({OPERATORS_WORD, ONE_TIME_CODE}),
    "/console/operations": frozenset({SESSION}),
    "/console/audit/pack": frozenset({SESSION}),
    **{path: frozenset({SESSION}) for path, _, post in CONSOLE if post is not None},
    "/console/confirm/passkey": frozenset({SESSION, passkey(PasskeyPurpose.OPERATOR_PROOF)}),
    "/console/me/passkeys": frozenset({SESSION, passkey(PasskeyPurpose.OPERATOR_REGISTER)}),
    "/partner/sign-in": frozenset({PASSWORD, ONE_TIME_CODE}),
    "/partner/set-up": frozenset({PORTAL_WORD, ONE_TIME_CODE}),
    "/partner/apply": NOTHING,
    "/partner/apply/state": frozenset({RECEIPT}),
    **{path: frozenset({SESSION}) for path, _, post in PORTAL if post is not None},
    **dict.fromkeys(["/console/confirm", "/partner/confirm"], frozenset({SESSION, ONE_TIME_CODE})),
}
"""What each address that takes forms wants to be shown, besides the form's own token."""

STEPS: Final[Sequence[tuple[Person, ...]]] = (
    (VICTIM,),
    (VICTIM, ATTACKER),
    (ATTACKER, VICTIM),
    (VICTIM, VICTIM),
    (VICTIM, ATTACKER, VICTIM),
    (ATTACKER, VICTIM, ATTACKER),
)
FROM_INSIDE: Final = frozenset({OtpPurpose.CHANGE_FROM, OtpPurpose.CHANGE_TO})
"""Asked for by whoever is signed in and unlocked; test_codes_of_a_new_phone.py tries these."""

OF_APPLICANTS: Final = frozenset({OtpPurpose.APPLICATION})
"""Sent to phones of applications only, never of accounts; test_codes_of_an_application.py tries these."""

OF_WARDS: Final = frozenset({OtpPurpose.TAKE_OVER})
"""Sent to whoever has the guardian's digits; test_codes_of_a_ward.py tries these."""

FROM_OUTSIDE: Final = [purpose for purpose in OtpPurpose if purpose not in FROM_INSIDE | OF_APPLICANTS | OF_WARDS]
PURPOSES = pytest.mark.parametrize("purpose", FROM_OUTSIDE)
WAYS: Final[dict[OtpPurpose, tuple[dict[str, str], ...]]] = {
    OtpPurpose.RECOVER: (forgot(VICTIM), forgot(ATTACKER), {}),
}
"""The data of either account, typed again, and then the PIN."""


@dataclass(frozen=True)
class Asked:
    """A code that was asked for: its form's slip, and the digits that came to the person's phone."""

    person: Person
    slip: str
    otp: str


@dataclass
class Scene:
    """Both accounts as they stood, and a browser in which nobody is signed in."""

    stage: Stage
    hand: Hand
    before: tuple[object, ...]

    @classmethod
    def of(cls, stage: Stage, hand: Hand, purpose: OtpPurpose) -> Scene:
        if purpose is OtpPurpose.REGISTER:
            hand.accept()
        return cls(stage, hand, stage.standings())

    def ask(self, purpose: OtpPurpose, person: Person) -> Asked:
        self.stage.pass_time(61)
        slip = ask(self.hand, purpose, person)
        otp = self.stage.messages(person.phone, Topic.OTP)[-1].params["otp"]
        return Asked(person, slip, otp)

    def type(self, purpose: OtpPurpose, slip: str, otp: str, *, ways: int | None = None) -> None:
        """Type a code into the form with ``slip``, in the ways that its purpose has, with all that a form may hold."""
        form = self.hand.hidden() | {"slip": slip, "otp": otp, "pin": PIN, "reason": "pause"}
        for more in WAYS.get(purpose, ({},))[:ways]:
            self.hand.page = self.hand.client.post(CODE_PAGES[purpose][1], data=form | more)

    def is_untouched(self) -> bool:
        """Say whether nothing happened: neither account changed, and this browser is bound to nothing."""
        return self.stage.standings() == self.before and not is_bound(self.hand)


def is_bound(hand: Hand) -> bool:
    """Say whether a browser's session has a device."""
    services = hand.town.services
    token = next((one.value for one in hand.client.cookies.jar if one.name == "ezt_session"), None)
    with services.store.read() as stored:
        session = stored.sessions.get(hash_session(token or "", keys=services.keys))
    return session is not None and session.device_id is not None and session.revoked_at is None


@pytest.fixture
def scene(stage: Stage, victim: Hand, attacker: Hand, request: pytest.FixtureRequest) -> Scene:
    """Both have accounts; the test's purpose says how the browser begins."""
    assert victim.person is not attacker.person
    stage.pass_time(61)
    purpose = request.getfixturevalue("purpose")
    return Scene.of(stage, attacker, purpose)


def routes(stage: Stage) -> Iterator[Route]:
    """Give the routes of every door that people have."""
    services, assets = stage.town.services, Assets(*STATIC_FOLDERS)
    yield from citizen.routes(services, assets, stage.town.built.streams)
    yield from desk.routes(services, assets)
    yield from console.routes(services, assets, machinery=QuietMachine())
    yield from partner_portal.routes(services, assets)


# --- the table is whole ------------------------------------------------------------------------------------------


def test_every_address_that_takes_forms_says_what_it_wants_to_be_shown(stage: Stage) -> None:
    assert {route.path for route in routes(stage) if "POST" in (route.methods or ())} == set(PLACES)


def test_every_purpose_has_its_place() -> None:
    wanted = [code(one) for one in OtpPurpose] + [passkey(one) for one in PasskeyPurpose]
    shown = [kind for kinds in PLACES.values() for kind in kinds]
    # The code that recovers goes along with PIN or data at one address, and with a passkey at the other.
    places = dict.fromkeys(wanted, 1) | {code(OtpPurpose.RECOVER): 2}
    assert {kind: shown.count(kind) for kind in wanted} == places
    assert set(CODE_PAGES) == set(OtpPurpose)
    assert all(code(purpose) in PLACES[path] for purpose, (_ask, path) in CODE_PAGES.items())


# --- message codes -----------------------------------------------------------------------------------------------


@PURPOSES
@pytest.mark.parametrize("steps", STEPS, ids=lambda steps: "-".join(one.phone[-1] for one in steps))
def test_only_the_newest_code_in_its_own_form_does_anything_in_whatever_order_both_accounts_were_asked_for(
    scene: Scene, purpose: OtpPurpose, steps: Sequence[Person]
) -> None:
    asked = [scene.ask(purpose, person) for person in steps]
    last = asked[-1]
    for slip, otp in itertools.product([*(one.slip for one in asked), ""], {one.otp for one in asked}):
        if (slip, otp) != (last.slip, last.otp):
            # The newest code bears five wrong tries and must be left usable.
            scene.type(purpose, slip, otp, ways=2 if slip == last.slip else None)
            assert scene.is_untouched(), (slip, otp)
    scene.hand.get(CODE_PAGES[purpose][1])
    scene.type(purpose, last.slip, last.otp)
    assert not scene.is_untouched()
    other = VICTIM if last.person is ATTACKER else ATTACKER
    now = dict(zip((VICTIM, ATTACKER), scene.stage.standings(), strict=True))
    assert now[other] == dict(zip((VICTIM, ATTACKER), scene.before, strict=True))[other]


@PURPOSES
def test_before_a_code_was_asked_for_and_after_it_was_used_nothing_happens(scene: Scene, purpose: OtpPurpose) -> None:
    scene.hand.get("/sign-in")
    scene.type(purpose, "", "000000")
    assert scene.is_untouched()
    asked = scene.ask(purpose, VICTIM)
    browser_before = list(scene.hand.client.cookies.jar)
    scene.type(purpose, asked.slip, asked.otp)
    scene.before = scene.stage.standings()
    scene.hand.client.cookies.clear()
    for cookie in browser_before:
        scene.hand.client.cookies.jar.set_cookie(cookie)
    scene.hand.get("/sign-in")
    scene.type(purpose, asked.slip, asked.otp)
    assert scene.stage.standings() == scene.before


@PURPOSES
def test_a_code_serves_no_other_browser_that_asked_for_the_same_account(scene: Scene, purpose: OtpPurpose) -> None:
    other = Scene.of(scene.stage, scene.stage.browser(ATTACKER), purpose)
    mine, theirs = scene.ask(purpose, VICTIM), other.ask(purpose, VICTIM)
    for slip, otp in ((mine.slip, mine.otp), (theirs.slip, mine.otp)):
        other.type(purpose, slip, otp)
        assert other.is_untouched()
    scene.type(purpose, theirs.slip, theirs.otp)
    assert scene.is_untouched()
    other.hand.get(CODE_PAGES[purpose][1])
    other.type(purpose, theirs.slip, theirs.otp)
    assert not other.is_untouched()


@pytest.mark.parametrize(("purpose", "other"), list(itertools.permutations(FROM_OUTSIDE, 2)))
def test_a_code_for_one_purpose_serves_no_other(scene: Scene, purpose: OtpPurpose, other: OtpPurpose) -> None:
    foreign = scene.ask(other, VICTIM) if other is not OtpPurpose.REGISTER else registered(scene)
    own = scene.ask(purpose, VICTIM)
    for slip, otp in ((own.slip, foreign.otp), (foreign.slip, foreign.otp), (foreign.slip, own.otp)):
        scene.type(purpose, slip, otp)
        assert scene.is_untouched()


def registered(scene: Scene) -> Asked:
    """Ask for a code to register in the same browser, after accepting the documents."""
    scene.hand.accept()
    return scene.ask(OtpPurpose.REGISTER, VICTIM)


@PURPOSES
def test_a_code_does_nothing_at_any_other_address_that_takes_forms(scene: Scene, purpose: OtpPurpose) -> None:
    asked = scene.ask(purpose, VICTIM)
    typed = {
        "slip": asked.slip,
        "otp": asked.otp,
        "pin": PIN,
        "again": PIN,
        "act": "forgot",
        "reason": "pause",
        "phone": VICTIM.phone,
        "login": "hotel",
        "password": asked.otp,
        "credential": asked.otp,
        "name": VICTIM.name,
        "number": VICTIM.number,
    }
    own = CODE_PAGES[purpose][1]
    csrf = scene.hand.hidden()
    for path in sorted(set(PLACES) - {own, CODE_PAGES[purpose][0], "/register"}):
        scene.hand.client.post(path.format(**dict.fromkeys(PARAMS, "x" * 32)), data=csrf | typed)
        assert scene.is_untouched(), path


PARAMS: Final = frozenset(re.findall(r"{([a-z_]+)}", " ".join(PLACES)))
"""Everything that stands in addresses in the place of something else."""


# --- PINs and links ----------------------------------------------------------------------------------------------


def test_a_pin_opens_the_session_of_its_own_account_only(stage: Stage, victim: Hand) -> None:
    other = stage.browser(ATTACKER)
    other.bind_phone(ATTACKER.phone)
    other.send("/register/identity", name=ATTACKER.name, number=ATTACKER.number)
    other.set_pin("402983")
    stage.pass_time(181)
    victim.unlock("402983")
    assert victim.at() == "/unlock"
    other.unlock(PIN)
    assert other.at() == "/unlock"


def test_a_request_s_link_answers_for_whoever_is_signed_in_and_opens_nothing_else(stage: Stage, victim: Hand) -> None:
    _request, link = stage.town.ask()
    token = link.rpartition("/")[2]
    stranger = stage.browser(ATTACKER)
    assert stranger.get(link).url.path != "/me"
    before = stage.standing(stage.holder(VICTIM).holder_id)
    stranger.get("/sign-in")
    csrf = stranger.hidden()
    for path in sorted(PLACES):
        stranger.client.post(path.format(**dict.fromkeys(PARAMS, token)), data=csrf | {"act": "agree", "match": "10"})
    assert stage.standing(stage.holder(VICTIM).holder_id) == before
    services = stage.town.services
    with services.store.read() as stored:
        session_hash = hash_session(victim.client.cookies["ezt_session"], keys=services.keys)
        signed_in = find_session(session_hash, stored=stored, now=services.clock.now())
    assert signed_in.holder.holder_id == stage.holder(VICTIM).holder_id
