"""Credentials, citizens by the thousand, a fresh start; API keys of partners."""

import sqlite3
from contextlib import closing

import httpx

from tests.flows.cli.command import CommandLine

PARTNERS = ["hotel", "game", "library", "netcafe", "parcel", "government", "esign"]


def test_credentials_are_fresh_at_each_call(filled: CommandLine) -> None:
    first = filled.run("sandbox", "credentials", "--json").json()
    second = filled.run("sandbox", "credentials", "--json").json()
    assert first["base_url"] == "http://127.0.0.1:8080"
    assert list(first["partners"]) == PARTNERS
    keys = [given["partners"][name]["api_key"] for given in (first, second) for name in PARTNERS]
    assert len(set(keys)) == 2 * len(PARTNERS)
    assert all(key.startswith("ezt_sk_test_") for key in keys)
    assert first["partners"]["hotel"]["scenes"] == ["hotel_check_in"]
    assert first["partners"]["hotel"]["desks"] == ["front-1", "front-2"]


def test_only_partners_with_desks_have_staff(filled: CommandLine) -> None:
    partners = filled.run("sandbox", "credentials", "--json").json()["partners"]
    with_staff = {name for name, partner in partners.items() if "staff" in partner}
    assert with_staff == {name for name, partner in partners.items() if partner["desks"]}
    assert partners["hotel"]["staff"]["login"] == "hotel"


def test_the_port_stands_in_the_base_address(filled: CommandLine) -> None:
    given = filled.run("sandbox", "credentials", "--json", "--port", "9123").json()
    assert given["base_url"] == "http://127.0.0.1:9123"


def test_populate_goes_on_where_it_stopped(eztong: CommandLine) -> None:
    first = eztong.run("sandbox", "populate", "4", "--json").json()
    second = eztong.run("sandbox", "populate", "2", "--json").json()
    assert (first["first_index"], first["registered"]) == (0, 4)
    assert (second["first_index"], second["registered"]) == (4, 2)


def test_reset_is_dry_until_it_is_applied(eztong: CommandLine) -> None:
    assert eztong.run("sandbox", "populate", "1").code == 0
    with closing(sqlite3.connect(eztong.data / "eztong.db")) as database, database:
        database.execute("UPDATE holders SET data_key = x''")
    assert "EZT017" in eztong.run("doctor", "--json").out
    # A start lists whom the database says is erased.
    assert eztong.run("sandbox", "credentials").code == 0
    assert eztong.run("sandbox", "reset").code == 0
    assert (eztong.data / "eztong.db").exists()
    assert eztong.run("sandbox", "reset", "--apply").code == 0
    assert not (eztong.data / "eztong.db").exists()
    assert not (eztong.data / "keyring.json").exists()
    assert not (eztong.data / "eztong.erased").exists()
    assert (eztong.data / "eztong.erased.before-reset").exists()
    assert eztong.run("sandbox", "populate", "1").code == 0


LI = ("--operator", "demo-li")


def test_a_partner_key_is_issued_once_and_revoked(filled: CommandLine) -> None:
    issued = filled.run("partners", "keys", "create", "hotel", "--label", "desk", *LI, "--json").json()
    assert issued["scopes"] == ["erasures:write", "requests:write", "verifications:read", "verifications:write"]
    listed = filled.run("partners", "keys", "list", "hotel", "--json")
    assert issued["api_key"] not in listed.out
    assert issued["key_id"] in {key["key_id"] for key in listed.json()}
    assert filled.run("partners", "keys", "revoke", "hotel", issued["key_id"], *LI).code == 0
    again = filled.run("partners", "keys", "revoke", "hotel", issued["key_id"], *LI)
    assert again.code == 3


def test_partners_are_listed(filled: CommandLine) -> None:
    assert {partner["id"] for partner in filled.run("partners", "list", "--json").json()} == set(PARTNERS)
    assert filled.run("partners", "keys", "list", "nobody").code == 3


def test_a_running_server_is_noticed(eztong: CommandLine) -> None:
    with eztong.serving("serve") as (address, child):
        given = eztong.run("sandbox", "credentials", "--json").json()
        assert given["base_url"] == address
        answer = httpx.get(
            f"{address}/v1/verifications",
            headers={"authorization": f"Bearer {given['partners']['hotel']['api_key']}"},
        )
        assert answer.status_code == 200
        assert "[server_running]" in eztong.run("sandbox", "reset", "--apply").err
        second = eztong.run("serve", "--port", "0")
        assert (second.code, "[server_running]" in second.err) == (3, True)
        port = address.rpartition(":")[2]
        same = eztong.run("serve", "--port", port)
        assert (same.code, f"already, at {address}" in same.err, "--port" in same.err) == (3, True, False)
        taken = eztong.run("serve", "--port", port, "--data-dir", str(eztong.folder / "other"))
        assert (taken.code, "[port_unavailable]" in taken.err) == (4, True)
        child.terminate()
        assert child.wait(30) == 0
    log = (eztong.folder / "server.log").read_text()
    assert "making keys" in log.splitlines()[0], "a first start is silent for a quarter of a minute otherwise"
    assert "leaked" not in log
    assert eztong.run("sandbox", "reset", "--apply").code == 0


def test_credentials_say_what_each_line_is_and_that_a_sandbox_was_made(eztong: CommandLine) -> None:
    first, second = (eztong.run("sandbox", "credentials") for _ in range(2))
    assert f"There was no sandbox in {eztong.data}: made a new one" in first.err
    assert "made a new one" not in second.err
    for label in ("API key", "merchant id", "SecretId", "SecretKey", "desk"):
        assert f" {label} " in second.out


def test_credentials_include_a_merchant_and_a_key_pair_for_tencent_cloud_sdks(filled: CommandLine) -> None:
    given = filled.run("sandbox", "credentials", "--json").json()
    hotel = given["partners"]["hotel"]
    assert len(hotel["secret_id"]) == 36
    assert hotel["secret_id"].startswith("AKID")
    assert len(hotel["secret_key"]) == 32
    assert hotel["merchant_id"] == "0EZTSANDBOXHOTEL"
    assert f"http://{hotel['endpoint']}" == given["base_url"]
