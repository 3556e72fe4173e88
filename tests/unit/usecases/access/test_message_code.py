"""Message codes: sent by budgets, compared, counted, used once; strangers learn nothing and keep nobody out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.domain.access.otp import SENDS_BY_KNOWN, OtpChallenge, OtpIncomplete, OtpPurpose
from eztong.domain.errors import OtpExpired, OtpLocked, OtpWrong, TooMany
from eztong.domain.holder import HolderState
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.real_name import NameInvalid
from eztong.usecases.access.ask_for_account import AskForAccount, ask_for_account
from eztong.usecases.access.message_code import (
    Asker,
    SendCode,
    TypedCode,
    check_message_code,
    find_open_code,
    send_message_code,
    use_message_code,
)
from eztong.usecases.refusal import Refused
from tests.unit.usecases.access.ways import NEW, ask_sign_in, claim, newest_digits, open_code, typed, wrong
from tests.unit.usecases.fakes import START
from tests.unit.usecases.stage import LI, WANG, ZHAO, Stage, asker

SUBJECT = b"subject"
SIGN_IN = OtpPurpose.SIGN_IN


def send(
    stage: Stage,
    session: bytes = NEW,
    *,
    subject: bytes = SUBJECT,
    phone: str | None = LI.phone,
    who: Asker | None = None,
    known_as: HolderId | None = None,
) -> OtpChallenge:
    command = SendCode(
        asker=who or asker(session),
        purpose=SIGN_IN,
        subject=subject,
        holder_id=stage.holder_id() if phone else None,
        phone=phone,
        language="en",
        known_as=known_as,
    )
    return stage.act(send_message_code, command)


def check(stage: Stage, code: TypedCode, purpose: OtpPurpose = SIGN_IN) -> OtpChallenge | Refused:
    return stage.act(check_message_code, code, purpose)


def stranger(number: int, network: str | None = None) -> Asker:
    return Asker(session_hash=f"stranger {number}".encode(), network=network or f"network {number // 9}")


def spend_all(stage: Stage) -> None:
    """Let strangers use up the day's sixty messages."""
    for number in range(60):
        send(stage, who=stranger(number))
    stage.empty_outbox()


# --- sent ---------------------------------------------------------------------------------------------------------


def test_a_code_has_six_digits_and_five_minutes_and_only_its_hash_is_stored(stage: Stage) -> None:
    sent = send(stage)
    (message,) = stage.messages()
    digits = message.params["otp"]
    assert message.params == {"otp": digits, "purpose": "sign_in", "minutes": "5"}
    assert (message.phone, message.language, len(digits)) == (LI.phone, "en", 6)
    assert (stage.queued()[0].priority, stage.queued()[0].expires_at) == (0, START + timedelta(minutes=5))
    assert open_code(stage, SIGN_IN) == sent
    assert (sent.digits, sent.is_sent, sent.tries, sent.created_at) == (6, True, 0, START)
    assert digits.encode() not in sent.code_hash


def test_a_second_press_within_a_minute_sends_nothing(stage: Stage) -> None:
    first = send(stage)
    stage.clock.pass_by(seconds=59)
    assert send(stage) == first
    assert len(stage.messages()) == 1
    stage.clock.pass_by(seconds=1)
    second = send(stage)
    assert second.challenge_id != first.challenge_id
    assert len(stage.messages()) == 2


def test_another_subject_gets_a_code_of_its_own_at_once(stage: Stage) -> None:
    first = send(stage)
    assert send(stage, subject=b"other").challenge_id != first.challenge_id


def test_a_stranger_gets_a_code_that_nobody_is_told_and_nothing_fits(stage: Stage) -> None:
    sent = send(stage, phone=None)
    assert (sent.is_sent, sent.digits, stage.messages()) == (False, 6, [])
    for digits in ("000000", "123456"):
        refusal = check(stage, TypedCode(session_hash=NEW, slip=sent.challenge_id, digits=digits))
        assert isinstance(refusal, Refused)
        assert isinstance(refusal.error, OtpWrong)


def test_one_browser_asks_ten_times_a_day(stage: Stage) -> None:
    for _ in range(10):
        stage.clock.pass_by(seconds=60)
        send(stage)
    stage.clock.pass_by(seconds=60)
    before = stage.rows()
    with pytest.raises(TooMany):
        send(stage)
    assert stage.rows() == before
    stage.clock.pass_by(days=1, hours=1)
    assert send(stage).digits == 6


def test_the_digits_are_drawn_from_all_that_there_are(stage: Stage) -> None:
    for number in range(12):
        send(stage, who=stranger(number))
    drawn = [int(message.params["otp"]) for message in stage.messages()]
    assert len(set(drawn)) == 12
    assert max(drawn) > 10**5


# --- reserve ------------------------------------------------------------------------------------------------------


def test_a_network_that_asked_twenty_times_gets_the_reserve_code_and_others_do_not(stage: Stage) -> None:
    for number in range(20):
        assert send(stage, who=stranger(number, "one network")).digits == 6
    assert send(stage, who=stranger(20, "one network")).digits == 12
    assert send(stage, who=stranger(21, "another")).digits == 6


def test_after_sixty_messages_all_strangers_share_a_reserve_code_that_three_messages_carry(stage: Stage) -> None:
    spend_all(stage)
    sent = [send(stage, who=stranger(100 + number, f"fresh {number}")) for number in range(5)]
    assert {one.digits for one in sent} == {12}
    messages = stage.messages()
    assert len(messages) == 3
    assert len({message.params["otp"] for message in messages}) == 1
    assert "minutes" not in messages[0].params


def test_a_reserve_code_serves_every_browser_until_it_is_used_or_the_day_is_over(stage: Stage) -> None:
    spend_all(stage)
    one, other = (send(stage, who=stranger(100 + number, f"fresh {number}")) for number in range(2))
    digits = newest_digits(stage)
    codes = [TypedCode(session_hash=sent.session_hash, slip=sent.challenge_id, digits=digits) for sent in (one, other)]
    assert [check(stage, code) for code in codes] == [one, other]
    stage.act(use_message_code, one)
    with pytest.raises(OtpExpired):
        stage.act(use_message_code, other)
    with pytest.raises(OtpExpired):
        check(stage, codes[1])


def test_the_next_reserve_code_is_another_one(stage: Stage) -> None:
    spend_all(stage)
    first = send(stage, who=stranger(100, "fresh"))
    used = newest_digits(stage)
    stage.act(use_message_code, first)
    stage.empty_outbox()
    send(stage, who=stranger(101, "fresher"))
    assert newest_digits(stage) != used


def test_a_known_browser_has_a_share_that_strangers_cannot_spend(stage: Stage) -> None:
    spend_all(stage)
    assert send(stage, known_as=stage.holder_id()).digits == 6
    assert send(stage, who=stranger(100, "fresh")).digits == 12


def test_the_share_is_the_account_s_and_no_new_browser_of_it_has_another(stage: Stage) -> None:
    spend_all(stage)
    shares = [
        send(stage, f"browser {number}".encode(), known_as=stage.holder_id()).digits
        for number in range(SENDS_BY_KNOWN.amount + 2)
    ]
    assert shares == [6] * SENDS_BY_KNOWN.amount + [12] * 2
    assert send(stage, b"of another", known_as=stage.holder_id(WANG)).digits == 6


# --- typed --------------------------------------------------------------------------------------------------------


def test_the_right_digits_are_found_unused_and_used_once(stage: Stage) -> None:
    sent = send(stage)
    assert check(stage, typed(stage, SIGN_IN)) == sent
    stage.act(use_message_code, sent)
    with pytest.raises(OtpExpired):
        stage.act(use_message_code, sent)
    assert stage.read(lambda stored: find_open_code(NEW, SIGN_IN, stored=stored, now=START)) is None


def test_a_code_of_another_purpose_form_or_browser_is_over(stage: Stage) -> None:
    send(stage)
    code = typed(stage, SIGN_IN)
    for other, purpose in (
        (code, OtpPurpose.FREEZE),
        (replace(code, slip="otp_other"), SIGN_IN),
        (replace(code, session_hash=b"other"), SIGN_IN),
    ):
        with pytest.raises(OtpExpired):
            check(stage, other, purpose)


def test_a_code_ends_after_five_minutes(stage: Stage) -> None:
    sent = send(stage)
    code = typed(stage, SIGN_IN)
    stage.clock.pass_by(minutes=4, seconds=59)
    assert check(stage, code) == sent
    stage.clock.pass_by(seconds=1)
    with pytest.raises(OtpExpired):
        check(stage, code)


def test_incomplete_digits_are_no_try(stage: Stage) -> None:
    send(stage)
    with pytest.raises(OtpIncomplete):
        check(stage, typed(stage, SIGN_IN, digits="12345"))
    assert open_code(stage, SIGN_IN).tries == 0


def test_five_wrong_tries_lock_the_code_and_the_third_tells_the_holder(stage: Stage) -> None:
    send(stage)
    right = typed(stage, SIGN_IN)
    for tries in range(1, 6):
        refusal = check(stage, replace(right, digits=wrong(right.digits)))
        assert isinstance(refusal, Refused)
        assert open_code(stage, SIGN_IN).tries == tries
    with pytest.raises(OtpLocked) as locked:
        check(stage, right)
    assert locked.value.retry_after == 61
    assert [(one.kind, one.detail, one.actor) for one in stage.events()] == [("wrong_codes", "sign_in", "system")]
    assert sorted(stage.topics()) == ["otp", "wrong_codes"]


def test_after_ten_wrong_tries_of_a_day_codes_have_ten_digits_and_short_ones_are_locked(stage: Stage) -> None:
    first = send(stage)
    right = typed(stage, SIGN_IN)
    for number in range(2):
        other = send(stage, who=stranger(number))
        guess = TypedCode(session_hash=other.session_hash, slip=other.challenge_id, digits="000000")
        for _ in range(5):
            check(stage, guess)
    assert len([one for one in stage.events() if one.kind == "wrong_codes"]) == 2
    with pytest.raises(OtpLocked):
        check(stage, right)
    stage.clock.pass_by(seconds=60)
    longer = send(stage)
    assert (first.digits, longer.digits) == (6, 10)
    assert check(stage, typed(stage, SIGN_IN)) == longer


def test_a_holder_is_told_of_wrong_codes_three_times_a_day_and_each_is_written_down(stage: Stage) -> None:
    for number in range(5):
        sent = send(stage, subject=f"subject {number}".encode())
        for _ in range(3):
            check(stage, TypedCode(session_hash=NEW, slip=sent.challenge_id, digits="000000"))
    assert [one.kind for one in stage.events()] == ["wrong_codes"] * 5
    assert stage.topics().count("wrong_codes") == 3


def test_wrong_codes_of_nobody_warn_nobody(stage: Stage) -> None:
    sent = send(stage, phone=None)
    guess = TypedCode(session_hash=NEW, slip=sent.challenge_id, digits="000000")
    for _ in range(3):
        check(stage, guess)
    assert (stage.topics(), stage.events()) == ([], [])


def test_wrong_codes_to_sign_in_are_told_to_the_account_of_the_phone(stage: Stage) -> None:
    ask_sign_in(stage)
    right = typed(stage, SIGN_IN)
    for _ in range(3):
        check(stage, replace(right, digits=wrong(right.digits)))
    assert [one.kind for one in stage.events()] == ["wrong_codes"]
    assert stage.events(WANG) == []


def test_wrong_codes_for_an_application_warn_nobody(stage: Stage) -> None:
    stage.change(state=HolderState.DRAFT)
    sent = send(stage)
    for _ in range(3):
        check(stage, TypedCode(session_hash=NEW, slip=sent.challenge_id, digits=wrong(newest_digits(stage))))
    assert stage.topics() == ["otp"]


# --- claimed ------------------------------------------------------------------------------------------------------


def test_a_claim_sends_the_code_to_the_phone_on_file_and_names_the_account_in_it(stage: Stage) -> None:
    claim(stage, OtpPurpose.RECOVER)
    (message,) = stage.messages()
    assert (message.phone, message.params["purpose"]) == (LI.phone, "recover")
    assert open_code(stage, OtpPurpose.RECOVER).holder_id == stage.holder_id()


@pytest.mark.parametrize("other", [WANG.name, "张三"])
def test_a_claim_with_another_name_looks_the_same_and_sends_nothing(stage: Stage, other: str) -> None:
    claim(stage, OtpPurpose.RECOVER, name=other)
    sent = open_code(stage, OtpPurpose.RECOVER)
    assert (sent.holder_id, sent.is_sent, sent.digits) == (None, False, 6)
    assert stage.messages() == []


def test_a_claim_of_a_number_without_an_account_looks_the_same_and_sends_nothing(stage: Stage) -> None:
    claim(stage, OtpPurpose.RECOVER, person=ZHAO)
    assert not open_code(stage, OtpPurpose.RECOVER).is_sent
    stage.change(state=HolderState.DEREGISTERED)
    claim(stage, OtpPurpose.FREEZE)
    assert not open_code(stage, OtpPurpose.FREEZE).is_sent
    assert stage.messages() == []


def test_a_claim_of_an_account_without_a_phone_sends_nothing(stage: Stage) -> None:
    stage.change(sealed_phone=None)
    claim(stage, OtpPurpose.RECOVER)
    sent = open_code(stage, OtpPurpose.RECOVER)
    assert (sent.holder_id, sent.is_sent) == (stage.holder_id(), False)


def test_a_wrong_name_costs_the_holder_no_message(stage: Stage) -> None:
    for number in range(25):
        claim(stage, OtpPurpose.RECOVER, name="张三", who=stranger(number, "one network"))
    claim(stage, OtpPurpose.RECOVER, who=stranger(99, "one network"))
    assert open_code(stage, OtpPurpose.RECOVER, stranger(99).session_hash).digits == 6


def test_a_name_that_cannot_be_one_is_refused_whoever_it_is(stage: Stage) -> None:
    command = AskForAccount(asker=asker(NEW), purpose=OtpPurpose.RECOVER, name="12345", number=LI.number, language="en")
    with pytest.raises(NameInvalid):
        ask_for_account(command, services=stage.services)
    assert stage.read(lambda stored: stored.sessions.newest_challenge(NEW, OtpPurpose.RECOVER)) is None
