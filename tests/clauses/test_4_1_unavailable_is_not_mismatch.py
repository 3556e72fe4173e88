"""Clause 4.1: an authority that is down locks nobody out and lets nobody in; what waits is finished by itself."""

from __future__ import annotations

from tests.simulators.own_copy import copy_of
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


def test_an_old_confirmation_is_marked_or_decides_nothing_as_the_scene_has_it_and_is_never_a_mismatch(
    service: Service,
) -> None:
    """Also while the authority is down: nobody asks it when somebody is verified."""
    holder = service.holder("P02")
    scene = ("library", "library_entry")

    def limit(days: int, when_old: str) -> None:
        rule = ("--fresh-days", str(days), "--when-old", when_old, "--operator", "demo-li")
        done = service.run("partners", "scenes", "limit", *scene, *rule)
        assert done.returncode == 0, done.stderr

    def verified() -> dict[str, object]:
        library = service.partners[scene[0]]
        found: dict[str, object] = library.verify(service.code(holder["id"])["qr"], scene[1]).json()["result"]
        return found

    switch(service, "down")
    service.advance(2 * 86_400)
    limit(1, "stale")
    stale = verified()
    limit(1, "unavailable")
    unavailable = verified()
    limit(0, "stale")
    fresh = verified()
    switch(service, "none")
    assert (stale["outcome"], stale["confirmation"]) == ("passed", "stale")
    assert str(stale["unconfirmed_since"]) < str(stale["at"])[:10]
    assert (unavailable["outcome"], "claims" in unavailable) == ("unavailable", False)
    assert (fresh["outcome"], "confirmation" in fresh) == ("passed", False)


def test_an_outage_is_never_recorded_as_a_refusal_and_each_application_is_decided_once(service: Service) -> None:
    waiting = [f"S{number}" for number in range(901, 904)]
    switch(service, "down")
    for who in waiting:
        found = service.holder(who)
        assert (found["state"], found["reason"]) == ("applied", None)
        answer = service.ask_code(found["id"])
        assert (answer.status_code, answer.json()["code"]) == (409, "holder_not_active")
    switch(service, "none")
    service.wait_for(lambda: all(service.holder(who)["state"] == "active" for who in waiting), advance=60)
    for who in waiting:
        copy = copy_of(service, service.holder(who)["id"])
        decided = [event["kind"] for event in copy["events"] if event["kind"].startswith("registration_")]
        assert decided == ["registration_approve"]
        assert not any(job["kind"] == "registrations" and job["ended_at"] is None for job in copy["jobs"])
