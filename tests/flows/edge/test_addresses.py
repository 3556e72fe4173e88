"""Whose name a request gives, where it comes from, and what its address ends in."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.simulators.service import Service, free_port, run_cli, running

TOKEN = "a-token-of-twenty-signs"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("addresses") / "var"
    with running(folder, metrics_token=TOKEN, tencent_host="faceid.city.example") as started:
        yield started


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1:9", "[::1]:8080", "10.1.2.3", "eztong", "app.localhost", "LOCALHOST."]
)
def test_in_the_sandbox_this_machine_goes_by_many_names(service: Service, host: str) -> None:
    assert service.http.get("/", headers={"host": host}).status_code == httpx.codes.OK


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "localhost.evil.example", "evil.example:8080", "127.0.0.1.evil.example", "", "a b", "["),
        *("[::1", "evil.example@localhost", "localhost/evil", "localhost?evil", "localhost#evil", "localhost:80:80"),
    ],
)
@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("POST", "/v1/verifications"), ("GET", "/v1/verifications"), ("GET", "/desk")]
)
def test_a_foreign_host_is_told_nothing(service: Service, host: str, method: str, path: str) -> None:
    answer = service.http.request(method, path, headers={"host": host}, content=b"{}" if method == "POST" else None)
    assert answer.status_code == httpx.codes.MISDIRECTED_REQUEST
    assert answer.json()["code"] == "host_unknown"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert "location" not in answer.headers
    assert "evil" not in answer.text


def test_a_probe_names_the_machine_as_it_likes(service: Service) -> None:
    for path in ("/healthz", "/readyz"):
        assert service.http.get(path, headers={"host": "10.0.0.1.probe.example"}).status_code == httpx.codes.OK


def test_the_door_of_its_own_name_answers_there(service: Service) -> None:
    answer = service.http.post("/", headers={"host": "faceid.city.example"}, content=b"{}")
    assert "Response" in answer.json()


@pytest.mark.parametrize(
    "path", ["/v1/verifications/", "/register/", "/desk/", "/healthz/", "//evil.example/", "/v1/requests/"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_slash_too_many_leads_nowhere(service: Service, method: str, path: str) -> None:
    url = httpx.URL(service.url).copy_with(raw_path=path.encode())
    answer = service.http.request(method, url, headers={"host": "localhost"})
    assert answer.status_code == httpx.codes.NOT_FOUND
    assert "location" not in answer.headers


def test_only_the_token_opens_the_numbers(service: Service) -> None:
    assert service.http.get("/metrics").status_code == httpx.codes.NOT_FOUND
    wrong = {"authorization": "Bearer of-another-token-really"}
    assert service.http.get("/metrics", headers=wrong).status_code == httpx.codes.NOT_FOUND
    right = service.http.get("/metrics", headers={"authorization": f"bearer {TOKEN}"})
    assert "eztong_http_request_seconds" in right.text


@pytest.mark.parametrize("value", ["Bearer {}", "bearer  {}", "BEARER   {}"])
def test_blanks_before_a_key_are_no_part_of_it(service: Service, value: str) -> None:
    key = service.partners["hotel"].api_key
    answer = service.http.get("/v1/verifications", headers={"authorization": value.format(key)})
    assert answer.status_code == httpx.codes.OK


@pytest.mark.parametrize("value", ["Bearer", "Basic {}", "{}", "Bearer{}"])
def test_what_is_no_bearer_key_is_a_missing_one(service: Service, value: str) -> None:
    key = service.partners["hotel"].api_key
    answer = service.http.get("/v1/verifications", headers={"authorization": value.format(key)})
    assert (answer.status_code, answer.json()["code"]) == (401, "key_missing")


def told(service: Service, address: str) -> int:
    unknown = {"authorization": "Bearer ezt_sk_test_unknown", "x-forwarded-for": address}
    return service.http.get("/v1/verifications", headers=unknown).status_code


def test_all_addresses_of_one_household_share_one_limit(service: Service) -> None:
    found = [told(service, f"2001:db8:1:1::{number:x}") for number in range(40)]
    assert found == [401] * 30 + [429] * 10
    assert told(service, "2001:0db8:0001:0001:ffff::1") == 429
    assert told(service, "2001:db8:1:2::1") == 401


def test_a_site_with_many_networks_has_a_wider_limit(service: Service) -> None:
    found = [told(service, f"2001:db8:2:{number:x}::1") for number in range(250)]
    assert found == [401] * 240 + [429] * 10


def test_an_ipv4_address_inside_ipv6_is_the_same(service: Service) -> None:
    assert [told(service, "198.51.100.7") for _ in range(31)][-1] == 429
    assert told(service, "::ffff:198.51.100.7") == told(service, "::ffff:c633:6407") == 429


def test_what_is_no_address_shares_one_limit(service: Service) -> None:
    assert 429 in [told(service, f"garbage-{number}") for number in range(40)]


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


@pytest.mark.parametrize("host", ["::1", "::", "0.0.0.0"])  # noqa: S104 - that it may listen everywhere is the point
def test_the_service_listens_on_every_kind_of_address(tmp_path: Path, host: str) -> None:
    assert has_ipv6() or ":" not in host, "this machine has no IPv6: the test cannot say anything"
    with running(tmp_path / "var", host=host, at="[::1]" if ":" in host else "127.0.0.1") as started:
        assert started.http.get("/").status_code == httpx.codes.OK
        told_so = started.log.read_text()
    assert ("set EZTONG_PUBLIC_URL" in told_so) is (host != "::1")


def test_a_port_that_is_taken_is_named_as_it_is_written(tmp_path: Path) -> None:
    family, host = (socket.AF_INET6, "::1") if has_ipv6() else (socket.AF_INET, "127.0.0.1")
    port = free_port()
    with socket.socket(family) as taken:
        taken.bind((host, port))
        taken.listen()
        done = run_cli("serve", "--host", host, "--port", str(port), data_dir=tmp_path / "var")
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert f"{'[::1]' if ':' in host else host}:{port}" in done.stderr
