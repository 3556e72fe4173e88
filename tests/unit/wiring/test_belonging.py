"""Database, keyring, mode and agreements of one deployment know each other, and say so before anything is written."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.storage.sqlite.connections import DatabaseDamaged
from eztong.cli.data import restore
from eztong.cli.data.restore import put_back
from eztong.domain.errors import StateConflict
from eztong.domain.operators.posture import Severity
from eztong.ports.services import Mode
from eztong.wiring.agreement_values import AgreementsNameOthers, check_values
from eztong.wiring.belonging import (
    KEYRING_BEHIND,
    DatabaseMissing,
    KeyringOfAnother,
    check_belonging,
    check_pair,
    fingerprint,
)
from eztong.wiring.doctor import check_agreements, check_operator
from eztong.wiring.settings import Settings
from tests.simulators.commands import run_one


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("town") / "data"
    assert run_one(("sandbox", "populate", "1"), data).code == 0
    return data


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("stranger") / "data"
    assert run_one(("sandbox", "populate", "1"), data).code == 0
    return data


@pytest.fixture
def data(town: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(town, tmp_path / "data"))


def ring(data: Path) -> FileKeyring:
    return FileKeyring(data / "keyring.json", data / "root.key")


def change(data: Path, statement: str) -> None:
    with closing(sqlite3.connect(data / "eztong.db")) as connection:
        connection.execute(statement)
        connection.commit()


def settings_of(data: Path, **more: object) -> Settings:
    return Settings(data_dir=data, **more)  # type: ignore[arg-type]  # pydantic checks


def test_the_first_start_makes_the_bond(data: Path) -> None:
    check_pair(settings_of(data))
    check_belonging(data / "eztong.db", ring(data))


def test_a_rotation_does_not_break_it(data: Path) -> None:
    before = fingerprint(ring(data))
    for purpose in ("results", "kek", "session"):
        assert run_one(("keys", "rotate", purpose, "--apply"), data).code == 0
    assert fingerprint(ring(data)) == before
    assert run_one(("doctor",), data).code == 0


def test_the_keyring_of_another_is_refused(data: Path, stranger: Path) -> None:
    with pytest.raises(KeyringOfAnother):
        check_belonging(data / "eztong.db", ring(stranger))


@pytest.mark.parametrize("value", ["'zz'", "x'ff'", "CAST(x'ff' AS TEXT)"])
def test_a_damaged_fingerprint_stops_nobody_and_is_written_again(data: Path, tmp_path: Path, value: str) -> None:
    change(data, f"UPDATE service_settings SET value = {value} WHERE name = 'keyring_fingerprint'")  # noqa: S608 - ours
    started = run_one(("serve", "--port", "0"), data)
    assert (started.started, "keyring_fingerprint_damaged" in started.err) == (True, True), started
    backup = tmp_path / "b.tar"
    for command in (("db", "backup", str(backup)), ("db", "restore", str(backup), "--replace")):
        ran = run_one(command, data)
        assert ran.code == 0, ran
    assert "The fingerprint of the keyring is damaged in the database" in run_one(("doctor",), data).out
    checked = run_one(("db", "check"), data)
    assert (
        checked.code,
        "service_settings 'keyring_fingerprint': the row is not as it was written" in checked.out,
    ) == (
        1,
        True,
    )
    mended = run_one(("db", "upgrade"), data)
    assert (mended.code, "fingerprint of the keyring was damaged" in mended.err) == (0, True), mended
    assert run_one(("db", "check"), data).code == 0
    assert "written again" not in run_one(("db", "upgrade"), data).err


def test_a_damaged_fingerprint_lets_no_other_keyring_in(data: Path, stranger: Path, tmp_path: Path) -> None:
    change(data, "UPDATE service_settings SET value = 'zz' WHERE name = 'keyring_fingerprint'")
    with pytest.raises(KeyringOfAnother):
        check_belonging(data / "eztong.db", ring(stranger))
    for table in ("batches", "holders"):
        # With nothing that this keyring made, nobody can tell what was damaged.
        check_belonging(data / "eztong.db", ring(data))
        change(data, f"DELETE FROM {table}")  # noqa: S608 - ours
    with pytest.raises(KeyringOfAnother):
        check_belonging(data / "eztong.db", ring(data))
    for name in ("keyring.json", "root.key"):
        shutil.copy2(stranger / name, data / name)
    for command in (("db", "upgrade"), ("serve", "--port", "0"), ("db", "backup", str(tmp_path / "b.tar"))):
        assert "[keyring_of_another_database]" in run_one(command, data).err


@pytest.mark.parametrize("evidence", ["batches", "holders", "both"])
def test_before_fingerprints_evidence_decides(data: Path, stranger: Path, evidence: str) -> None:
    change(data, "DELETE FROM service_settings WHERE name = 'keyring_fingerprint'")
    if evidence == "batches":
        change(data, "DELETE FROM holders")
    elif evidence == "holders":
        change(data, "DELETE FROM batches")
    check_belonging(data / "eztong.db", ring(data))
    with pytest.raises(KeyringOfAnother):
        check_belonging(data / "eztong.db", ring(stranger))


def test_a_start_takes_the_fingerprint_over_where_evidence_fits(data: Path, stranger: Path) -> None:
    change(data, "DELETE FROM service_settings WHERE name = 'keyring_fingerprint'")
    assert run_one(("serve", "--port", "0"), data).started
    change(data, "DELETE FROM batches")
    change(data, "DELETE FROM holders")
    with pytest.raises(KeyringOfAnother):
        check_belonging(data / "eztong.db", ring(stranger))


def test_a_refused_start_writes_nothing(data: Path, stranger: Path) -> None:
    for name in ("keyring.json", "root.key"):
        shutil.copy2(stranger / name, data / name)
    before = (data / "eztong.db").read_bytes(), (data / "keyring.json").read_bytes()
    assert not run_one(("serve", "--port", "0"), data).started
    assert not run_one(("sandbox", "credentials"), data).out
    assert ((data / "eztong.db").read_bytes(), (data / "keyring.json").read_bytes()) == before


@pytest.mark.parametrize("content", [None, b""], ids=["gone", "empty"])
@pytest.mark.parametrize("mode", [Mode.SANDBOX, Mode.LIVE])
def test_a_keyring_without_its_database_is_refused_in_both_modes(data: Path, content: bytes | None, mode: Mode) -> None:
    (data / "eztong.db").unlink()
    if content is not None:
        (data / "eztong.db").write_bytes(content)
    with pytest.raises(DatabaseMissing, match="Restore the last backup"):
        check_pair(settings_of(data, mode=mode))
    assert "[database_missing]" in run_one(("db", "upgrade"), data).err
    assert not (data / "eztong.db").exists() or (data / "eztong.db").read_bytes() == b""


def test_keys_init_makes_database_and_bond_and_the_next_steps_go_on(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert run_one(("keys", "init"), data).code == 0
    check_belonging(data / "eztong.db", ring(data))
    assert "already" in run_one(("db", "upgrade"), data).err
    assert run_one(("serve", "--port", "0"), data).started


def test_upgrade_first_and_keys_then_is_as_good(tmp_path: Path) -> None:
    data = tmp_path / "data"
    for command in (("db", "upgrade"), ("keys", "init"), ("doctor",)):
        assert run_one(command, data).code == 0
    assert run_one(("serve", "--port", "0"), data).started


def test_a_backup_whose_parts_do_not_belong_together_is_not_restored(
    data: Path, stranger: Path, tmp_path: Path
) -> None:
    for name in ("keyring.json", "root.key"):
        shutil.copy2(stranger / name, data / name)
    mixed = tmp_path / "mixed.tar"
    refused = run_one(("db", "backup", str(mixed)), data)
    assert (refused.code, "[keyring_of_another_database]" in refused.err, mixed.exists()) == (3, True, False)
    # Without the root key nobody can tell.
    (data / "root.key").rename(data / "root.away")
    assert run_one(("db", "backup", str(mixed)), data).code == 0
    (data / "root.away").rename(data / "root.key")
    for more in ((), ("--apply",)):
        done = run_one(("db", "restore", str(mixed), "--replace", *more), data)
        assert done.code == 3
        assert "[keyring_of_another_database]" in done.err


@pytest.mark.parametrize("purpose", ["kek", "results"])
def test_an_older_keyring_is_told_of_by_backup_and_restore(data: Path, tmp_path: Path, purpose: str) -> None:
    """As a copy beside a restore had it: the database of after, and the keyring of before."""
    mixed, before = tmp_path / "mixed.tar", (data / "keyring.json").read_bytes()
    for command in (("keys", "rotate", purpose, "--apply"), ("sandbox", "populate", "2")):
        assert run_one(command, data).code == 0
    assert run_one(("db", "backup", str(tmp_path / "whole.tar")), data).code == 0
    newest = (data / "keyring.json").read_bytes()
    (data / "keyring.json").write_bytes(before)
    made = run_one(("db", "backup", str(mixed)), data)
    assert (made.code, KEYRING_BEHIND in made.err) == (0, True), made
    (data / "keyring.json").write_bytes(newest)
    looked = run_one(("db", "restore", str(mixed), "--replace"), data)
    assert (looked.code, KEYRING_BEHIND in looked.err) == (0, True), looked
    assert run_one(("db", "restore", str(tmp_path / "whole.tar"), "--replace", "--apply"), data).code == 0


def test_one_damaged_cell_keeps_nobody_from_a_backup(data: Path, tmp_path: Path) -> None:
    assert run_one(("sandbox", "populate", "2"), data).code == 0
    with closing(sqlite3.connect(data / "eztong.db")) as connection, connection:
        newest = "(SELECT max(holder_id) FROM holders WHERE length(data_key) > 0)"
        connection.execute(f"UPDATE holders SET kek_id = 'kek-9' WHERE holder_id = {newest}")  # noqa: S608 - ours
    backup = tmp_path / "b.tar"
    made = run_one(("db", "backup", str(backup)), data)
    assert (made.code, KEYRING_BEHIND in made.err) == (0, True), made
    done = run_one(("db", "restore", str(backup), "--replace", "--apply"), data)
    assert (done.code, KEYRING_BEHIND in done.err) == (0, True), done


def test_no_database_is_replaced_without_the_root_key_and_nothing_is_replaced_without_it_too(
    data: Path, tmp_path: Path
) -> None:
    """Nobody could ask it whom it has erased, and the backup would bring them back."""
    backup = tmp_path / "b.tar"
    assert run_one(("db", "backup", str(backup)), data).code == 0
    (data / "root.key").rename(data / "root.away")
    for more in ((), ("--apply",)):
        refused = run_one(("db", "restore", str(backup), "--replace", *more), data)
        assert (refused.code, "[root_key_first]" in refused.err) == (3, True), refused
    assert not list(data.glob("*.before-restore"))
    into = run_one(("db", "restore", str(backup), "--apply"), tmp_path / "new")
    assert (into.code, "The root key is missing" in into.err) == (0, True), into
    (data / "root.away").rename(data / "root.key")
    assert run_one(("db", "restore", str(backup), "--replace", "--apply"), data).code == 0


class CutOff(Exception):
    """The power went."""


@pytest.mark.parametrize("step", range(1, 7))
def test_a_restore_that_is_cut_off_leaves_what_refuses_to_start(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    backup = tmp_path / "b.tar"
    assert run_one(("db", "backup", str(backup)), data).code == 0
    left = [step]

    def counted(real: object) -> object:
        def act(path: Path, **more: object) -> None:
            left[0] -= 1
            if left[0] == 0:
                raise CutOff
            real(path, **more)  # type: ignore[operator]

        return act

    for name in ("_set_aside", "_keep_copy"):
        monkeypatch.setattr(restore, name, counted(getattr(restore, name)))
    with pytest.raises(CutOff):
        put_back(settings_of(data), backup, replace=True)
    ran = run_one(("serve", "--port", "0"), data)
    assert (ran.code, ran.started) == (3, False)
    assert "[restore_unfinished]" in ran.err


@pytest.mark.parametrize("name", ["operator_name", "operator_contact", "place_of_signing", "authority_name"])
@pytest.mark.parametrize("remembered", [True, False], ids=["remembered", "found in the texts"])
def test_a_setting_that_stands_in_the_agreements_may_not_change(data: Path, name: str, remembered: bool) -> None:
    if not remembered:
        change(data, "DELETE FROM service_settings WHERE name = 'agreement_values'")
    check_values(settings_of(data))
    changed = settings_of(data, **{name: "Somebody Else"})
    with pytest.raises(AgreementsNameOthers, match=f"EZTONG_{name.upper()}"):
        check_values(changed)
    assert check_agreements(changed).severity is Severity.WARNING
    assert check_agreements(changed.model_copy(update={"mode": Mode.LIVE})).severity is Severity.ERROR


@pytest.mark.parametrize("value", ["'zz'", "x'ff'", "CAST(x'ff' AS TEXT)"])
def test_where_what_was_printed_is_damaged_the_texts_say_it(data: Path, value: str) -> None:
    change(data, f"UPDATE service_settings SET value = {value} WHERE name = 'agreement_values'")  # noqa: S608 - ours
    check_values(settings_of(data))
    assert run_one(("serve", "--port", "0"), data).started
    with pytest.raises(AgreementsNameOthers, match="EZTONG_OPERATOR_NAME"):
        check_values(settings_of(data, operator_name="Somebody Else"))
    assert "service_settings 'agreement_values': the row is not" in run_one(("db", "check"), data).out
    assert "written again" not in run_one(("db", "upgrade"), data, EZTONG_OPERATOR_NAME="Somebody Else").err
    assert "printed in the agreements was damaged" in run_one(("db", "upgrade"), data).err
    assert run_one(("db", "check"), data).code == 0


def test_a_remembered_value_that_no_text_holds_is_damaged_and_no_setting_changed(data: Path) -> None:
    """A flipped letter leaves it JSON; what people accepted is what the texts say."""
    flipped = "UPDATE service_settings SET value = replace(value, '{}', '{}') WHERE name = 'agreement_values'"
    operator = settings_of(data).operator_name
    change(data, flipped.format(operator, operator[:-1] + "\N{MIDDLE DOT}"))
    check_values(settings_of(data))
    assert check_agreements(settings_of(data)).severity is Severity.OK
    with pytest.raises(AgreementsNameOthers, match="EZTONG_OPERATOR_NAME"):
        check_values(settings_of(data, operator_name="Somebody Else"))
    assert "service_settings 'agreement_values': the row is not" in run_one(("db", "check"), data).out
    assert "printed in the agreements was damaged" in run_one(("db", "upgrade"), data).err
    assert run_one(("db", "check"), data).code == 0
    assert "printed in the agreements" not in run_one(("db", "upgrade"), data).err


def test_the_sandbox_starts_and_goes_on_warning(data: Path) -> None:
    change(data, "DELETE FROM service_settings WHERE name = 'agreement_values'")
    for _ in range(2):
        ran = run_one(("serve", "--port", "0"), data, EZTONG_OPERATOR_NAME="Somebody Else")
        assert ran.started
        assert "agreements_name_others" in ran.err
    assert "agreements_name_others" not in run_one(("serve", "--port", "0"), data).err


@pytest.mark.parametrize("missing", ["operator_name", "operator_contact", "place_of_signing", "authority_name"])
def test_every_placeholder_in_the_agreements_stops_live_mode(tmp_path: Path, missing: str) -> None:
    given = {
        "operator_name": "Example City Identity Office",
        "operator_contact": "eid@example.org",
        "place_of_signing": "Example City",
        "authority_name": "Example Authority",
    }
    assert check_operator(settings_of(tmp_path, mode=Mode.LIVE, **given)).severity is Severity.OK
    del given[missing]
    found = check_operator(settings_of(tmp_path, mode=Mode.LIVE, **given))
    assert found.severity is Severity.ERROR
    assert f"EZTONG_{missing.upper()}" in found.advice


def test_the_sandbox_does_not_touch_live_data(data: Path) -> None:
    change(data, "UPDATE service_settings SET value = 'live' WHERE name = 'mode'")
    with pytest.raises(StateConflict, match="belongs to live mode"):
        check_pair(settings_of(data))


def test_a_mode_that_is_none_is_damage_and_nothing_is_reset(data: Path) -> None:
    change(data, "UPDATE service_settings SET value = 'zz' WHERE name = 'mode'")
    with pytest.raises(DatabaseDamaged, match="says its mode is damaged"):
        check_pair(settings_of(data))
    assert "[not_permitted]" in run_one(("sandbox", "reset", "--apply"), data).err
    assert (data / "keyring.json").exists()
