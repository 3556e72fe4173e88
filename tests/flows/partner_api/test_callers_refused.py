"""Who may call: keys, scopes, partners, rates; and nobody sees what belongs to somebody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.partner import PartnerState
from tests.simulators.problems import expect_outcome, expect_problem
from tests.simulators.service import Partner, Service, running
from tests.simulators.store import opened_store

SCENE = "hotel_check_in"
CALLS = [
    ("POST", "/v1/verifications"),
    ("GET", "/v1/verifications"),
    ("GET", "/v1/verifications/ver_01KF0000000000000000000000"),
    ("GET", "/v1/verifications/ver_01KF0000000000000000000000/proof"),
    ("POST", "/v1/requests"),
    ("GET", "/v1/requests"),
    ("GET", "/v1/requests/req_01KF0000000000000000000000"),
]


def issue(service: Service, partner: str, *scopes: str) -> tuple[str, Partner]:
    """Issue a key with these scopes by the command line; return its id and the partner that uses it."""
    options = [part for scope in scopes for part in ("--scope", scope)]
    done = service.run(
        "partners", "keys", "create", partner, "--label", "test", "--operator", "demo-li", "--json", *options
    )
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    return made["key_id"], Partner(partner, made["api_key"], service.http)


@pytest.mark.parametrize(("method", "path"), CALLS)
@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "key_missing"),
        ("Basic aG90ZWw6c2VjcmV0", "key_missing"),
        ("Bearer", "key_missing"),
        ("Bearer x", "key_unknown"),
        ("Bearer ezt_sk_test_short", "key_unknown"),
        ("Bearer ezt_sk_live_" + "A" * 43, "key_unknown"),
    ],
)
def test_every_call_needs_a_key_that_was_issued_here(
    service: Service, method: str, path: str, header: str | None, code: str
) -> None:
    service.advance(60)  # the limit of unknown keys is not what is tested here
    headers = {} if header is None else {"authorization": header}
    answer = service.http.request(method, path, headers=headers, json={} if method == "POST" else None)
    expect_problem(answer, 401, code)


def test_a_key_with_one_changed_character_is_unknown(service: Service, hotel: Partner) -> None:
    changed = hotel.api_key[:-3] + ("A" if hotel.api_key[-3] != "A" else "B") + hotel.api_key[-2:]
    expect_problem(Partner("hotel", changed, service.http).get("/v1/verifications"), 401, "key_unknown")


def test_trying_keys_is_slowed_down_but_known_keys_go_on(service: Service, hotel: Partner) -> None:
    guesses = [Partner("x", f"ezt_sk_test_{n:043d}", service.http).get("/v1/verifications") for n in range(35)]
    assert [answer.status_code for answer in guesses[-4:]] == [429] * 4
    expect_problem(guesses[-1], 429, "rate_limited")
    assert hotel.get("/v1/verifications").status_code == 200
    service.advance(61)


def test_a_revoked_key_is_refused_on_every_call_at_once(service: Service) -> None:
    key_id, caller = issue(service, "hotel")
    assert caller.get("/v1/verifications").status_code == 200
    for _ in range(2):  # from the second time on it is known without a look into the store
        expect_outcome(caller.verify(service.code(service.somebody())["qr"], SCENE), "passed")
    assert service.run("partners", "keys", "revoke", "hotel", key_id, "--operator", "demo-li").returncode == 0
    shown = service.code(service.somebody())
    expect_problem(caller.get("/v1/verifications"), 401, "key_revoked")
    expect_problem(caller.verify(shown["qr"], SCENE), 401, "key_revoked")
    expect_problem(caller.post("/v1/requests", {"scene": SCENE}), 401, "key_revoked")
    expect_outcome(service.partners["hotel"].verify(shown["qr"], SCENE), "passed")


def test_a_key_does_only_what_its_scopes_say(service: Service) -> None:
    _, reader = issue(service, "hotel", "verifications:read")
    _, writer = issue(service, "hotel", "verifications:write")
    shown = service.code(service.somebody())
    assert reader.get("/v1/verifications").status_code == 200
    refused = expect_problem(reader.verify(shown["qr"], SCENE), 403, "scope_missing")
    assert "verifications:write" in refused["detail"]
    expect_problem(reader.post("/v1/requests", {"scene": SCENE}), 403, "scope_missing")
    expect_outcome(writer.verify(shown["qr"], SCENE), "passed")
    expect_problem(writer.get("/v1/verifications"), 403, "scope_missing")
    expect_problem(writer.get("/v1/requests"), 403, "scope_missing")


@pytest.fixture
def suspended(service: Service) -> Iterator[Partner]:
    partner_id = PartnerId("library")
    for _ in range(2):
        shown = service.code(service.somebody())
        expect_outcome(service.partners["library"].verify(shown["qr"], "library_entry"), "passed")
    with opened_store(service.data_dir) as services:
        services.store.write(lambda uow: uow.partners.set_state(partner_id, PartnerState.SUSPENDED))
        yield service.partners["library"]
        services.store.write(lambda uow: uow.partners.set_state(partner_id, PartnerState.APPROVED))


def test_a_suspended_partner_gets_no_answer_to_anything(service: Service, suspended: Partner) -> None:
    shown = service.code(service.somebody())
    expect_problem(suspended.verify(shown["qr"], "library_entry"), 403, "partner_suspended")
    expect_problem(suspended.post("/v1/requests", {"scene": "library_entry"}), 403, "partner_suspended")
    expect_problem(suspended.get("/v1/verifications"), 403, "partner_suspended")
    expect_outcome(service.partners["hotel"].verify(shown["qr"], SCENE), "passed")


def test_verifications_and_requests_of_another_partner_do_not_exist(
    service: Service, hotel: Partner, library: Partner
) -> None:
    own = expect_outcome(hotel.verify(service.code(service.somebody())["qr"], SCENE), "passed")["id"]
    opened = hotel.post("/v1/requests", {"scene": SCENE}).json()["id"]
    never = "ver_01KF0000000000000000000000"
    for path in (f"/v1/verifications/{own}", f"/v1/verifications/{own}/proof", f"/v1/requests/{opened}"):
        assert hotel.get(path).status_code == 200
        foreign = expect_problem(library.get(path), 404, "not_found")
        unknown = expect_problem(
            library.get(path.replace(own, never).replace(opened, "req_" + never[4:])), 404, "not_found"
        )
        foreign.pop("request_id"), unknown.pop("request_id")
        assert foreign == unknown, "nobody learns that it exists"
    assert own not in library.get("/v1/verifications").text
    assert opened not in library.get("/v1/requests").text


@pytest.mark.parametrize("path", ["/v1/verifications/ver_1", "/v1/requests/ver_01KF0000000000000000000000"])
def test_an_id_of_another_form_is_invalid_input(hotel: Partner, path: str) -> None:
    expect_problem(hotel.get(path), 422, "input_invalid")


def test_more_verifications_than_the_rate_allows_wait_and_no_code_is_lost(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with running(tmp_path_factory.mktemp("slow") / "data", verifications_per_minute="5") as service:
        hotel, library = service.partners["hotel"], service.partners["library"]
        codes = [service.code(service.somebody(), "spoken")["number"] for _ in range(8)]
        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(lambda code: hotel.verify(code, SCENE), codes))
        limited = [code for code, answer in zip(codes, answers, strict=True) if answer.status_code == 429]
        assert len(limited) == 3
        wait = max(int(answer.headers["retry-after"]) for answer in answers if answer.status_code == 429)
        assert 0 < wait <= 60
        expect_problem(hotel.verify(limited[0], SCENE), 429, "rate_limited")
        expect_outcome(library.verify(limited[0], "library_entry"), "passed")
        service.advance(wait)
        for code in limited[1:]:
            expect_outcome(hotel.verify(code, SCENE), "passed")
