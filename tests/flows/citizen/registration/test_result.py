"""The page of the result says only what is true of this result, and each thing once."""

import re
from dataclasses import replace

import pytest

from eztong.domain.holder import FreezeCause, HolderState
from eztong.domain.registration import Reason
from eztong.usecases.access.find_session import hash_session
from tests.flows.citizen.browser import Browser, Town

S, R = HolderState, Reason


def result(
    browser: Browser, town: Town, state: HolderState, reason: Reason | None, cause: FreezeCause | None = None
) -> str:
    """Put the account of the browser there, and return the words of its result."""
    session_hash = hash_session(browser.client.cookies["ezt_session"], keys=town.services.keys)
    with town.services.store.read() as stored:
        session = stored.sessions.get(session_hash)
        assert session is not None
        assert session.holder_id is not None
        holder = stored.holders.get(session.holder_id)
    assert holder is not None
    changed = replace(holder, state=state, reason=None if reason is None else reason.value, freeze_cause=cause)
    town.services.store.write(lambda uow: uow.holders.update(changed))
    main = browser.get("/register/result").text.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())


@pytest.mark.parametrize(
    ("state", "reason", "again"),
    [
        (S.REFUSED, R.NAME_NUMBER_MISMATCH, True),
        (S.REFUSED, R.DEVICE_RISK, True),
        (S.REFUSED, R.ALREADY_REGISTERED, False),
        (S.REFUSED, R.UNDER_REVIEW_ALREADY, False),
        (S.UNDER_REVIEW, R.MANUAL_REVIEW, False),
        (S.SUPPLEMENT_NEEDED, R.GUARDIAN_MUST_CONFIRM, False),
        (S.TERMINATED, None, False),
    ],
)
def test_applying_again_is_offered_only_where_it_can_help(
    browser: Browser, town: Town, state: HolderState, reason: Reason | None, *, again: bool
) -> None:
    browser.register()
    assert ("重新申请" in result(browser, town, state, reason)) is again
    assert ('href="/register"' in browser.page.text) is again


@pytest.mark.parametrize("cause", FreezeCause)
def test_a_frozen_account_is_told_once_and_who_may_lift_it(browser: Browser, town: Town, cause: FreezeCause) -> None:
    browser.register()
    said = result(browser, town, S.FROZEN, None, cause)
    assert said.count("身份码和核验都已停用") == 1
    assert ('href="/recover"' in browser.page.text) is (cause is FreezeCause.SELF)
    assert ("停用不是您本人操作的" in said) is (cause is not FreezeCause.SELF)
