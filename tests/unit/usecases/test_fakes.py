"""The fakes keep what their ports promise, as far as the use cases lean on it."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest

from eztong.domain.access.passkey import PasskeyRefused
from eztong.domain.companions import CompanionOutcome, Finding
from eztong.domain.eid.eid_flow import EidCode
from eztong.domain.errors import AuthorityUnavailable, Busy, Locked, Unavailable
from eztong.domain.identity.age import service_date
from eztong.domain.identity.authority_answer import EID_MARK_BYTES, AuthorityVerdict
from eztong.domain.identity.citizen_number import parse_citizen_number
from eztong.domain.identity.phone import parse_phone
from eztong.domain.identity.real_name import parse_real_name
from eztong.domain.notices import Message, Topic
from eztong.ports.limiter import Limit
from eztong.ports.secret_hasher import SALT_BYTES
from tests.unit.usecases.fake_passkeys import Authenticator, PlainPasskeys
from tests.unit.usecases.fakes import (
    START,
    ChosenAuthority,
    ChosenCompanions,
    ChosenFactor,
    CollectingNotifier,
    CollectingObserver,
    CountedEntropy,
    OpenLimiter,
    QuickHasher,
    SetClock,
    matched,
)
from tests.unit.usecases.stage import LI

SALT = bytes(SALT_BYTES)
NUMBER = parse_citizen_number(LI.number, today=service_date(START), accept_hk_macau_taiwan=True, accept_foreigners=True)


def test_the_clock_stands_still_in_utc_until_it_is_moved() -> None:
    clock = SetClock()
    assert clock.now() == clock.now() == START
    assert clock.now().tzinfo is UTC
    assert clock.pass_by(minutes=1, milliseconds=5) == START + timedelta(seconds=60.005) == clock.now()


def test_the_same_seed_gives_the_same_values_and_no_value_twice() -> None:
    one, other = CountedEntropy("a"), CountedEntropy("a")
    drawn = [one.token(16) for _ in range(200)]
    assert drawn == [other.token(16) for _ in range(200)]
    assert len(set(drawn)) == 200
    assert CountedEntropy("b").token(16) not in drawn
    assert drawn == sorted(drawn)


def test_tokens_have_their_length_and_numbers_stay_below_the_limit() -> None:
    entropy = CountedEntropy("a")
    assert [len(entropy.token(size)) for size in (0, 1, 32, 33)] == [0, 1, 32, 33]
    assert {entropy.below(3) for _ in range(60)} == {0, 1, 2}
    assert entropy.below(1) == 0
    with pytest.raises(ValueError, match="fewer than no bytes"):
        entropy.token(-1)
    with pytest.raises(ValueError, match="below the limit"):
        entropy.below(0)


def test_the_authority_matches_unless_something_else_was_chosen() -> None:
    authority = ChosenAuthority()
    answer = authority.match(name=parse_real_name(LI.name), number=NUMBER, reference="case-1")
    assert answer == matched("case-1")
    assert (answer.verdict, len(answer.eid_mark or b"")) == (AuthorityVerdict.MATCHED, EID_MARK_BYTES)
    assert authority.asked == [(LI.name, LI.number, "case-1")]
    assert authority.adapter_id == "chosen"
    authority.check_health()


def test_an_authority_that_is_away_says_so_to_every_question() -> None:
    authority = ChosenAuthority(answer=AuthorityUnavailable())
    with pytest.raises(AuthorityUnavailable):
        authority.match(name=parse_real_name(LI.name), number=NUMBER, reference="case-1")
    with pytest.raises(AuthorityUnavailable):
        authority.check_health()


def test_the_same_reference_gets_the_same_mark_and_another_one_another() -> None:
    assert matched("a").eid_mark == matched("a").eid_mark != matched("b").eid_mark


def test_only_the_secret_itself_is_right_and_nobodys_never_is() -> None:
    hasher = QuickHasher()
    encoded = hasher.make_hash("135790", salt=SALT)
    assert hasher.is_right("135790", encoded)
    assert not hasher.is_right("135791", encoded)
    assert not hasher.is_right("135790", None)
    assert not hasher.is_right("135790", "no hash at all")
    assert encoded != hasher.make_hash("135790", salt=b"another salt ...")
    assert "135790" not in encoded
    assert hasher.compared == [encoded, encoded, None, "no hash at all"]


def test_a_busy_hasher_begins_nothing() -> None:
    hasher = QuickHasher(is_busy=True)
    with pytest.raises(Busy), hasher.turn():
        pytest.fail("the block was begun")
    with pytest.raises(Busy):
        hasher.make_hash("135790", salt=SALT)
    with pytest.raises(Busy):
        hasher.is_right("135790", None)


def test_a_passkey_answers_only_the_challenge_that_was_put() -> None:
    passkeys, person = PlainPasskeys(), Authenticator()
    made = person.make(passkeys.creation_options(challenge=b"c1", user_handle=b"u", user_name="n", known=[]))
    assert passkeys.unverified_challenge(made) == b"c1"
    credential = passkeys.check_registration(made, challenge=b"c1")
    assert (credential.credential_id, credential.public_key, credential.sign_count) == (b"credential-1", b"key-1", 0)
    with pytest.raises(PasskeyRefused):
        passkeys.check_registration(made, challenge=b"c2")
    used = person.use(passkeys.request_options(challenge=b"c3", allowed=[]))
    assert passkeys.unverified_use(used).challenge == b"c3"
    assert passkeys.unverified_use(used).credential_id == b"credential-1"
    assert passkeys.check_assertion(used, challenge=b"c3", public_key=b"key-1") == 1
    for challenge, key in ((b"c4", b"key-1"), (b"c3", b"key-2")):
        with pytest.raises(PasskeyRefused):
            passkeys.check_assertion(used, challenge=challenge, public_key=key)


@pytest.mark.parametrize("response", ["", "[]", "{}", "junk"])
def test_what_is_no_answer_of_an_authenticator_is_refused(response: str) -> None:
    passkeys = PlainPasskeys()
    with pytest.raises(PasskeyRefused):
        passkeys.unverified_challenge(response)
    with pytest.raises(PasskeyRefused):
        passkeys.unverified_use(response)


def test_one_kind_of_answer_never_serves_for_the_other() -> None:
    passkeys, person = PlainPasskeys(), Authenticator()
    options = passkeys.request_options(challenge=b"c", allowed=[])
    with pytest.raises(PasskeyRefused):
        passkeys.unverified_challenge(person.use(options))
    with pytest.raises(PasskeyRefused):
        passkeys.unverified_use(person.make(options))
    assert passkeys.site == "eztong.example"


def test_the_observer_keeps_what_it_was_told_in_order() -> None:
    observer = CollectingObserver()
    observer.verification("passed")
    observer.code_issued("screen")
    observer.registration("approve")
    observer.queue_failure("outbox", "Unavailable")
    assert observer.seen == [
        ("verification", "passed"),
        ("code_issued", "screen"),
        ("registration", "approve"),
        ("queue_failure", "outbox", "Unavailable"),
    ]


def test_the_limiter_refuses_nothing() -> None:
    limiter, limit = OpenLimiter(), Limit("tries", 1, 60)
    for _ in range(5):
        limiter.hit(limit, "a")
    limiter.check(limit, "a")


def test_a_message_reaches_a_person_once_however_often_it_is_handed_over() -> None:
    notifier = CollectingNotifier(error=Unavailable())
    first = Message(topic=Topic.OTP, phone="1", language="en", params={})
    with pytest.raises(Unavailable):
        notifier.deliver(first, message_id="msg-1")
    assert notifier.delivered == {}
    notifier.error = None
    notifier.deliver(first, message_id="msg-1")
    notifier.deliver(Message(topic=Topic.OTP, phone="2", language="en", params={}), message_id="msg-1")
    assert notifier.delivered == {"msg-1": first}


def test_a_factor_finds_what_was_chosen_on_an_unlocked_device_only() -> None:
    factor = ChosenFactor(EidCode.NOT_LIVE)
    finding = factor.look(unlocked_until=START + timedelta(seconds=1), now=START)
    assert (finding.provider, finding.code) == ("chosen", EidCode.NOT_LIVE)
    for until in (None, START):
        with pytest.raises(Locked):
            factor.look(unlocked_until=until, now=START)


def test_companions_give_the_chosen_outcome_or_are_away() -> None:
    companions = ChosenCompanions(outcome=CompanionOutcome(finding=Finding.ADULT))
    assert companions.age_by_phone(parse_phone(LI.phone)) == CompanionOutcome(finding=Finding.ADULT)
    companions.outcome = None
    with pytest.raises(Unavailable):
        companions.match_phone(parse_phone(LI.phone), name=parse_real_name(LI.name), number=None)
    assert [question for question, *_about in companions.asked] == ["age_by_phone", "match_phone"]
