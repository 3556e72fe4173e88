"""People and programs put personal data into every place where it does not belong; it is kept in clear in none."""

from __future__ import annotations

import re
import socket
from itertools import product
from urllib.parse import quote, urlsplit

import httpx
import pytest

from eztong.adapters.authority.personas import PERSONAS
from tests.simulators.cast import everybody
from tests.simulators.citizen import TICKS, Citizen
from tests.simulators.secrets_scan import Secrets, contains, places_of
from tests.simulators.service import Service, running

PERSON = PERSONAS["P05"]
VALUES = (PERSON.number, PERSON.name, f"+86 {PERSON.phone}", f"{PERSON.name}{PERSON.number}")
FORMS = {
    "/register": ("tick_service", "tick_authorisation", "shown", "document_language", "hash_service"),
    "/register/phone": ("phone", "csrf", "other"),
    "/register/otp": ("otp", "act"),
    "/register/identity": ("name", "number"),
    "/code": ("csrf", "channel"),
    "/freeze": ("csrf", "reason"),
    "/r/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA": ("act", "match"),
}
HEADERS = ("user-agent", "referer", "x-request-id", "accept-language", "idempotency-key", "cookie", "x-forwarded-for")


def misuse_forms(citizen: Citizen, *, pages: tuple[str, ...]) -> None:
    """Put each value into each field of these forms, one at a time."""
    for path in pages:
        citizen.open(path)
        for name, value in product(FORMS[path], VALUES):
            citizen.http.post(path, data=citizen.hidden() | {name: value})


def misuse_addresses(service: Service) -> None:
    """Ask for addresses that hold personal data, and send it in headers."""
    api_key = service.partners["hotel"].api_key
    keyed = {"authorization": f"Bearer {api_key}"}
    for value in VALUES:
        spelled = quote(value)
        for path in ("/", "/register/", "/documents/", "/r/", "/static/", "/v1/requests/", "/v1/verifications/"):
            service.http.get(path + spelled, headers=keyed)
            service.http.get(f"{path}?q={spelled}&lang={spelled}&{spelled}=1")
        for path in ("/v1/verifications", "/v1/requests"):
            service.http.get(f"{path}?cursor={spelled}&limit={spelled}", headers=keyed)
        for name in HEADERS:
            service.http.get("/v1/requests", headers=_raw(keyed | {name: value}))
        service.http.get("/v1/requests", headers=_raw({"authorization": f"Bearer {value}"}))
        service.http.request("DELETE", f"/code/{spelled}")


def _raw(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def misuse_bodies(service: Service) -> None:
    """Send personal data in every field of the API's bodies, as value and as name."""
    hotel = service.partners["hotel"]
    good = {"code": "881234567890123458", "scene": "hotel_check_in", "desk": "front-1", "wants": ["is_person"]}
    for value in VALUES:
        for name in (*good, "grant_days", "extra", value):
            hotel.post("/v1/verifications", good | {name: value})
            hotel.post("/v1/requests", {"scene": "hotel_check_in", name: value})
        hotel.verify("881", "hotel_check_in", idempotency_key="".join(c for c in value if c.isascii()))
        for path in ("holders", f"holders/{quote(value)}/codes", "clock", "authority", "requests/x/approve"):
            service.http.post(
                f"/v1/test_helpers/{path}", json={"persona": value, "fault": value, "advance_seconds": value}
            )
        hotel.http.post(
            "/v1/verifications", content=value.encode(), headers={"authorization": f"Bearer {hotel.api_key}"}
        )


def misuse_the_wire(service: Service) -> None:
    """Send what is no HTTP at all."""
    place = urlsplit(service.url)
    for value in VALUES:
        for raw in (
            f"GET /{value} HTTP/1.1\r\nhost: {value}\r\n\r\n",
            f"{value} / HTTP/1.1\r\n\r\n",
            f"GET / HTTP/1.1\r\nhost: x\r\ncontent-length: {value}\r\n\r\n",
            f"GET /%FF%00{value} HTTP/1.1\r\nhost: x\r\n\r\n",
        ):
            with socket.create_connection((str(place.hostname), int(place.port or 0)), timeout=5) as wire:
                wire.sendall(raw.encode())
                wire.shutdown(socket.SHUT_WR)
                while wire.recv(65536):
                    pass


@pytest.fixture(scope="module")
def left_behind(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], Secrets]:
    """What a service at its most talkative keeps of all that, and what must not be in it."""
    folder = tmp_path_factory.mktemp("misplaced")
    secrets = Secrets()
    with running(folder / "data", log_level="debug") as service:
        secrets.add_people(everybody(service))
        citizen = Citizen(service)
        misuse_forms(citizen, pages=("/register", "/register/phone", "/code"))
        citizen.open("/register")
        citizen.send("/register", **TICKS)
        misuse_forms(citizen, pages=("/register/phone",))
        service.advance(61)
        citizen.confirm_phone(PERSON.phone)
        secrets.add("the message code", citizen.service.newest_otp(PERSON.phone))
        misuse_forms(citizen, pages=("/register/otp", "/register/identity", "/code", "/freeze", *list(FORMS)[-1:]))
        citizen.identify(PERSON.name, PERSON.number)
        misuse_addresses(service)
        misuse_bodies(service)
        misuse_the_wire(service)
        for number, token in enumerate(citizen.http.cookies.values()):
            secrets.add(f"cookie {number}", token)
        backup = folder / "backup.tar"
        assert service.run("db", "backup", str(backup)).returncode == 0
        for partner in service.partners.values():
            secrets.add(f"API key of {partner.partner_id}", partner.api_key)
        metrics = service.http.get("/metrics").content
        places = places_of(service.database, service.log, backup) | {"metrics": metrics}
        assert service.http.get("/readyz").status_code == httpx.codes.OK
    return places | {"log at the end": service.log.read_bytes()}, secrets


def test_nothing_of_it_is_kept_in_clear(left_behind: tuple[dict[str, bytes], Secrets]) -> None:
    places, secrets = left_behind
    assert contains(places, [b"SQLite format 3", b"/v1/verifications/{verification_id}", b"otp_challenges"])
    assert secrets.found_in(places) == []


def test_nothing_of_it_made_the_service_fail(left_behind: tuple[dict[str, bytes], Secrets]) -> None:
    log = left_behind[0]["log at the end"].decode()
    assert "Traceback" not in log
    assert not re.search(r'"status": ?5', log)
    assert "page_failed" not in log
