"""Notifiers: every topic has words in both languages, and the sandbox's inbox holds them sealed."""

from __future__ import annotations

import json
import string
from collections.abc import Mapping
from typing import Any

import pytest

from eztong.adapters.clock import SystemClock
from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.notifier.inbox import InboxNotifier, VisibleInboxWarning
from eztong.adapters.notifier.missing import MissingNotifier
from eztong.domain.access.otp import OtpPurpose
from eztong.domain.errors import InputInvalid, NotPermitted, Unavailable
from eztong.domain.feedback.ticket import AT_STAKE
from eztong.domain.holder import FreezeCause
from eztong.domain.notices import Message, Topic
from eztong.domain.registration import Verdict
from eztong.i18n.message_texts import OWN_TEXTS
from eztong.i18n.notices import LANGUAGES, language_of, render_text
from eztong.ports.services import Mode
from tests.contract.storage.stage import World
from tests.plain_words import words_for_programs

PHONE = "13800138000"
LINK = "https://eid.example.cn/recover/stop/token"
SET = {"from": "2026-02-01", "changes_zh": "增加一条", "changes_en": "One clause more"}
CLAUSE = {
    "title_zh": "服务协议",
    "title_en": "Service agreement",
    "clause": "2.13",
    "from": "2026-02-01",
    "reason_zh": "法院判决",
    "reason_en": "A court decided",
}
PARAMS: Mapping[Topic, Mapping[str, str]] = {
    Topic.OTP: {"otp": "271828", "minutes": "5"},
    Topic.REGISTRATION_DECIDED: {"decision": "approve"},
    Topic.CODE_USED: {"partner": "某某银行", "at": "01-16 09:00", "link": LINK},
    Topic.CODE_REPLAYED: {"partner": "某某银行"},
    Topic.PARTNER_CLOSED: {"partner": "某某银行"},
    Topic.ACCOUNT_FROZEN: {},
    Topic.DEVICE_BOUND: {},
    Topic.RECOVERY_WAITING: {"until": "2026-01-16 09:00", "link": LINK},
    Topic.RECOVERY_STOPPED: {},
    Topic.PASSKEY_ADDED: {},
    Topic.AFTER_DEATH_CHOSEN: {},
    Topic.APPLICATION_LAPSED: {},
    Topic.PIN_CHANGED: {},
    Topic.TICKET_ANSWERED: {"number": "4821093755"},
    Topic.AUTHORISATION_WITHDRAWN: {},
    Topic.TALK_OPENED: {"number": "4821093755"},
    Topic.TALK_PROPOSED: {"number": "4821093755"},
    Topic.TALK_SETTLED: {"number": "4821093755"},
    Topic.TALK_FAILED: {"number": "4821093755"},
    Topic.CASE_DECIDED: {
        "what": "terminate",
        "number": "4821093755",
        "until": "2026-03-23 09:00",
        "secret": "ABCD EFGH JKMN PQRS",
    },
    Topic.CASE_UPHELD: {"number": "4821093755"},
    Topic.CASE_LIFTED: {"number": "4821093755"},
    Topic.TICKET_AT_STAKE: {"number": "4821093755"},
    Topic.DEREGISTRATION_ASKED: {"number": "4821093755", "until": "2026-01-18 09:00"},
    Topic.DEREGISTRATION_UNDONE: {"number": "4821093755"},
    Topic.DEREGISTERED: {"number": "4821093755"},
    Topic.ACCOUNT_RECOVERED: {},
    Topic.WRONG_CODES: {"purpose": "sign_in"},
    Topic.REGISTERED_AGAIN: {},
    Topic.TEST: {},
    Topic.EMAIL_PROOF: {"link": LINK},
    Topic.EMAIL_ADDED: {},
    Topic.EMAIL_REMOVED: {},
    Topic.PHONE_CHANGED: {"until": "2026-01-16 09:00", "link": LINK},
    Topic.PHONE_WAITING: {"until": "2026-01-16 09:00", "link": LINK},
    Topic.PHONE_COMING: {"until": "2026-01-16 09:00", "number": "139****0009"},
    Topic.PHONE_ADDED: {"number": "139****0009"},
    Topic.PHONE_KEPT: {},
    Topic.NAME_CORRECTED: {},
    Topic.CORRECTION_REFUSED: {"number": "4821093755"},
    Topic.DOCUMENT_ENDS: {"until": "2026-03-01"},
    Topic.ACCOUNT_RESTRICTED: {"cause": "document_expired"},
    Topic.RESTRICTION_LIFTED: {"cause": "asked"},
    Topic.AGREEMENTS_ASK: SET,
    Topic.AGREEMENTS_CHANGE: SET,
    Topic.AGREEMENTS_OFF: SET,
    Topic.CLAUSE_SEVERED: CLAUSE,
    Topic.CLAUSE_RESTORED: CLAUSE,
    Topic.GUARDIAN_DECIDED: {"role": "ward", "decision": "confirmed"},
    Topic.GUARDIAN_ENDED: {"role": "guardian", "why": "age"},
    Topic.CAME_OF_AGE: {"role": "ward", "band": "adult"},
    Topic.TAKEN_OVER: {"role": "ward", "what": "taken_over"},
    Topic.WARD_NEWS: {},
    Topic.HELPER_ACCEPTED: {},
    Topic.HELPER_BEGAN: {"until": "2026-02-16 09:00"},
    Topic.HELPER_ENDED: {"role": "elder", "why": "time"},
    Topic.HELPING_BEGAN: {"until": "2026-02-16 09:00", "name": "测*辈", "assistance": "ast_1"},
    Topic.HELPING_ENDED: {"role": "helper", "why": "elder"},
    Topic.HELPER_NEWS: {"role": "helper", "what": "pin_changed", "name": "测*辈", "assistance": "ast_1"},
}
HAVE_A_LINK = {
    Topic.RECOVERY_WAITING,
    Topic.CODE_USED,
    Topic.EMAIL_PROOF,
    Topic.PHONE_CHANGED,
    Topic.PHONE_WAITING,
}
EVERY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
EVERY_TOPIC = pytest.mark.parametrize("topic", Topic)


def message(topic: Topic = Topic.OTP, language: str = "zh-CN", **params: str) -> Message:
    return Message(topic=topic, phone=PHONE, language=language, params={**PARAMS[topic], **params})


def test_every_text_has_both_languages() -> None:
    assert [text_id for text_id, wording in OWN_TEXTS.items() if not (wording.zh and wording.en)] == []


@EVERY_TOPIC
@EVERY_LANGUAGE
def test_every_topic_can_be_put_into_words(topic: Topic, language: str) -> None:
    text = render_text(message(topic, language))
    assert text
    assert not set("{}") & set(text)
    assert words_for_programs(text) == []


@pytest.mark.parametrize("text_id", OWN_TEXTS)
def test_both_languages_of_a_text_use_the_same_params(text_id: str) -> None:
    """What is there in both languages is told in the message's own: ``title_zh`` or ``title_en``."""
    used = [
        {name.removesuffix(f"_{language}") for _, name, _, _ in string.Formatter().parse(text) if name}
        for language, text in OWN_TEXTS[text_id].said()
    ]
    assert used[0] == used[1]
    assert not any(name.endswith(("_zh", "_en")) for name in used[0] | used[1])


def test_who_can_stop_no_change_of_the_phone_is_told_to_write() -> None:
    told = [render_text(message(Topic.PHONE_COMING, language, case="staff")) for language in LANGUAGES]
    assert "只有工作人员能停止" in told[0]
    assert "only our staff can stop it" in told[1]
    assert not any("挂失" in one or "freeze" in one for one in told)


@EVERY_TOPIC
@EVERY_LANGUAGE
def test_no_message_holds_a_link_but_those_that_are_made_for_one(topic: Topic, language: str) -> None:
    text = render_text(message(topic, language))
    assert text.count("http") == (topic in HAVE_A_LINK)
    assert (LINK in text) == (topic in HAVE_A_LINK)


@EVERY_LANGUAGE
def test_a_tickets_number_is_grouped_as_on_the_pages_and_a_masked_phone_stays(language: str) -> None:
    assert "48210 93755" in render_text(message(Topic.TICKET_ANSWERED, language))
    assert "139****0009" in render_text(message(Topic.PHONE_ADDED, language))


def test_it_is_said_whether_a_correction_or_the_end_was_asked_for_and_older_messages_speak_of_both() -> None:
    said = [render_text(message(Topic.TICKET_AT_STAKE, **kind)) for kind in ({"kind": one} for one in AT_STAKE)]
    before = render_text(message(Topic.TICKET_AT_STAKE))
    assert sorted(("更正信息" in one, "注销" in one) for one in said) == [(False, True), (True, False)]
    assert ("更正信息" in before, "注销" in before) == (True, True)


@pytest.mark.parametrize("words", ["271828", "5 分钟", "不要告诉任何人"])
def test_a_message_code_says_digits_minutes_and_to_tell_nobody(words: str) -> None:
    assert words in render_text(message())


@pytest.mark.parametrize("words", ["271828", "5 minutes", "Do not tell it to anyone"])
def test_a_message_code_says_the_same_in_english(words: str) -> None:
    assert words in render_text(message(language="en"))


@EVERY_LANGUAGE
def test_each_purpose_of_a_message_code_has_words_of_its_own(language: str) -> None:
    texts = {render_text(message(language=language, purpose=purpose)) for purpose in OtpPurpose}
    assert len(texts) == len(OtpPurpose)


@EVERY_LANGUAGE
def test_each_verdict_has_words_of_its_own(language: str) -> None:
    texts = {render_text(message(Topic.REGISTRATION_DECIDED, language, decision=verdict)) for verdict in Verdict}
    assert len(texts) == len(Verdict)


@pytest.mark.parametrize(("asked_for", "served"), [("en", "en"), ("en-GB", "en"), ("EN", "en"), ("zh", "zh-CN")])
def test_a_language_is_served_by_the_nearest_of_ours(asked_for: str, served: str) -> None:
    assert language_of(asked_for) == served


@pytest.mark.parametrize("asked_for", ["", "fr", "enx"])
def test_any_other_language_is_served_in_chinese(asked_for: str) -> None:
    assert language_of(asked_for) == "zh-CN"


@EVERY_LANGUAGE
def test_a_case_of_the_family_has_words_of_its_own_and_else_changes_nothing(language: str) -> None:
    told = [
        render_text(message(Topic.CAME_OF_AGE, language, role="guardian", band="minor", **case))
        for case in ({}, {"case": "kept"}, {"case": "another"})
    ]
    assert told[0] == told[2] != told[1]


def test_a_partners_name_is_no_pattern() -> None:
    assert "{otp.__class__}" in render_text(message(Topic.CODE_USED, partner="{otp.__class__}"))


def test_a_missing_param_is_named() -> None:
    with pytest.raises(InputInvalid, match="partner"):
        render_text(Message(topic=Topic.CODE_USED, phone=PHONE, language="en", params={}))


def test_an_unknown_word_is_refused_without_repeating_it() -> None:
    with pytest.raises(InputInvalid) as caught:
        render_text(message(purpose="13900139000"))
    assert "13900139000" not in str(caught.value)


@pytest.fixture
def notifier(world: World) -> InboxNotifier:
    with pytest.warns(VisibleInboxWarning):
        return InboxNotifier(world.store, world.keys, SystemEntropy(), SystemClock(), mode=Mode.SANDBOX)


def delivered(world: World) -> dict[str, Any]:
    with world.store.read() as stored:
        ((message_id, sealed, _),) = stored.inbox.newest(limit=10)
    shown: dict[str, Any] = json.loads(world.keys.open(sealed, place=("inbox", message_id, "sealed")))
    return shown


def test_live_mode_has_no_inbox(world: World) -> None:
    with pytest.raises(NotPermitted):
        InboxNotifier(world.store, world.keys, SystemEntropy(), SystemClock(), mode=Mode.LIVE)


def test_the_inbox_shows_phone_text_topic_and_digits(world: World, notifier: InboxNotifier) -> None:
    notifier.deliver(message(), message_id="msg_1")
    expected = {"phone": PHONE, "text": render_text(message()), "topic": "otp", "otp": "271828"}
    assert delivered(world) == expected


def test_only_message_codes_show_digits(world: World, notifier: InboxNotifier) -> None:
    notifier.deliver(message(Topic.CODE_USED), message_id="msg_1")
    assert set(delivered(world)) == {"phone", "text", "topic"}


def test_delivering_twice_shows_one_message(world: World, notifier: InboxNotifier) -> None:
    notifier.deliver(message(), message_id="msg_1")
    notifier.deliver(message(otp="314159"), message_id="msg_1")
    assert delivered(world)["otp"] == "271828"


def test_the_inbox_is_sealed_in_the_store(world: World, notifier: InboxNotifier) -> None:
    notifier.deliver(message(), message_id="msg_1")
    with world.store.read() as stored:
        ((_, sealed, _),) = stored.inbox.newest(limit=10)
    assert PHONE.encode() not in sealed


def test_a_missing_transport_says_what_to_do() -> None:
    with pytest.raises(Unavailable, match="operator"):
        MissingNotifier().deliver(message(), message_id="msg_1")


@EVERY_LANGUAGE
def test_a_freeze_that_the_holder_cannot_lift_does_not_say_that_they_can(language: str) -> None:
    told = {cause: render_text(message(Topic.ACCOUNT_FROZEN, language, cause=cause)) for cause in FreezeCause}
    own, operator, risk, guardian, death = (told[cause] for cause in FreezeCause)
    assert own == render_text(message(Topic.ACCOUNT_FROZEN, language)), "as older messages say it"
    assert operator == risk == death != own
    assert guardian not in (own, operator)
    for others in (operator, guardian):
        assert ("解冻" in own, "解冻" in others) == (language == "zh-CN", False)
        assert ("lift the freeze" in own, "lift the freeze" in others) == (language == "en", False)
