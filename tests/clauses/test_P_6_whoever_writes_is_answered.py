"""Clause P-6, with 2.13 and 5.2: who writes gets a number and a day, sees where it stands, and is answered."""

from __future__ import annotations

import re
from pathlib import Path

from tests.simulators.citizen import Citizen
from tests.simulators.service import Service

WORDS = "那天我没有去过那家酒店"
ANSWER = "我们查过了，确实不是您。"
_DAY = 24 * 3600


def write(citizen: Citizen, kind: str = "complaint") -> tuple[str, str]:
    citizen.open("/feedback")
    page = citizen.send("/feedback", kind=kind, words=WORDS).text
    number, secret = re.findall(r'<dd class="digits">([0-9A-Z ]+)</dd>', page)
    return number, secret


def look(service: Service, number: str, secret: str) -> str:
    """Look it up from a browser that never was here."""
    somewhere = Citizen(service)
    somewhere.open("/feedback/status")
    return somewhere.send("/feedback/status", number=number, secret=secret).text


def test_submit_and_a_number_comes_back_the_status_is_visible_and_the_answer_is_read(
    service: Service, tmp_path: Path
) -> None:
    number, secret = write(Citizen(service))
    assert "等待我们答复" in look(service, number, secret)
    listed = service.run("feedback", "list", "--json")
    assert number.replace(" ", "") in listed.stdout
    assert WORDS not in listed.stdout
    file = tmp_path / "answer.txt"
    file.write_text(ANSWER, "utf-8")
    done = service.run(
        "feedback", "answer", number.replace(" ", ""), "--operator", "demo-li", "--words-file", str(file), "--close"
    )
    assert done.returncode == 0, done.stderr
    page = look(service, number, secret)
    assert ANSWER in page
    assert "已办结" in page


def test_what_is_forgotten_is_flagged_on_the_page_and_in_the_queue(service: Service) -> None:
    number, secret = write(Citizen(service))
    service.advance(40 * _DAY)
    assert "已超期" in look(service, number, secret)
    assert number.replace(" ", "") in service.run("feedback", "list", "--overdue", "--json").stdout


def test_nobody_reads_it_without_number_and_secret_and_the_store_holds_no_word_of_it(service: Service) -> None:
    number, secret = write(Citizen(service))
    assert WORDS not in look(service, number, secret[::-1])
    assert WORDS not in look(service, "1" * 10, secret)
    for file in service.data_dir.rglob("*"):
        if file.is_file():
            held = file.read_bytes()
            assert WORDS.encode() not in held, file.name
            assert secret.replace(" ", "").encode() not in held, file.name
