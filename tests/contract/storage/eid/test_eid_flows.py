"""Flows of the Tencent Cloud door come back as they went in, to their own partner only."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.eid.eid_flow import EidEnding
from eztong.domain.requests.request import RequestState
from eztong.ports.storage.eid.eid_flows import FlowStanding
from eztong.ports.storage.store import Store
from tests.contract.storage import values
from tests.contract.storage.stage import in_turn, partner_id, request_id

FULL_AND_BARE = pytest.mark.parametrize("full", [True, False], ids=["full", "bare"])


@FULL_AND_BARE
def test_a_flow_comes_back_by_token_and_by_request(store: Store, *, full: bool) -> None:
    flow = values.eid_flow(full=full)
    store.write(lambda uow: uow.eid_flows.add(flow))
    with store.read() as stored:
        assert stored.eid_flows.get(flow.partner_id, flow.eid_token) == flow
        assert stored.eid_flows.of_request(flow.request_id) == flow
        assert stored.eid_flows.find(flow.eid_token) == flow


@FULL_AND_BARE
def test_a_saved_flow_comes_back(store: Store, *, full: bool) -> None:
    before, after = values.eid_flow(full=not full), values.eid_flow(full=full)
    store.write(in_turn(lambda uow: uow.eid_flows.add(before), lambda uow: uow.eid_flows.save(after)))
    with store.read() as stored:
        assert stored.eid_flows.get(after.partner_id, after.eid_token) == after


def test_an_ending_without_anything_is_not_no_ending(store: Store) -> None:
    flow = replace(values.eid_flow(), ending=EidEnding())
    store.write(lambda uow: uow.eid_flows.add(flow))
    with store.read() as stored:
        assert stored.eid_flows.get(flow.partner_id, flow.eid_token) == flow


def test_another_partner_sees_no_flow(store: Store) -> None:
    flow, request = values.eid_flow(), values.request()
    store.write(
        in_turn(lambda uow: uow.requests.add(request, token_hash=b"token"), lambda uow: uow.eid_flows.add(flow))
    )
    with store.read() as stored:
        assert stored.eid_flows.get(partner_id(2), flow.eid_token) is None
        assert stored.eid_flows.standing(partner_id(2), flow.eid_token) is None


def test_the_standing_is_that_of_the_request(store: Store) -> None:
    flow, request = values.eid_flow(), values.request()
    doing = replace(request, state=RequestState.DOING)
    store.write(
        in_turn(
            lambda uow: uow.requests.add(request, token_hash=b"token"),
            lambda uow: uow.eid_flows.add(flow),
            lambda uow: uow.requests.advance(doing, expected=["init"]),
        )
    )
    with store.read() as stored:
        standing = stored.eid_flows.standing(flow.partner_id, flow.eid_token)
    assert standing == FlowStanding(RequestState.DOING, request.created_at, request.expires_at)


def test_a_request_of_another_door_has_no_flow(store: Store) -> None:
    store.write(lambda uow: uow.requests.add(values.request(), token_hash=b"token"))
    with store.read() as stored:
        assert stored.eid_flows.of_request(request_id()) is None
