"""A key that a round read is known without the store; whoever it was taken from gets no answer any more."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from eztong.domain.errors import KeyRevoked, KeyUnknown, PartnerSuspended
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.partner import PartnerState, Scope
from eztong.ports.act import PARTNER, SYSTEM, Act
from eztong.usecases.partners.authenticate_partner import IssueApiKey, SeenKey, check_still, issue_api_key, see_partner
from tests.flows.citizen.browser import Town
from tests.simulators.store import opened_store

HOTEL = PartnerId("hotel")


@pytest.fixture
def key(town: Town) -> tuple[str, str]:
    """A key of the hotel: its id and its text."""
    services = town.services
    command = IssueApiKey(partner_id=HOTEL, label="test", scopes=frozenset(Scope), live=False)
    made, text = services.perform(SYSTEM, issue_api_key, command)
    return made.key_id, text


def see(town: Town, text: str) -> SeenKey:
    services = town.services
    return see_partner(text, store=services.store, keys=services.keys, now=services.clock.now())


def ask_again(town: Town, seen: SeenKey) -> None:
    town.services.perform(PARTNER, check_still, seen)


def known(town: Town, text: str) -> SeenKey:
    """Return the key as memory has it after a round read it; the first use of an hour is written down before."""
    for _ in range(2):
        ask_again(town, see(town, text))
    seen = see(town, text)
    assert seen.version is not None
    return seen


def test_a_key_is_remembered_once_a_round_has_read_it(town: Town, key: tuple[str, str]) -> None:
    assert see(town, key[1]).version is None
    seen = known(town, key[1])
    assert seen.caller.partner.partner_id == HOTEL
    ask_again(town, seen)


def revoke(key_id: str) -> Callable[[Town], None]:
    def run(town: Town) -> None:
        now = town.services.clock.now()
        assert town.services.store.write(lambda uow: uow.partners.revoke_key(HOTEL, key_id, now=now)).value

    return run


def suspend(town: Town) -> None:
    town.services.store.write(lambda uow: uow.partners.set_state(HOTEL, PartnerState.SUSPENDED))


def test_a_key_that_is_revoked_after_the_call_came_in_gets_no_answer(town: Town, key: tuple[str, str]) -> None:
    seen = known(town, key[1])
    revoke(key[0])(town)
    with pytest.raises(KeyRevoked):
        ask_again(town, seen)
    with pytest.raises(KeyRevoked):
        see(town, key[1])


def test_a_partner_that_is_suspended_after_the_call_came_in_gets_no_answer(town: Town, key: tuple[str, str]) -> None:
    seen = known(town, key[1])
    suspend(town)
    with pytest.raises(PartnerSuspended):
        ask_again(town, seen)
    with pytest.raises(PartnerSuspended):
        see(town, key[1])


def test_what_another_process_revokes_is_noticed_by_the_next_round(town: Town, key: tuple[str, str]) -> None:
    seen = known(town, key[1])
    with opened_store(town.built.settings.data_dir) as other:
        now = other.clock.now()
        other.store.write(lambda uow: uow.partners.revoke_key(HOTEL, key[0], now=now))
    # Memory cannot know yet; the round that would answer does.
    with pytest.raises(KeyRevoked):
        ask_again(town, seen)


def test_memory_does_not_speak_for_long_where_nothing_is_written(
    town: Town, key: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    known(town, key[1])
    monkeypatch.setattr("eztong.adapters.storage.sqlite.store.RECALL_SECONDS", 0.0)
    assert see(town, key[1]).version is None


def test_a_key_that_a_round_made_and_lost_again_is_not_remembered(town: Town) -> None:
    services = town.services
    command = IssueApiKey(partner_id=HOTEL, label="test", scopes=frozenset(Scope), live=False)
    texts: list[str] = []

    def make_and_fail(act: Act) -> None:
        _made, text = issue_api_key(act, command)
        texts.append(text)
        stored = act.uow.partners
        assert any(one.label == "test" for one in stored.keys(HOTEL))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        services.perform(SYSTEM, make_and_fail)
    for text in texts:
        with pytest.raises(KeyUnknown):
            see(town, text)
