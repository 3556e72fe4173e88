"""Every sentence that code or a page asks for exists in every language, and no sentence is left over."""

import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from eztong.adapters.storage.rounds.transaction import OutcomeUnknown
from eztong.citizen import door  # noqa: F401 - loads every error that this door can meet
from eztong.citizen.words.event_words import BY_DETAIL
from eztong.desk import door as desk_door  # noqa: F401 - the same for the desk
from eztong.domain.eid.eid_flow import EID_REASONS
from eztong.domain.errors import EztongError
from eztong.domain.events import EventKind
from eztong.domain.requests.request import MATCH_NUMBER_WRONG
from eztong.i18n.translator import LANGUAGES, Language, load_catalogue
from tests.unit.i18n.composed import citizen, console, desk, portal, sandbox, shared

SOURCES = Path(__file__).parents[3] / "src" / "eztong"
ROOMS = ("citizen", "console", "desk", "i18n", "pages", "partner_portal", "sandbox")
COMPOSED = citizen.KEYS | console.KEYS | desk.KEYS | portal.KEYS | sandbox.KEYS | shared.KEYS
FINDING = re.compile(r'"(finding(?:\.[a-z0-9_]+)+)"')
LITERAL = re.compile(r'(?<![\w.])"([a-z]+(?:_[a-z]+)*(?:\.[a-z0-9_]+)+)"')
FILES = (".html", ".css", ".svg", ".json", ".md", ".js")


def literal_keys(sources: Path = SOURCES) -> Iterator[str]:
    """Give every quoted dotted word in templates and code."""
    for room in ROOMS:
        for path in (sources / room).rglob("*"):
            if path.suffix in {".html", ".py"}:
                yield from LITERAL.findall(path.read_text(encoding="utf-8"))
    yield from finding_keys(sources)


def finding_keys(sources: Path = SOURCES) -> Iterator[str]:
    """Give the key of everything that a check can say: each stands in the code of the checks as it is."""
    for path in (sources / "wiring").rglob("*.py"):
        yield from FINDING.findall(path.read_text(encoding="utf-8"))


def all_kinds() -> set[type[EztongError]]:
    """Give every class of error there is."""
    # Named, so that the errors of the store are there whatever else was imported.
    found: set[type[EztongError]] = {OutcomeUnknown}
    waiting: list[type[EztongError]] = [EztongError]
    while waiting:
        kind = waiting.pop()
        found.add(kind)
        waiting.extend(kind.__subclasses__())
    return found


def used_keys(sources: Path = SOURCES) -> set[str]:
    return COMPOSED | {key for key in literal_keys(sources) if not key.endswith(FILES)}


def missing_keys(language: Language, sources: Path = SOURCES) -> set[str]:
    """Return the keys that are asked for and have no sentence."""
    return used_keys(sources) - set(load_catalogue(language))


def unused_keys(sources: Path = SOURCES) -> set[str]:
    """Return the keys that have a sentence which nobody asks for; those of errors are found by their codes."""
    return set(load_catalogue("en")) - used_keys(sources) - error_keys("error.") - error_keys("error_title.")


def error_keys(prefix: str) -> set[str]:
    return {key for key in load_catalogue("en") if key.startswith(prefix)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_that_is_used_has_its_sentence(language: Language) -> None:
    assert missing_keys(language) == set()


def test_no_sentence_is_left_over() -> None:
    assert unused_keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_event_has_its_words_and_no_other_has(language: Language) -> None:
    words = {key: text for key, text in load_catalogue(language).items() if key.startswith("event.")}
    by_detail = {f"event.{kind}.{value}" for kind, (_, values) in BY_DETAIL.items() for value in values}
    assert set(words) == {f"event.{kind}" for kind in EventKind} | by_detail
    assert all(words.values())


def test_a_missing_and_an_unused_sentence_are_noticed(tmp_path: Path) -> None:
    pages = tmp_path / "citizen"
    pages.mkdir()
    (pages / "page.html").write_text('<h1>{{ t("start.title") }}</h1><p>{{ t("nobody.wrote_this") }}</p>', "utf-8")
    assert missing_keys("zh-CN", tmp_path) == {"nobody.wrote_this"}
    assert "start.lead" in unused_keys(tmp_path)
    assert "start.title" not in unused_keys(tmp_path)


def test_every_error_sentence_belongs_to_an_error() -> None:
    codes = {kind.code for kind in all_kinds()} | {MATCH_NUMBER_WRONG, *EID_REASONS}
    told = {key.partition(".")[2] for key in error_keys("error.") | error_keys("error_title.")}
    assert told - codes == set()


# What only partners, desks and operators are told, and parents whose every subclass has words.
NOT_FOR_CITIZENS = re.compile(
    r"appeal_second_needed|arranged_otherwise|not_approved|not_deceased|not_of_relatives|nothing_asked|agreement_s|agreement_texts_|agreements_unchanged|authority_|change_class_|check_digit|claim_|clause_|code_|desk_|document_|eid_token_|idempotency_|key_|method_|partner_|proof_|scene_|scope_|reseal_|rotation_|rotated_|changed_at_shell|changed_since_seen"
    r"|text_|retention_|accent_|backup_folder_|brand_|drill_|bulk_|receipt_unknown|mark_invalid|audit_|break_glass_|passkey_of_another|passkey_unnamed|policy_|decision_inputs_|supplement_not_possible|asked_too_often|calendar_|cursor_|erasure_|certificate_|case_moved|evidence_|companions_|configuration_|host_unknown|incident_|incidents_|input_unreadable|last_system_operator|legal_basis_|minor_not_revealed|no_eid_mark|not_under_review|one_time_code_|operator_|portal_|second_factor_|proposal_|reason_invalid|replays_|about_oneself|same_operator|web_address_|webhook_|credit_code_|name_not_typed|choice_missing|network_|redirect_"
)


def test_every_error_that_a_citizen_may_meet_has_a_sentence_of_its_own() -> None:
    rooms = ("eztong.domain", "eztong.http", "eztong.pages", "eztong.citizen")
    codes = {kind.code for kind in all_kinds() if kind.__module__.startswith(rooms)}
    needed = {f"error.{code}" for code in codes if not NOT_FOR_CITIZENS.match(code)}
    assert needed - set(load_catalogue("zh-CN")) == set()


def test_the_languages_say_the_same_things_with_the_same_parameters() -> None:
    chinese, english = load_catalogue("zh-CN"), load_catalogue("en")
    assert set(chinese) == set(english)
    for key in english:
        assert parameters(chinese[key]) == parameters(english[key]), key


def parameters(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_empty_or_blames_the_system(language: Language) -> None:
    for key, sentence in load_catalogue(language).items():
        assert sentence.strip(), key
        assert "系统错误" not in sentence, key
        assert "您输错" not in sentence, key
