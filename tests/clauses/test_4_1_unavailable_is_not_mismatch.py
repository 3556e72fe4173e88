"""Clause 4.1: an authority that is down locks nobody out and lets nobody in; what waits is finished by itself."""

from __future__ import annotations

from tests.simulators.service import Service


def switch(service: Service, fault: str) -> None:
    """Switch an authority fault."""
    service.http.post("/v1/test_helpers/authority", json={"fault": fault}).raise_for_status()


def test_a_registration_while_the_authority_is_down_waits_and_is_finished_when_it_is_back(service: Service) -> None:
    for persona, fault in (("P24", "down"), ("P25", "timeout"), ("P26", "garbled"), ("P29", "pending")):
        switch(service, fault)
        assert service.holder(persona)["state"] == "applied"
        switch(service, "none")
        service.wait_for(lambda who=persona: service.holder(who)["state"] == "active", advance=60)  # type: ignore[misc]  # mypy cannot infer the default


def test_holders_are_verified_while_the_authority_is_down(service: Service) -> None:
    holder = service.holder("P01")
    switch(service, "down")
    answer = service.partners["hotel"].verify(service.code(holder["id"])["qr"], "hotel_check_in")
    switch(service, "none")
    assert answer.json()["outcome"] == "passed"


def test_an_outage_is_never_recorded_as_a_refusal_and_each_application_is_decided_once(service: Service) -> None:
    switch(service, "down")
    waiting = [service.somebody() for _ in range(3)]
    for holder in waiting:
        assert service.rows("SELECT state, decision, reason FROM holders WHERE holder_id = ?", holder) == [
            ("applied", None, None)
        ]
        answer = service.ask_code(holder)
        assert (answer.status_code, answer.json()["code"]) == (409, "holder_not_active")
    switch(service, "none")
    queue = "SELECT count(*) FROM jobs WHERE kind = 'registrations' AND ended_at IS NULL"
    service.wait_for(lambda: service.rows(queue) == [(0,)], advance=60)
    for holder in waiting:
        decided = "SELECT kind FROM holder_events WHERE holder_id = ? AND kind LIKE 'registration_%'"
        assert service.rows(decided, holder) == [("registration_approve",)]
