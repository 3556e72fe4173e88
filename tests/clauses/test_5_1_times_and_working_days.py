"""Clause 5.1: times are of China's mainland, and days are counted by its calendar of holidays and make-up days."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest

from tests.simulators.citizen import Citizen
from tests.simulators.own_copy import copy_of
from tests.simulators.service import Service, running

SHANGHAI = timezone(timedelta(hours=8))
# 2026: off from 25 to 27 September and from 1 to 7 October, made up on 20 September and 10 October; fifteen days.
NATIONAL_DAY = (
    ((2026, 9, 16), "2026年10月13日"),
    ((2026, 9, 21), "2026年10月19日"),
    ((2026, 9, 30), "2026年10月27日"),
)


def write(service: Service) -> tuple[str, str]:
    """Write to the operator; return the number and the page that comes back."""
    citizen = Citizen(service)
    citizen.open("/feedback")
    page = citizen.send("/feedback", kind="complaint", words="请查一下").text
    number = page.partition('<dd class="digits">')[2].partition("</dd>")[0]
    return number.replace(" ", ""), page


@pytest.mark.parametrize(("day", "due"), NATIONAL_DAY, ids=str)
def test_a_due_date_over_national_day_is_right(
    tmp_path_factory: pytest.TempPathFactory, day: tuple[int, int, int], due: str
) -> None:
    with running(tmp_path_factory.mktemp("october") / "data") as service:
        # At nine in the morning there.
        wanted = datetime(*day, 9, tzinfo=SHANGHAI)
        service.advance(round((wanted - service.now()).total_seconds()))
        number, page = write(service)
        assert due in page
        listed = service.run("feedback", "list", "--json")
        assert number in json.dumps(json.loads(listed.stdout))


def test_times_are_stored_and_sent_in_utc_and_shown_as_in_shanghai(service: Service) -> None:
    now = service.now()
    assert now.utcoffset() == timedelta(0)
    shown = now.astimezone(SHANGHAI)
    banner = Citizen(service).open("/").text.partition('<p class="sandbox">')[2].partition("</p>")[0]
    assert f"{shown.year}年{shown.month}月{shown.day}日 {shown:%H:}" in banner
    copy = copy_of(service, service.somebody())
    assert copy["at"].endswith("Z")
    assert all(event["at"].endswith("Z") for event in copy["events"])


def test_the_text_says_which_law_it_is_under_in_both_languages(service: Service) -> None:
    for language, words in (("zh-CN", "中华人民共和国"), ("en", "mainland")):
        page = Citizen(service).open(f"/documents/service?lang={language}").text
        clause = page.partition('id="clause-5.1"')[2].partition('id="clause-5.2"')[0]
        assert words in clause, language
