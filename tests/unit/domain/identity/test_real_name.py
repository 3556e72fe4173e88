"""Real names: the personas' spellings, what matches with a note, and what a human must see."""

from __future__ import annotations

import pytest

from eztong.domain.errors import EztongError, InputInvalid
from eztong.domain.identity.real_name import (
    NameCharacter,
    NameEmpty,
    NameInvalid,
    NameMatch,
    NameNote,
    NameOutcome,
    NameTooLong,
    RealName,
    compare_names,
    parse_real_name,
)

MATCH = NameMatch(outcome=NameOutcome.MATCH)
MISMATCH = NameMatch(outcome=NameOutcome.MISMATCH)
NEEDS_HUMAN = NameMatch(outcome=NameOutcome.NEEDS_HUMAN)
P12 = "测古丽·阿卜杜买买提·测艾合麦提江·试图尔荪"
PERSONA_NAMES = [
    *("测一一", "测一二", "测不符", "测三三", "测无录", "测已故", "测过期", "测将期", "测少年"),
    *("测小童", "测监护", "测买·艾试", P12, "测䶮", "测𬎆", "测自冻", "测风控", "测已销", "测终止"),
    *("测超时", "测宕机", "测挂起", "测人工", "测拒绝", "测改名", "测新名", "测换号", "测闰日"),
    *("测十四", "测成年", "测长辈", "测协助", "测撤回", "测冒用", "测错码", "测旧号", "测港居"),
    *("测台居", "TEST PR", "测重复"),
]


def compare(entered: str, on_file: str) -> NameMatch:
    """Parse both sides and compare them."""
    return compare_names(parse_real_name(entered), parse_real_name(on_file))


def with_note(*notes: NameNote) -> NameMatch:
    """Make the answer of a match with notes."""
    return NameMatch(outcome=NameOutcome.MATCH_WITH_NOTE, notes=notes)


@pytest.mark.parametrize("name", PERSONA_NAMES)
def test_every_persona_matches_itself(name: str) -> None:
    """All three forms are the name, and nothing needs a note."""
    parsed = parse_real_name(name)
    assert (parsed.as_entered, parsed.display, parsed.match_key) == (name, name, name)
    assert compare(name, name) == MATCH


@pytest.mark.parametrize("dot", list("•‧・⋅∙●᛫⸱･．.。｡"))
def test_p11_matches_with_any_dot(dot: str) -> None:
    """Every separator people type between Han characters is the official one, with a note."""
    assert compare(f"测买{dot}艾试", "测买·艾试") == with_note(NameNote.SEPARATOR)
    assert parse_real_name(f"测买{dot}艾试").display == "测买·艾试"


def test_the_greek_dot_is_canonically_the_official_one() -> None:
    """U+0387 is U+00B7 under NFC: no note."""
    assert compare("测买\u0387艾试", "测买·艾试") == MATCH


@pytest.mark.parametrize("entered", ["测买艾试", "测买 艾试", "测买··艾试", "·测买·艾试。", "测买 · 艾试 "])
def test_a_missing_or_doubled_dot_is_a_note_or_nothing(entered: str) -> None:
    """Only separators differ: the same name."""
    expected = MATCH if entered == "测买 · 艾试 " else with_note(NameNote.SEPARATOR)
    assert compare(entered, "测买·艾试") == expected


def test_p13_matches_from_private_use() -> None:
    """U+E863 is what GBK systems stored for U+4DAE."""
    assert compare("测\ue863", "测䶮") == with_note(NameNote.CODEPOINT)
    assert compare("测䶮", "测\ue863") == with_note(NameNote.CODEPOINT)
    assert parse_real_name("测\ue863").display == "测䶮"


def test_both_notes_together() -> None:
    """A dotted name with a private-use character has two notes, separator first."""
    answer = compare("测•\ue863", "测·䶮")
    assert answer == with_note(NameNote.SEPARATOR, NameNote.CODEPOINT)


@pytest.mark.parametrize(
    "on_file",
    ["测?", "测？", "测□", "测\ufffd", "测〓", "测*", "测(wáng)", "测（wang2）", "测[wang]", "测\ue000", "测⿰王隹"],
)
def test_p14_garbled_upstream_needs_a_human(on_file: str) -> None:
    """A stand-in, pinyin in brackets or unknown private use is never a mismatch, on either side."""
    assert compare("测𬎆", on_file) == NEEDS_HUMAN
    assert compare(on_file, "测𬎆") == NEEDS_HUMAN
    assert compare(on_file, on_file) == NEEDS_HUMAN


def test_supplementary_characters_count_as_one() -> None:
    """P14's name is two characters; fifty of them are a name, fifty-one are not."""
    assert len(parse_real_name("测𬎆").match_key) == 2
    assert parse_real_name("𬎆" * 50).is_readable
    with pytest.raises(NameTooLong):
        parse_real_name("𬎆" * 51)


def test_p12_fits_with_room() -> None:
    """A long name of four parts is taken as it is."""
    assert parse_real_name(P12).display == P12


@pytest.mark.parametrize("char", ["𬎆", "𫖯", "𰻝", "\U00031350", "\U0002ebf0", "\U000323b0", "鿿", "〇", "々"])
def test_characters_newer_than_this_python_are_letters(char: str) -> None:
    """Extensions up to J and beyond are judged by block, not by this Unicode's categories."""
    assert compare(f"测{char}", f"测{char}") == MATCH


def test_compatibility_ideographs_are_the_same_character() -> None:
    """U+F967 and U+F9D1 are 不 and 六 under NFC; the original is kept."""
    assert compare("测\uf967\uf9d1", "测不六") == MATCH
    assert parse_real_name("测\uf967").as_entered == "测\uf967"


def test_a_radical_matches_its_character_with_a_note() -> None:
    """U+2F4A from OCR is the key 木."""
    assert parse_real_name("测\u2f4a").match_key == "测木"
    assert compare("测\u2f4a", "测木") == with_note(NameNote.CODEPOINT)


@pytest.mark.parametrize("dot", list("﹒·‧•∙⋅・･◦⸳⸱ᐧꞏ〮ㆍ·᛫●"))
def test_every_dot_that_people_find_is_the_separator(dot: str) -> None:
    """Input methods and fonts offer many; the register has one (民委发〔2016〕33号)."""
    assert parse_real_name(f"测买{dot}艾试").match_key == "测买·艾试"
    assert compare(f"测买{dot}艾试", "测买·艾试").outcome in {NameOutcome.MATCH, NameOutcome.MATCH_WITH_NOTE}


@pytest.mark.parametrize(
    ("typed", "on_file"),
    [("O’Test", "O'TEST"), ("OʼTest", "O'TEST"), ("Test‐Case", "TEST-CASE"), ("Test‑Case", "TEST-CASE")],
)
def test_phones_type_other_apostrophes_and_hyphens(typed: str, on_file: str) -> None:
    """A phone changes ``'`` by itself; between Latin letters it is the same mark."""
    assert compare(typed, on_file) == with_note(NameNote.CODEPOINT)
    assert compare(f"测{typed[1]}一", "测一").outcome is NameOutcome.MISMATCH, "between Han characters it is a slip"


@pytest.mark.parametrize(("one", "other"), [("测国", "测國"), ("测于", "测於"), ("测丽", "测利"), ("测", "Ce")])
def test_other_characters_are_other_names(one: str, other: str) -> None:
    """No simplified-traditional folding, no homophones, no pinyin."""
    assert compare(one, other) == MISMATCH


def test_p03_is_a_mismatch() -> None:
    """The authority knows another name."""
    assert compare("测不符", "测三三") == MISMATCH


@pytest.mark.parametrize("entered", ["测 一一", "测\u3000一一", "\u00a0测一一 ", "测\u200b一\ufeff一", "测一\ufe00一"])
def test_spaces_and_invisible_characters_do_not_count(entered: str) -> None:
    """Han names have no spaces; zero-width characters and variation selectors go, too."""
    assert compare(entered, "测一一") == MATCH
    assert parse_real_name(entered).display == "测一一"


def test_latin_names_keep_single_spaces() -> None:
    """X5: words stay apart, by one space."""
    assert parse_real_name("  TEST \u3000 PR ").display == "TEST PR"
    assert compare("TESTPR", "TEST PR") == MISMATCH


@pytest.mark.parametrize("entered", ["Test Pr", "ＴＥＳＴ ＰＲ"])
def test_latin_case_and_width_are_no_difference(entered: str) -> None:
    """Cards print capitals; people and input methods do not."""
    assert compare(entered, "TEST PR").outcome in {NameOutcome.MATCH, NameOutcome.MATCH_WITH_NOTE}


def test_a_full_stop_between_latin_words_stays() -> None:
    """Only between Han characters is it a separator."""
    assert parse_real_name("J. O'Neil-Test").display == "J. O'Neil-Test"


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "·", "。", "\u3164", "• ·"])
def test_nothing_is_refused(text: str) -> None:
    """Blank, invisible or dots only is no name."""
    with pytest.raises(NameEmpty):
        parse_real_name(text)


@pytest.mark.parametrize("text", ["测" * 51, "测" + " " * 200])
def test_more_than_fifty_characters_are_refused(text: str) -> None:
    """Fifty is the field's length; padding does not go on for ever either."""
    with pytest.raises(NameTooLong):
        parse_real_name(text)


@pytest.mark.parametrize(
    "text", ["测1", "测😀", "测\x00", "测\ud800", "测,一", "<测>", "测|一", "-'", "测\ue78d", "测\u20dd", "1", "测￣"]
)
def test_what_no_name_has_is_refused(text: str) -> None:
    """Digits, emoji, control characters, surrogates and punctuation, also out of private use."""
    with pytest.raises(NameCharacter):
        parse_real_name(text)


def test_printing_a_name_shows_nothing() -> None:
    """Neither repr, str nor format reveals the name."""
    parsed = parse_real_name("测一一")
    assert isinstance(parsed, RealName)
    assert {repr(parsed), str(parsed), f"{parsed}"} == {"RealName(***)"}


def test_error_codes_never_change_and_repeat_no_name() -> None:
    """Doors and translations hang on the codes; messages may be logged."""
    assert {kind.code for kind in NameInvalid.__subclasses__()} == {
        "name_empty",
        "name_too_long",
        "name_character",
    }
    assert issubclass(NameInvalid, InputInvalid)
    with pytest.raises(EztongError) as raised:
        parse_real_name("测😀")
    assert "测" not in raised.value.detail
