"""Clause 5.2: a disagreement with the service is talked over first; where that fails, a court gets evidence that holds.

P32 settles one and lets time end another; somebody without an account declares that the talks have failed.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulators.citizen import Citizen
from tests.simulators.service import Service, running

NAME, NUMBER, PHONE = "测冒用", "110000199107020324", "19900000032"
INDEPENDENT = Path(__file__).parents[2] / "docs" / "specs" / "verify_proof.py"
ASKED, OFFERED, WANTED = "我的身份码被人冒用，请赔偿。", "我们道歉，并赔偿二百元。", "请赔偿三百元。"
_DAY = 24 * 3600


@pytest.fixture(scope="module")
def holder(service: Service) -> Citizen:
    citizen = Citizen(service)
    citizen.register(NAME, NUMBER, PHONE)
    service.partners["hotel"].verify(citizen.show_code(), "hotel_check_in", desk="front-1")
    return citizen


def begin(citizen: Citizen, *, former: str = "", record: str = "") -> tuple[str, str]:
    """Open talks; return number and secret."""
    citizen.open("/feedback?kind=talks")
    ticked = {f"record-{record}": "1"} if record else {}
    page = citizen.send("/feedback", kind="talks", words=ASKED, former=former, **ticked).text
    number, secret = re.findall(r'<dd class="digits">([0-9A-Z ]+)</dd>', page)
    return number.replace(" ", ""), secret


def say(service: Service, act: str, number: str, words: str, folder: Path) -> None:
    """Let the service act by its command line."""
    file = folder / "words.txt"
    file.write_text(words, "utf-8")
    done = service.run("talks", act, number, "--operator", "demo-li", "--words-file", str(file), "--json")
    assert done.returncode == 0, done.stderr
    waits = json.loads(done.stdout).get("waits")
    if waits:
        # Nobody can say who somebody without an account is: another operator approves what is offered.
        done = service.run("proposals", "approve", waits, "--reason", "read", "--operator", "demo-wang")
        assert done.returncode == 0, done.stderr


def stage(page: str) -> str:
    found = re.search(r'data-stage="([a-z]+)"', page)
    assert found is not None
    return found[1]


def proposal(page: str) -> str:
    found = re.search(r'name="proposal" value="(tms_\w+)"', page)
    assert found is not None
    return found[1]


def verify(service: Service, text: bytes, folder: Path) -> dict[str, object]:
    """Check a file offline with the command and with the program of the specification; return the record in it."""
    (folder / "bundle.json").write_bytes(text)
    (folder / "eztong-keys.json").write_bytes(service.http.get("/.well-known/eztong-keys.json").content)
    command = service.run("evidence", "verify", str(folder / "bundle.json"))
    script = subprocess.run(
        [sys.executable, str(INDEPENDENT), "bundle.json", "eztong-keys.json"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    for done in (command, script):
        assert done.returncode == 0, done.stdout
        assert done.stdout.startswith("valid:")
    record: dict[str, object] = json.loads(text)["parts"]["record"]
    return record


def take(citizen: Citizen, page: str, number: str, secret: str | None = None) -> bytes:
    citizen.open(page)
    more = {} if secret is None else {"secret": secret}
    answer = citizen.send("/feedback/bundle", number=number, **more)
    assert "attachment" in answer.headers["content-disposition"]
    return bytes(answer.content)


def test_a_matter_is_settled_in_stages_and_the_settlement_holds_offline(
    service: Service, holder: Citizen, tmp_path: Path
) -> None:
    (record, *_) = re.findall(r'href="/records/(ver_[0-9A-Z]{26})"', holder.open("/records").text)
    number, _secret = begin(holder, record=record)
    path = f"/feedback/{number}"
    assert stage(holder.open(path).text) == "open"
    assert number in service.run("talks", "list", "--json").stdout
    say(service, "propose", number, OFFERED, tmp_path)
    service.wait_for(lambda: "talk_proposed" in service.inbox())
    page = holder.open(path).text
    assert (stage(page), OFFERED in page) == ("proposed", True)
    holder.send(path, act="say", words=WANTED, proposal=proposal(page))
    assert stage(holder.open(path).text) == "open"
    say(service, "propose", number, "好，三百元。", tmp_path)
    holder.send(path, act="accept", sure="1", proposal=proposal(holder.open(path).text))
    assert stage(holder.open(path).text) == "settled"
    text = take(holder, path, number)
    said = verify(service, text, tmp_path)
    assert (said["stage"], [one["id"] for one in said["records"]]) == ("settled", [record])  # type: ignore[attr-defined]  # a list
    parts = json.loads(text)["parts"]
    assert {"acceptance-service", "acceptance-authorisation", "act-1", "act-2", "act-3", "result-1"} <= set(parts)
    assert [parts[f"act-{n}"]["document"]["kind"] for n in (1, 2, 3)] == ["talk_proposed"] * 2 + ["talk_settled"]
    assert all(words.encode() in text for words in (ASKED, OFFERED, WANTED))
    for value in (NAME, NUMBER, PHONE, "demo-li"):
        assert value.encode() not in text


def test_one_changed_word_is_found_out_by_both_verifiers(service: Service, holder: Citizen, tmp_path: Path) -> None:
    number, _secret = begin(holder)
    say(service, "propose", number, OFFERED, tmp_path)
    text = take(holder, f"/feedback/{number}", number)
    forged = text.replace("二百元".encode(), "二万元".encode())
    assert forged != text
    with pytest.raises(AssertionError, match="invalid: record:"):
        verify(service, forged, tmp_path)


def test_failed_talks_name_the_court_and_hand_out_the_file_and_new_ones_may_follow(
    service: Service, tmp_path: Path
) -> None:
    number, secret = begin(Citizen(service))
    say(service, "propose", number, OFFERED, tmp_path)
    somewhere = Citizen(service)
    somewhere.open("/feedback/status")
    page = somewhere.send("/feedback/status", number=number, secret=secret, act="fail", sure="1", words="没有诚意").text
    assert (stage(page), "签订地" in page, "有管辖权的人民法院" in page) == ("failed", True, True)
    said = verify(service, take(somewhere, "/feedback/status", number, secret), tmp_path)
    assert (said["stage"], said["why_failed"]) == ("failed", "asker")
    court = said["court"]
    assert isinstance(court, dict)
    assert court["place_of_signing"] in page
    assert court["place_of_signing"] in service.http.get("/documents/service").text
    again, _secret = begin(Citizen(service), former=number)
    assert again != number


def test_the_services_own_end_has_its_reason(service: Service, holder: Citizen, tmp_path: Path) -> None:
    refused, _secret = begin(holder)
    say(service, "fail", refused, "我们没有过错。", tmp_path)
    page = holder.open(f"/feedback/{refused}").text
    assert (stage(page), "我们没有过错。" in page) == ("failed", True)


def test_nobody_waits_for_ever(tmp_path: Path) -> None:
    # A proposal late in the year stands until a year that is not published yet: nobody is late by such a day.
    calendars = tmp_path / "calendars"
    calendars.mkdir()
    for year in range(2026, 2041):
        known = {"year": year, "days_off": [f"{year}-01-01"], "make_up_days": []}
        (calendars / f"cn-{year}.json").write_text(json.dumps(known), "utf-8")
    with running(tmp_path / "data", calendar_dir=str(calendars)) as service:
        number, secret = begin(Citizen(service))
        say(service, "propose", number, OFFERED, tmp_path)
        somewhere = Citizen(service)

        def now() -> str:
            somewhere.open("/feedback/status")
            return stage(somewhere.send("/feedback/status", number=number, secret=secret).text)

        assert now() == "proposed"
        service.advance(40 * _DAY)
        service.wait_for(lambda: now() == "failed")
