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
