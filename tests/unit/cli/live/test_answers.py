"""Answers are judged as they are given: a person is asked again, a file is judged whole, and nothing is guessed."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from eztong.cli.live.asking import Terminal, read_answers
from eztong.cli.live.environment_file import read_values
from eztong.cli.live.going import Going, SettingsStand
from eztong.cli.live.questions import ADDRESSES, FOLDERS, OPERATOR, AnswerMissing, AnswerRefused, SettingQuestion
from eztong.cli.live.steps import ASKED
from eztong.wiring.settings import Settings

WHOLE = """
operator_name = "Example City"
operator_contact = "eid@example.org"
place_of_signing = "Example City"
accept_foreigners = true
port = 9000
[try]
phone = "19900000009"
"""


def answers_file(folder: Path, text: str, name: str = "answers.toml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def going_with(folder: Path, text: str, *, may_change: bool = False) -> Going:
    answers = read_answers(answers_file(folder, text), may_change_all=may_change)
    going = Going(answers, folder / "etc" / "settings.env")
    going.told.append({"step": 1, "title": "", "told": []})
    return going


def test_every_question_is_a_setting_and_none_is_asked_twice() -> None:
    names = [one.name for questions in ASKED for one in questions]
    assert len(set(names)) == len(names)
    assert set(names) <= Settings.model_fields.keys()
    assert {one.only_with for questions in ASKED for one in questions} - {""} <= set(names)


def test_toml_and_json_say_the_same(tmp_path: Path) -> None:
    toml = read_answers(answers_file(tmp_path, WHOLE), may_change_all=False)
    text = (
        '{"operator_name": "Example City", "operator_contact": "eid@example.org", "place_of_signing": "Example City",'
    )
    text += '"accept_foreigners": true, "port": 9000, "try": {"phone": "19900000009"}}'
    assert read_answers(answers_file(tmp_path, text, "answers.json"), may_change_all=False) == toml
    assert toml.settings["port"] == "9000"
    assert toml.settings["accept_foreigners"] == "true"
    assert toml.trial("phone", "") == "19900000009"
    assert toml.secret("") == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a = ", "no TOML"),
        ('colour = "red"', "There is no setting colour"),
        ('mode = "live"', "mode is no answer"),
        ('metrics_token = "01234567890123456789"', "metrics_token is no answer"),
        ('operator_name = ""', "leave out"),
        ("operator_name = 1.5", "an answer is a text"),
        ('operator_name = "Sandbox Operator"', "placeholder"),
        ('operator_contact = "me@example.invalid"', "placeholder"),
        ("port = 99999", "EZTONG_PORT"),
        ('public_url = "http://eid.example.org"', "https"),
        ('public_url = "https://eid.example.org/there"', "EZTONG_PUBLIC_URL"),
        ('authority_url = "http://authority.example.org"', "https"),
        ('authority_signing_key = "bm90IGEga2V5"', "EZTONG_AUTHORITY_SIGNING_KEY"),
        ('authority_encryption_key = "?"', "EZTONG_AUTHORITY_ENCRYPTION_KEY"),
        ('authority_ca_file = "/nowhere.pem"', "EZTONG_AUTHORITY_CA_FILE: It is no PEM file"),
        ('sms_url = "http://sms.example.org/send"', "EZTONG_SMS_URL: it must be https"),
        ('sms_url = "https://sms.example.org/send"\nsms_body = "{"', "EZTONG_SMS_BODY"),
        ('smtp_from = "nobody"', "EZTONG_SMTP_FROM"),
        ('data_dir = "var"', "from / on"),
        ('data_dir = "/srv/e"\nroot_key_file = "/srv/e/root.key"', "must not lie in the data folder"),
        ('data_dir = "/srv/e"\nroot_key_file = "/srv/e/keys/root.key"', "must not lie in the data folder"),
        ('try = "me"', "table"),
        ("[try]\nfax = '1'", "table"),
    ],
)
def test_a_file_of_answers_is_judged_whole_before_anything_is_done(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(AnswerRefused, match=says):
        read_answers(answers_file(tmp_path, text), may_change_all=False)


def test_json_that_is_no_object_is_refused(tmp_path: Path) -> None:
    for text, says in (("[1]", "object"), ("{", "no JSON")):
        with pytest.raises(AnswerRefused, match=says):
            read_answers(answers_file(tmp_path, text, "a.json"), may_change_all=False)


def test_what_is_missing_is_named_and_not_guessed(tmp_path: Path) -> None:
    going = going_with(tmp_path, 'operator_name = "Example City"')
    with pytest.raises(AnswerMissing, match="operator_contact, place_of_signing"):
        going.ask(OPERATOR, known_by=())
    with pytest.raises(AnswerMissing, match="data_dir, root_key_file"):
        going.ask(FOLDERS, known_by=())
    with pytest.raises(AnswerMissing, match="operator_contact, place_of_signing, public_url"):
        going.check_nothing_is_missing([*OPERATOR, *ADDRESSES])


def test_the_origin_is_the_public_name_unless_it_is_said(tmp_path: Path) -> None:
    given = going_with(tmp_path, 'public_url = "https://eid.example.org"').ask(ADDRESSES, known_by=())
    assert given["origin"] == "eid.example.org"
    assert (given["host"], given["port"]) == ("127.0.0.1", "8080")


def test_what_stands_in_the_file_counts_and_is_replaced_only_where_that_is_said(tmp_path: Path) -> None:
    first = going_with(tmp_path, WHOLE)
    first.keep(first.ask(OPERATOR, known_by=()))
    later = going_with(tmp_path, 'operator_name = "Another City"')
    given = later.ask(OPERATOR, known_by=())
    assert given["place_of_signing"] == "Example City"
    with pytest.raises(SettingsStand, match="EZTONG_OPERATOR_NAME"):
        later.keep(given)
    assert read_values(later.path)["EZTONG_OPERATOR_NAME"] == "Example City"
    told = going_with(tmp_path, 'operator_name = "Another City"', may_change=True)
    told.keep(given)
    assert read_values(told.path)["EZTONG_OPERATOR_NAME"] == "Another City"
    told.keep(given)
    assert len(told.told[-1]["told"]) == 1, "what stands there is not written again"


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    going = going_with(tmp_path, WHOLE)
    going.is_dry = True
    going.keep(going.ask(OPERATOR, known_by=()))
    assert not going.path.parent.exists()
    assert going.values["operator_name"] == "Example City"


def at_a_terminal(question: SettingQuestion, typed: str, *, standing: str = "") -> tuple[str, str]:
    """Return the answer and what was said."""

    @click.command()
    def asked() -> None:
        click.echo(f"={Terminal().answer(question, standing=standing, offered=question.default, values={})}")

    ran = CliRunner().invoke(asked, input=typed)
    assert ran.exit_code == 0, ran.output
    return ran.stdout.rpartition("=")[2].strip(), ran.output


def test_a_person_is_asked_again_until_it_is_right() -> None:
    port = next(one for one in ADDRESSES if one.name == "port")
    answer, said = at_a_terminal(port, "much\n9000\n")
    assert (answer, "EZTONG_PORT: Input should be a valid integer" in said) == ("9000", True)
    assert at_a_terminal(port, "\n")[0] == "8080"
    assert at_a_terminal(port, "\n", standing="9090")[0] == "9090"
    assert at_a_terminal(SettingQuestion("sms_url", "Gateway"), "\n")[0] == ""


def test_a_secret_is_typed_unseen_into_a_file_that_only_the_user_reads(tmp_path: Path) -> None:
    file = tmp_path / "secret" / "smtp"
    going = Going(Terminal(), tmp_path / "settings.env")
    going.told.append({"step": 1, "title": "", "told": []})
    question = SettingQuestion("smtp_password_file", "File", typed_unseen="Password")

    @click.command()
    def asked() -> None:
        going.make_secret_files([question], {"smtp_password_file": str(file)})

    ran = CliRunner().invoke(asked, input="correct horse\n")
    assert ran.exit_code == 0, ran.output
    assert "correct horse" not in ran.output
    assert file.read_text() == "correct horse\n"
    assert file.stat().st_mode & 0o777 == 0o600
