"""Clause 2.10: misuse is answered by a warning, a limit or an end, with its reason, and can be objected to once."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.simulators.cast import cast_of
from tests.simulators.citizen import Citizen
from tests.simulators.own_copy import copy_of, signed_in
from tests.simulators.problems import expect_outcome, expect_problem
from tests.simulators.service import Service, running

HOTEL = "hotel_check_in"
TOLD = "多人举报，用您的身份码骗取定金"
A_DAY = 24 * 3600 + 60


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service whose clock this module may move."""
    with running(tmp_path_factory.mktemp("cases") / "data") as service:
        yield service


@dataclass
class Staff:
    """Two operators of the sandbox, and a third one who has renewed the secret alone a day ago."""

    service: Service
    folder: Path
    secret: Path = Path()

    def run(self, *arguments: str, by: str, words: str = "") -> dict[str, Any]:
        """Run a command as an operator, which must be done, and return what it says to programs."""
        done = self.tried(*arguments, by=by, words=words)
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def tried(self, *arguments: str, by: str, words: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command as an operator."""
        more = ["--operator", by, "--json"]
        if by == "sun":
            more += ["--operator-secret-file", str(self.secret)]
        if words:
            file = self.folder / "words.txt"
            file.write_text(words, "utf-8")
            more += ["--words-file", str(file)]
        return self.service.run(*arguments, *more)

    def case_about(self, holder: str) -> str:
        """Open a case with a refused try of the account as evidence, and return its id."""
        try_id = refused_try(self.service, holder)
        opened = self.run(
            *("cases", "open", holder, "--reason", "fraud", "--evidence", try_id),
            by="demo-li",
            words="three complaints",
        )
        return str(opened["case_id"])

    def end(self, case: str) -> None:
        """Let two operators end the account of a case."""
        waits = self.run("cases", "propose", case, "--do", "terminate", by="demo-li", words=TOLD)["proposal"]
        self.run("proposals", "approve", waits, "--reason", "read it all", by="demo-wang")

    def third(self) -> str:
        """Let there be a third operator, who renewed the secret alone and counts as nobody else a day later."""
        given = self.run("operators", "add", "sun", "--role", "cases", by="demo-li")["secret"]
        self.secret = self.folder / "secret.txt"
        self.secret.write_text(given, "utf-8")
        renewed = self.run("operators", "new-secret", "sun", by="sun")["secret"]
        self.secret.write_text(renewed, "utf-8")
        self.service.advance(A_DAY)
        return "sun"


@pytest.fixture
def staff(apart: Service, tmp_path: Path) -> Staff:
    return Staff(apart, tmp_path)


def refused_try(service: Service, holder: str) -> str:
    """Show a code, let it run out, and return the id of the try that was refused."""
    code = service.code(holder)["qr"]
    service.advance(61)
    expect_problem(service.partners["hotel"].verify(code, HOTEL), 410, "code_expired")
    return str(copy_of(service, holder)["refused_tries"][0]["attempt_id"])


def told(service: Service) -> tuple[str, str]:
    """Return number and secret from the newest message about a decision."""
    service.wait_for(lambda: bool(service.messages("case_decided")))
    found = re.search(r"编号 ([\d ]+) 和查询码 ([0-9A-Z ]+) 查看", service.newest_message("case_decided"))
    assert found is not None
    return found[1].strip(), found[2].strip()


def test_one_operator_alone_ends_nothing_and_without_evidence_nothing_is_proposed(staff: Staff) -> None:
    holder = staff.service.somebody()
    bare = staff.run("cases", "open", holder, "--reason", "breach", by="demo-li", words="a rumour")["case_id"]
    refused = staff.tried("cases", "propose", bare, "--do", "terminate", by="demo-li", words=TOLD)
    assert "[evidence_needed]" in refused.stderr
    case = staff.case_about(holder)
    waits = staff.run("cases", "propose", case, "--do", "terminate", by="demo-li", words=TOLD)["proposal"]
    own = staff.tried("proposals", "approve", waits, "--reason", "sure", by="demo-li")
    assert "[same_operator]" in own.stderr
    expect_outcome(staff.service.partners["hotel"].verify(staff.service.code(holder)["qr"], HOTEL), "passed")


def test_a_warning_says_why_and_the_account_works_as_before(staff: Staff) -> None:
    service = staff.service
    holder = service.somebody()
    case = staff.case_about(holder)
    staff.run("cases", "warn", case, by="demo-li", words=TOLD)
    citizen = signed_in(service, holder)
    page = citizen.open("/me/cases").text
    found = re.search(r'href="(/me/cases/\d{10})"', page)
    assert found is not None
    page = citizen.open(found[1]).text
    assert 'data-measure="warn"' in page
    assert TOLD in page
    assert "three complaints" not in page
    expect_outcome(service.partners["hotel"].verify(service.code(holder)["qr"], HOTEL), "passed")


def test_an_ended_account_is_told_nothing_at_partners_and_its_holder_reads_why_and_objects(staff: Staff) -> None:
    service, holder = staff.service, staff.service.somebody()
    case = staff.case_about(holder)
    code = service.code(holder)["qr"]
    staff.end(case)
    answer = expect_outcome(service.partners["hotel"].verify(code, HOTEL), "not_passed")
    assert "terminat" not in json.dumps(answer)
    expect_problem(service.ask_code(holder), 409, "holder_terminated")
    number, secret = told(service)
    stranger = Citizen(service)
    stranger.open("/decisions")
    assert TOLD not in stranger.send("/decisions", number=number, secret="0" * 16).text
    page = stranger.send("/decisions", number=number, secret=secret).text
    assert 'data-measure="terminate"' in page
    assert TOLD in page
    assert "被拒的尝试 1 次" in page
    page = stranger.send("/decisions", words="那些人我都不认识").text
    assert 'data-state="appealed"' in page
    assert "那些人我都不认识" in page
    assert 'name="words"' not in page, "once"
    for by in ("demo-li", "demo-wang"):
        refused = staff.tried("cases", "uphold", case, by=by, words="no")
        assert "[same_operator]" in refused.stderr


def test_whoever_was_ended_signs_in_and_a_third_operator_gives_it_back(staff: Staff) -> None:
    service, holder = staff.service, staff.service.somebody()
    case = staff.case_about(holder)
    staff.end(case)
    citizen = signed_in(service, holder)
    assert 'data-state="terminated"' in citizen.open("/me").text
    assert "/me/cases" in citizen.page
    assert copy_of(service, holder)["cases"][0]["measure"] == "terminate"
    lifted = staff.tried("cases", "lift", case, by=staff.third(), words="认错人了")
    assert lifted.returncode == 0, lifted.stderr
    assert service.code(holder)["qr"]
    service.wait_for(lambda: bool(service.messages("case_lifted")))


def test_persona_18_leaves_after_an_end_and_a_person_looks_at_the_next_application(staff: Staff) -> None:
    service = staff.service
    person, holder = cast_of(service)["P01"], service.holder("P01")["id"]
    staff.end(staff.case_about(holder))
    again = Citizen(service)
    again.accept()
    again.confirm_phone(person.phone)
    assert 'data-state="refused"' in again.identify(person.name, person.number).text, "there is an account"
    back = signed_in(service, holder)
    back.open("/me/deregister")
    back.send("/me/deregister", understood="yes")
    service.advance(72 * 3600)
    service.wait_for(lambda: back.open("/me").url.path != "/me", advance=60)
    anew = Citizen(service)
    anew.accept()
    anew.confirm_phone(person.phone)
    assert 'data-state="under_review"' in anew.identify(person.name, person.number).text
