"""The two agreements: equal in both languages, emphasised as clause P-2 asks, silent about nothing that is stored."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from eztong.adapters.storage.sql.tables import metadata
from eztong.domain.agreements import AgreementKind, DocumentKind
from eztong.domain.assistance.assistance import PERIODS
from eztong.wiring.agreements.texts import SINGLE

_HEADING = re.compile(r"^#{2,4} +(.*)$", re.MULTILINE)
_NUMBER = re.compile(r"^(\d(?:\.\d+)*|[一二三四五])")
_HAN_NUMBERS = {"一": "1", "二": "2", "三": "3", "四": "4", "五": "5"}

# The clauses that the service agreement must emphasise (P-2); the authorisation agreement emphasises sensitive data.
EMPHASISED = {
    "2.2",
    "2.5",
    "2.6",
    "2.7",
    "2.8",
    "2.9",
    "2.10",
    "3.6",
    "4.1",
    "4.2",
    "5.1",
    "5.2",
    "5.3",
    "5.4",
    "5.5",
} | {*("5.6", "4.2.1", "4.2.2", "4.2.3", "4.2.4", "4.2.5")}

# What is sealed somewhere in the store, and the words of the authorisation agreement that name it. A column that is
# new here is personal data that nobody was told of yet.
NAMED = {
    "acceptances.sealed_context": "网络地址",
    "application_steps.sealed_words": "对申请结果的申诉",
    "case_steps.sealed_words": "意见反馈的内容",
    "corrections.sealed_new": "申请更正的姓名",
    "corrections.sealed_old": "更正之前的姓名",
    "assistances.sealed_digits": "协助关系",
    "eid_flows.sealed_confirmations": "意愿确认的回答",
    "eid_flows.des_key": "以该合作方的密钥加密",
    "eid_flows.user_info": "以该合作方的密钥加密",
    "guardianships.sealed_digits": "邀请码",
    "guardianships.sealed_phone": "接管账户时填写的手机号码",
    "guardianships.sealed_words": "工作人员对监护关系的说明",
    "holder_emails.sealed": "电子邮箱",
    "holder_notices.sealed": "发给您的通知",
    "holder_phrases.sealed": "防伪口令",
    "holders.sealed_eid_mark": "eID 数字身份标记",
    "holders.sealed_name": "姓名",
    "holders.sealed_number": "身份证件的种类和号码",
    "holders.sealed_phone": "手机号码",
    "identity_documents.sealed_valid_until": "证件有效期",
    "jobs.sealed": "短信和邮件服务方",
    "phone_changes.sealed_new": "手机号码",
    "phone_changes.sealed_old": "更换之前的号码",
    "pins.sealed_hash": "PIN",
    "policy_decisions.sealed_facts": "自动判断所依据的事实",
    "reports.sealed_note": "报告“不是我”时的说明",
    "ticket_messages.sealed": "意见反馈的内容",
    "verifications.sealed_result": "使用记录",
}
NOT_OF_CITIZENS = {
    "account_keys.sealed_secret": "a partner's key",
    "webhook_endpoints.sealed_secret": "what deliveries to a partner are signed with",
    "webhook_endpoints.sealed_previous": "the same",
    "bundles.sealed_basis": "number and legal basis of an authority's document",
    "eid_flows.sealed_settings": "what a merchant brought itself, before the person acts",
    "holders.data_key": "a key",
    "inbox.sealed": "the sandbox only",
    "incident_reports.sealed_slots": "what the service tells the authorities of an incident, about nobody",
    "operators.second_factor": "the key of a member of staff's authenticator app",
    "partner_applications.sealed_contact": "who speaks for an organisation",
    "portal_people.second_factor": "the key of a partner's person's authenticator app",
    "staff.second_factor": "the key of the authenticator app of an account at a partner's desk",
    "talks.draft": "what the service may offer to somebody without an account; once offered, a message",
    "tickets.data_key": "a key",
}


def text_of(kind: DocumentKind, language: str) -> str:
    """Return the packaged text, as operators get it."""
    return files("eztong.wiring").joinpath("documents", f"{kind.value}.{language}.md").read_text("utf-8")


def clauses(text: str) -> dict[str, str]:
    """Return the text of every numbered clause."""
    parts = _HEADING.split(text)[1:]
    found = {}
    for title, body in zip(parts[::2], parts[1::2], strict=True):
        number = _NUMBER.match(title)
        if number is not None:
            found[_HAN_NUMBERS.get(number[1], number[1])] = body
    return found


@pytest.mark.parametrize("kind", SINGLE)
def test_both_languages_have_the_same_clauses_tables_and_emphasis(kind: DocumentKind) -> None:
    chinese, english = clauses(text_of(kind, "zh-CN")), clauses(text_of(kind, "en"))
    assert chinese.keys() == english.keys()
    for number, body in chinese.items():
        other = english[number]
        shape = [(part.count("**"), part.count("\n|"), part.count("\n\n")) for part in (body, other)]
        assert shape[0] == shape[1], f"clause {number} differs in emphasis, rows or paragraphs"
        assert re.findall(r"{\w+}", body) == re.findall(r"{\w+}", other), f"clause {number} names other settings"


def test_the_clauses_of_liability_are_emphasised() -> None:
    for language in ("zh-CN", "en"):
        bold = {number for number, body in clauses(text_of(AgreementKind.SERVICE, language)).items() if "**" in body}
        assert bold == EMPHASISED


def test_the_chinese_text_says_which_language_prevails() -> None:
    for kind in SINGLE:
        assert "以中文文本为准" in text_of(kind, "zh-CN")
        assert "the Chinese text prevails" in text_of(kind, "en")


def test_everything_that_is_sealed_is_named() -> None:
    sealed = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if (column.comment or "").startswith("[sealed]")
    }
    assert sealed == NAMED.keys() | NOT_OF_CITIZENS.keys()
    text = text_of(AgreementKind.AUTHORISATION, "zh-CN")
    assert [name for name, words in NAMED.items() if words not in text] == []


def test_a_helper_is_promised_for_as_long_as_one_can_be_invited() -> None:
    assert max(PERIODS) == 90
    assert "最长九十天" in clauses(text_of(AgreementKind.SERVICE, "zh-CN"))["2.11"]
    assert "ninety days at most" in clauses(text_of(AgreementKind.SERVICE, "en"))["2.11"]
