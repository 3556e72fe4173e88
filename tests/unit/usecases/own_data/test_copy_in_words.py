"""A copy on paper is for people: every word for programs has one of theirs, in each language (3.3, ADR 0066)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from eztong.adapters.storage.sql.tables import metadata
from eztong.citizen.me.data_paper import data_paper
from eztong.citizen.words.copy_values import SAID, PartnerNames, detail_words, value_words
from eztong.domain.own_data.copy_list import COPIED, name_in_copy, why_withheld
from eztong.domain.own_data.paper import Fact, Paper
from eztong.i18n.translator import LANGUAGES, Language, Translator
from eztong.usecases.own_data.export_data import collect_data
from tests.unit.usecases.own_data.full_life import live_fully
from tests.unit.usecases.stage import Stage

NAMES = PartnerNames(
    partner=lambda partner: f"~{partner}".upper(),
    scene=lambda _, scene: f"~{scene}".replace("_", " "),
    desk=lambda _, desk: f"~{desk}",
)
# An id of ours, of a key or of a session; what was signed stands as it was; addresses are what they are.
AS_IT_IS = re.compile(r"\b[a-z]{3}_[0-9A-Z]+\b|\S+@\S+|ref-\S+|\{.*\}|\d{4}-\d\d", re.DOTALL)
FOR_PROGRAMS = re.compile(r"[a-z]+_[a-z_]+|[a-z_]+=|\d{4}-\d\d-\d\d")
# Numbers, flags and figures, names that people gave or are called by, and references that staff is asked about.
NO_WORDS = {
    *("account.mark_changes", "account.policy_version", "account.rules", "account.stopped", "acceptances.act"),
    *("acceptances.version", "account.salt", "answered_flows.confirmed", "answered_flows.tries"),
    *("answered_requests.grant_days", "answered_requests.match_number", "answered_requests.reference"),
    *("application_steps.due", "application_steps.operator", "application_steps.rules", "acts.operator"),
    *("assistances.days", "assistances.with_uses", "deregistrations.held", "devices.is_primary", "devices.label"),
    *("cases.added_by", "cases.appeal_until", "cases.claim", "cases.decided_by", "cases.due", "cases.opened_by"),
    *("cases.operator", "cases.proposed_by"),
    *("identity_document.reminded", "jobs.attempts", "jobs.priority", "notice_choices.per_use"),
    *("notice_choices.promotions", "partner_switches.is_on", "passkeys.label", "passkeys.sign_count"),
    *(
        "policy_decisions.policy_version",
        "policy_decisions.rules",
        "person.service_ended",
        "pin.wrong_tries",
        "recoveries.device_label",
        "replay_warnings.place",
    ),
    *("reports.froze", "restrictions.rule", "talks.answer_by", "tickets.due", "tickets.operator"),
}
BY_THEIR_ROW = {"scene", "desk", "detail"}


@dataclass(frozen=True)
class Life:
    """The papers of somebody who did all there is."""

    papers: dict[Language, Paper]

    def facts(self, language: Language) -> Iterator[Fact]:
        return (fact for section in self.papers[language].sections for entry in section.entries for fact in entry)


@pytest.fixture
def life(stage: Stage) -> Life:
    live_fully(stage)
    copy = stage.act(collect_data, stage.holder())
    deployment = stage.services.deployment
    return Life(
        {
            language: data_paper(copy, words=Translator(language), deployment=deployment, names=NAMES)
            for language in LANGUAGES
        }
    )


def members_of_words() -> set[tuple[str, str]]:
    """Return every member of the copy that a column of words, flags or numbers tells, with its part."""
    return {
        (part.partition(".")[0], name_in_copy(table, column.name))
        for table, part in COPIED.items()
        for column in metadata.tables[table].columns
        if (column.comment or "").startswith("[state]") and why_withheld(table, column.name) is None
    }


def test_every_member_with_words_for_programs_is_told_in_others_or_stands_as_it_is_for_a_reason() -> None:
    plain = {member for member in members_of_words() if ".".join(member) not in NO_WORDS | {"talks.records"}}
    assert {member for member in plain - SAID.keys() if member[1] not in BY_THEIR_ROW} == set()
    assert {
        member for member in SAID if member not in plain and member[1] != "side" and member[0] != "who_saw"
    } == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_for_programs_and_no_stamp_stands_on_the_paper(life: Life, language: Language) -> None:
    values = {str(value) for said in SAID.values() for value in said.values}
    lines = {line for fact in life.facts(language) for line in AS_IT_IS.sub("", fact.value).splitlines()}
    assert [line for line in lines if FOR_PROGRAMS.search(line) is not None] == []
    # In English some are the very word that people use.
    assert language == "en" or [line for line in lines if line in values] == []


def test_partners_scenes_and_desks_are_called_by_their_names(life: Life) -> None:
    values = {fact.value for fact in life.facts("zh-CN")}
    assert {"~HOTEL", "~hotel check in", "~front-1"} <= values


def test_a_notice_is_told_as_it_was_and_a_provisional_day_says_so(life: Life) -> None:
    values = [fact.value for fact in life.facts("zh-CN")]
    assert any(value.startswith("您已申请注销账户，编号") for value in values)
    assert "2026年3月23日 23:59:59（日期待定）" in values


@pytest.mark.parametrize(
    ("detail", "told"),
    [
        ("ticket=12 by=session", "反馈编号：12\n通过：已登录的设备"),
        ("partner=hotel on=False", "商家：~HOTEL\n是否打开：否"),
        ("cause=risk rule=法院 通知 = 12", "原因：账户可能被他人使用\n依据：法院 通知 = 12"),
        ("passkey", "通行密钥"),
        ("new_kind=new_word", "new_kind：new_word"),
    ],
)
def test_the_detail_of_an_event_is_told_fact_by_fact(detail: str, told: str) -> None:
    assert detail_words(detail, words=Translator("zh-CN"), names=NAMES) == told


def test_a_value_of_another_version_stands_for_itself() -> None:
    assert value_words("codes", "state", "melted", words=Translator("en")) == "melted"
