"""What the checks say is said in either language, whatever they find and whatever they meet."""

from __future__ import annotations

import re
from errno import ENOSPC
from string import Formatter

import pytest

from eztong.adapters.keys.problems import KeyringDamaged
from eztong.console.finding_words import finding_words
from eztong.domain.errors import NotPermitted
from eztong.domain.operators.posture import CheckFinding, FindingSentence, MetError
from eztong.i18n.translator import LANGUAGES, Language, Translator, load_catalogue
from eztong.wiring.checks.findings import bad, fine, met, say, warns, why
from eztong.wiring.settings import Settings, SettingsInvalid
from tests.unit.i18n.test_catalogues import finding_keys

KEYS = sorted(set(finding_keys()))
CONTACT = "service@eid.example.org"
# An article, a verb or a joining word: what no setting, path, command or code holds as a word of its own.
ENGLISH = re.compile(
    r"\b(?:a|an|the|is|are|was|of|and|or|not|no|it|to|cannot|run|set|with|this|that|see)\b", re.IGNORECASE
)
OF_COMMANDS = re.compile(r"`[^`]*`|(?:eztong|openssl|chmod) [a-zA-Z0-9 _/.&<>-]+")


def in_chinese(*sentences: FindingSentence) -> str:
    return finding_words(sentences, words=Translator("zh-CN"), contact=CONTACT)


def english_in(text: str) -> list[str]:
    """Return the words of English sentences; those of commands are none."""
    return ENGLISH.findall(OF_COMMANDS.sub("", text))


def filled(key: str) -> FindingSentence:
    """Return the sentence with something in each of its places."""
    names = {name for _, name, _, _ in Formatter().parse(load_catalogue("en")[key]) if name}
    error = MetError("keyring_damaged", "The keyring is damaged. Restore it.")
    return say(key, **{name: error if name == "error" else f"<{name}>" for name in names})


def test_the_keys_are_found_in_the_code_of_the_checks() -> None:
    assert len(KEYS) > 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_a_check_can_say_is_said_in_either_language(language: Language) -> None:
    assert {key for key in KEYS if not load_catalogue(language).get(key)} == set()


@pytest.mark.parametrize("key", KEYS)
def test_what_a_chinese_reader_sees_holds_no_english_sentence(key: str) -> None:
    told = in_chinese(filled(key))
    assert re.search("[\u4e00-\u9fff]", told), told
    assert english_in(re.sub("<[a-z_]+>", "", told)) == [], told


@pytest.mark.parametrize("key", KEYS)
def test_an_english_reader_sees_what_the_command_prints(key: str) -> None:
    said = filled(key)
    assert finding_words([said], words=Translator("en"), contact=CONTACT) == said.english


def test_an_error_is_told_by_its_sentence_or_else_by_its_code() -> None:
    assert in_chinese(why(KeyringDamaged("There is no active key for: code."))) == (
        "原因：密钥环损坏。请从同一份备份恢复密钥环和根密钥。"
    )
    assert in_chinese(why(OSError(ENOSPC, "No space left on device"))) == "原因：ENOSPC"
    assert in_chinese(say("finding.reports.unknown", error=met(TimeoutError()))).endswith("：TimeoutError")


def test_a_sentence_about_what_the_reader_did_is_not_shown() -> None:
    assert in_chinese(why(NotPermitted("The authority is a sandbox."))) == "原因：not_permitted"


def test_the_settings_that_an_error_names_are_named_in_either_language() -> None:
    error = SettingsInvalid("EZTONG_SMTP_USER and EZTONG_SMTP_PASSWORD_FILE belong together: set both or none.")
    assert in_chinese(why(error)) == ("原因：EZTONG_SMTP_USER, EZTONG_SMTP_PASSWORD_FILE: 这项设置缺少或不对，请改正。")
    assert why(error).english == error.detail


def test_a_finding_is_several_sentences_and_printed_as_one_line_of_english() -> None:
    found: CheckFinding = warns("EZT021", [say("finding.reach.fine"), say("finding.released.rests")], "finding.rows_do")
    assert found.record() == {
        "check": "EZT021",
        "severity": "warning",
        "message": "The database reaches as far as its mark. "
        "What was stopped since waits again, and what cannot be undone rests.",
        "advice": "Find the rows: eztong db check --full. Then restore a backup of before: eztong db restore.",
    }
    assert in_chinese(*found.found) == "数据库和它旁边的标记一样新。那以后停掉的又在等着执行，不能撤回的事暂停了。"
    assert fine("EZT001", "finding.reach.fine").advice == ""


def test_a_key_that_no_catalogue_has_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        bad(Settings(), "EZT001", "finding.nobody_wrote_this", "finding.rows_do")
