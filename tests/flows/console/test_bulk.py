"""Several rows of a queue at once: foretold row by row, done once, and each on record for itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

import httpx

from eztong.domain.feedback.ticket import Author, Ticket, TicketMessage
from eztong.domain.operators.audit import AuditEntry, AuditFilter, AuditStep
from eztong.domain.operators.bulk import MOST_ALONE
from eztong.domain.operators.operator import OperatorRole
from eztong.domain.operators.permission import Permission
from tests.flows.citizen.browser import Browser, Town
from tests.flows.console.staff import StaffBrowser

HOME, LOOK, APPLY = "/console/tickets", "/console/tickets/bulk", "/console/tickets/bulk/apply"
WORDS = "已查明，谢谢。"


def written(town: Town, *kinds: str) -> Sequence[Ticket]:
    """Let strangers write, and return their tickets as the queue has them."""
    for kind in kinds:
        stranger = Browser(town, language="zh-CN", https=False)
        stranger.get("/feedback")
        stranger.send("/feedback", kind=kind, words="你好", **({"before": "none"} if kind == "talks" else {}))
    with town.services.store.read() as stored:
        return stored.tickets.queue(limit=50).those


def ticked(tickets: Sequence[Ticket]) -> dict[str, str]:
    return {f"pick_{one.number}": "yes" for one in tickets}


def looked(staff: StaffBrowser, tickets: Sequence[Ticket], **fields: str) -> httpx.Response:
    staff.get(HOME)
    return staff.send_form(LOOK, **({"act": "close", "words": WORDS} | ticked(tickets) | fields))


def entries(town: Town, step: AuditStep) -> list[AuditEntry]:
    asked = AuditFilter(operator="zhao", what=Permission.TICKETS_ANSWER.value)
    with town.services.store.read() as stored:
        return [one for one in stored.audit.older(asked, limit=99).those if one.step is step]


def test_what_is_foretold_is_what_happens_and_nothing_happens_before(staff: StaffBrowser, town: Town) -> None:
    tickets = written(town, "question", "complaint", "question")
    staff.as_operator("zhao", OperatorRole.CASES)
    with town.services.store.read() as stored:
        assert stored.tickets.get(tickets[0].ticket_id) == tickets[0]
    staff.get(HOME)
    staff.send_form(f"{HOME}/{tickets[0].number}", words="先答", closes="yes")
    page = looked(staff, tickets).text
    assert (page.count("将回复并结束</span>"), page.count("不能执行</span>")) == (2, 1)
    assert [one.subject for one in entries(town, AuditStep.DONE)] == [tickets[0].number]
    rest = {"act": "close", "words": WORDS} | ticked(tickets[1:])
    assert staff.send_form(APPLY, typed="3", **rest).status_code == 422
    assert len(entries(town, AuditStep.DONE)) == 1
    done = staff.send_form(APPLY, typed="2", **rest)
    assert re.fullmatch(rf"{LOOK}/\w+", done.url.path)
    assert done.text.count("已执行</span>") == 2
    found = entries(town, AuditStep.DONE)
    assert {one.subject for one in found} == {one.number for one in tickets}
    assert len({one.correlation for one in found}) == 2
    assert len(entries(town, AuditStep.INTENDED)) == 3


def test_a_second_press_is_led_to_what_the_first_one_came_to(staff: StaffBrowser, town: Town) -> None:
    tickets = written(town, "question", "question")
    staff.as_operator("zhao", OperatorRole.CASES)
    looked(staff, tickets, act="answer")
    token = staff.hidden()["csrf"]
    form = {"csrf": token, "act": "answer", "words": WORDS, "typed": "2"} | ticked(tickets)
    first, second = (staff.client.post(APPLY, data=form) for _ in range(2))
    assert first.url == second.url
    assert len(entries(town, AuditStep.DONE)) == 2
    other = StaffBrowser(town).as_operator("qian", OperatorRole.CASES)
    assert "没有找到" in other.get(first.url.path).text


def test_what_is_refused_between_look_and_act_stops_no_other_row(staff: StaffBrowser, town: Town) -> None:
    tickets = written(town, "question", "question")
    staff.as_operator("zhao", OperatorRole.CASES)
    looked(staff, tickets)
    town.services.store.write(
        lambda uow: uow.tickets.answer(tickets[0].ticket_id, tickets[0].state.CLOSED, now=tickets[0].created_at)
    )
    done = staff.send_form(APPLY, typed="2", act="close", words=WORDS, **ticked(tickets))
    assert (done.text.count("已执行</span>"), done.text.count("不能执行</span>")) == (1, 1)
    assert [(one.subject, one.error) for one in entries(town, AuditStep.REFUSED)] == [
        (tickets[0].number, "ticket_closed")
    ]


def test_what_was_written_in_since_the_queue_was_shown_is_neither_answered_nor_ended(
    staff: StaffBrowser, town: Town
) -> None:
    """Also not where it came before the rows were foretold: the queue is what they were ticked on."""
    tickets = written(town, "question", "question")
    staff.as_operator("zhao", OperatorRole.CASES)
    staff.get(HOME)
    seen = staff.hidden()["seen"]
    message = TicketMessage(
        ticket_id=tickets[0].ticket_id,
        message_id="tmg_0",
        author=Author.ASKER,
        at=town.services.clock.now() + timedelta(milliseconds=5),
        sealed=b"words",
    )
    town.services.store.write(lambda uow: uow.tickets.add_message(message))
    form = {"act": "close", "words": WORDS, "seen": seen} | ticked(tickets)
    page = staff.send_form(LOOK, **form)
    assert (page.text.count("将回复并结束</span>"), staff.hidden()["seen"]) == (1, seen)
    staff.send_form(APPLY, typed="2", **form)
    assert [(one.subject, one.error) for one in entries(town, AuditStep.REFUSED)] == [
        (tickets[0].number, "changed_since_seen")
    ]
    assert [one.subject for one in entries(town, AuditStep.DONE)] == [tickets[1].number]


def test_the_form_says_what_it_lacks_and_keeps_what_was_ticked(staff: StaffBrowser, town: Town) -> None:
    tickets = written(town, "question")
    staff.as_operator("zhao", OperatorRole.CASES)
    many = {f"pick_{number}": "yes" for number in range(1_000_000_000, 1_000_000_001 + MOST_ALONE)}
    for fields in ({"words": " "}, {"act": "none"}, many):
        page = looked(staff, tickets, **fields)
        assert (page.status_code, f'name="pick_{tickets[0].number}" value="yes" checked' in page.text) == (422, True)
    assert looked(staff, []).status_code == 422
    reader = StaffBrowser(town).as_operator("sun", OperatorRole.AUDIT)
    assert "pick_" not in reader.get(HOME).text
