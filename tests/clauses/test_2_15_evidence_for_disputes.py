"""Clause 2.15: holder and partner settle it; the service gives the necessary assistance, to each its own side."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.simulators.citizen import Citizen
from tests.simulators.problems import expect_problem
from tests.simulators.service import Partner, Service

NAME, NUMBER, PHONE = "测冒用", "110000199107020324", "19900000032"
INDEPENDENT = Path(__file__).parents[2] / "docs" / "specs" / "verify_proof.py"
SCENE = "hotel_check_in"


@dataclass
class Story:
    """P32 showed a code at the hotel's desk; somebody brought it to the library, too."""

    citizen: Citizen
    use: str
    attempt: str
    told: dict[str, object]


@pytest.fixture(scope="module")
def story(service: Service) -> Story:
    citizen = Citizen(service)
    citizen.register(NAME, NUMBER, PHONE)
    code = citizen.show_code()
    told = service.partners["hotel"].verify(code, SCENE, desk="front-1").json()
    assert told["outcome"] == "passed"
    replay = service.partners["library"].verify(code, "library_entry", desk="gate-1")
    expect_problem(replay, 409, "code_already_used")
    service.wait_for(lambda: "code_replayed" in service.inbox())
    found = re.findall(r'href="/records/((?:ver|att)_[0-9A-Z]{26})"', citizen.open("/records").text)
    attempt, use = found
    return Story(citizen, use, attempt, told)


@pytest.fixture
def keys(service: Service) -> bytes:
    """The keys as they are published now; one of the tests changes them."""
    return service.http.get("/.well-known/eztong-keys.json").content


def bundle_of(citizen: Citizen, record: str) -> bytes:
    """Press the button on the record, ask for help, and download."""
    assert f"/records/{record}/assist" in citizen.open(f"/records/{record}").text
    citizen.open(f"/records/{record}/assist")
    citizen.send(f"/records/{record}/assist", act="assist", words="那不是我")
    answer = citizen.http.get(f"/records/{record}/bundle")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    return answer.content


def check(service: Service, text: bytes, keys: bytes, folder: Path) -> list[tuple[bool, str]]:
    """Check a file offline with the command and with the program of the specification; return what each said."""
    (folder / "bundle.json").write_bytes(text)
    (folder / "eztong-keys.json").write_bytes(keys)
    command = service.run("evidence", "verify", str(folder / "bundle.json"))
    script = subprocess.run(
        [sys.executable, str(INDEPENDENT), "bundle.json", "eztong-keys.json"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return [(done.returncode == 0, done.stdout) for done in (command, script)]


def test_the_holder_downloads_evidence_of_the_use_and_of_the_replay_and_it_holds_offline(
    service: Service, story: Story, keys: bytes, tmp_path: Path
) -> None:
    for record, outcome in ((story.use, "passed"), (story.attempt, "code_already_used")):
        text = bundle_of(story.citizen, record)
        for holds, said in check(service, text, keys, tmp_path):
            assert holds, said
            assert record in said
        parts = json.loads(text)["parts"]
        assert outcome in json.dumps(parts)
        assert {"record", "acceptance-service", "acceptance-authorisation"} <= set(parts)


def test_help_has_a_number_and_a_day_that_stand_on_the_page(story: Story) -> None:
    bundle_of(story.citizen, story.attempt)
    page = story.citizen.open(f"/records/{story.attempt}/assist").text
    number = re.search(r'data-ticket="(\d{10})"', page)
    assert number is not None
    assert "最晚答复" in page
    assert story.attempt in story.citizen.open(f"/feedback/{number[1]}").text


def test_one_changed_byte_fails_and_the_part_is_named(
    service: Service, story: Story, keys: bytes, tmp_path: Path
) -> None:
    text = bundle_of(story.citizen, story.use)
    for old, new, part in (
        (
            b'"outcome":"passed","partner":"hotel","partner_name"',
            b'"outcome":"passee","partner":"hotel","partner_name"',
            "record",
        ),
        (b'"claims":{"is_person":true}', b'"claims":{"is_persom":true}', "result"),
        (b'"agreement":"service"', b'"agreement":"servicf"', "acceptance-service"),
        (b'"for":"holder"', b'"for":"holdes"', "manifest"),
    ):
        assert text.count(old) == 1
        for holds, said in check(service, text.replace(old, new), keys, tmp_path):
            assert not holds
            assert said.startswith(f"invalid: {part}:")
    for holds, said in check(service, text + b"\n", keys, tmp_path):
        assert (holds, said.startswith("invalid: file:")) == (False, True)


def test_the_holders_file_about_one_partner_names_no_other_one(story: Story) -> None:
    assert b"hotel" not in bundle_of(story.citizen, story.attempt)
    assert b"library" not in bundle_of(story.citizen, story.use)
    for text in (bundle_of(story.citizen, story.use), bundle_of(story.citizen, story.attempt)):
        for value in (NAME, NUMBER, PHONE):
            assert value.encode() not in text


def test_the_partners_file_holds_what_it_was_told_and_no_attribute_beyond(
    service: Service, story: Story, keys: bytes, tmp_path: Path, hotel: Partner
) -> None:
    answer = hotel.get(f"/v1/verifications/{story.use}/bundle")
    assert answer.status_code == 200
    for holds, said in check(service, answer.content, keys, tmp_path):
        assert holds, said
    file = json.loads(answer.content)
    assert sorted(file["parts"]) == ["record", "result"]
    assert file["parts"]["result"]["document"] == story.told["result"]
    record = file["parts"]["record"]
    told = json.dumps(story.told)
    beyond = {name: value for name, value in record.items() if value and str(value) not in told}
    assert set(beyond) <= {"format", "kind", "side", "told", "api_key"}
    assert record["told"] == list(story.told["result"]["claims"])  # type: ignore[index]  # an object
    assert "holder" not in file["manifest"]["document"]


def test_a_partner_gets_no_other_partners_evidence_and_none_of_a_refused_try(story: Story, library: Partner) -> None:
    expect_problem(library.get(f"/v1/verifications/{story.use}/bundle"), 404, "not_found")
    expect_problem(library.get(f"/v1/verifications/{story.attempt}/bundle"), 422, "input_invalid")


def test_a_court_gets_it_by_two_operators_and_a_legal_basis_alone(
    service: Service, story: Story, keys: bytes, tmp_path: Path
) -> None:
    file, secret = tmp_path / "evidence.json", tmp_path / "second"
    secret.write_text(str(service.operator_secret))
    ask = ("disputes", "bundle", story.use, "--of", "hotel", "--output", str(file), "--operator", "demo-li")
    basis = ("--basis", "京公调证 2026-12", "刑事诉讼法 54")
    second = ("--second", "demo-wang", "--second-secret-file", str(secret))
    for refused, said in (
        ((*ask, *basis), "--second"),
        ((*ask, *basis, "--second", "demo-li", *second[2:]), "Another operator"),
        ((*ask, *second), "--basis"),
    ):
        alone = service.run(*refused)
        assert (alone.returncode != 0, file.exists()) == (True, False)
        assert said in alone.stderr
    done = service.run(*ask, *basis, *second)
    assert done.returncode == 0, done.stderr
    for holds, said in check(service, file.read_bytes(), keys, tmp_path):
        assert holds, said


def test_after_a_change_of_keys_the_file_of_before_holds_and_is_handed_out_again(
    service: Service, story: Story, tmp_path: Path, hotel: Partner
) -> None:
    address = f"/v1/verifications/{story.use}/bundle"
    before = hotel.get(address).content
    old = service.http.get("/.well-known/eztong-keys.json").content
    assert service.run("keys", "rotate", "results", "--apply").returncode == 0
    service.wait_for(lambda: service.http.get("/.well-known/eztong-keys.json").content != old)
    assert hotel.get(address).content == before
    for holds, said in check(service, before, service.http.get("/.well-known/eztong-keys.json").content, tmp_path):
        assert holds, said
