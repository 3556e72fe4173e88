"""Clauses 3.1 and 3.4: after a rich session no number, name, phone, code or key stands in clear anywhere at rest."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from eztong.adapters.authority.personas import PERSONAS
from tests.simulators.citizen import Citizen
from tests.simulators.service import Service, running

REGISTERED = ("P01", "P02", "P03", "P04", "P06", "P08", "P11", "P12", "P13", "P14", "P15", "P20", "P22", "P23")
BY_HAND = PERSONAS["P24"]


@dataclass
class Session:
    """What was done, where it left traces, and the secrets that must not be among them."""

    files: dict[str, bytes] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)


def use_everything(service: Service, session: Session) -> None:
    """Register, verify, ask, freeze, and send personal data where it does not belong."""
    hotel = service.partners["hotel"]
    for persona in REGISTERED:
        holder = service.holder(persona)
        if holder["state"] in {"active", "restricted"}:
            code = service.code(holder["id"])
            hotel.verify(code["qr"], "hotel_check_in", "masked_name", "age_over_18", desk="front-1")
            hotel.verify(code["number"], "hotel_check_in")
            session.secrets |= {code["number"], code["qr"]}
    opened = hotel.post("/v1/requests", {"scene": "hotel_check_in", "wants": ["masked_name"], "grant_days": 1}).json()
    service.http.post(f"/v1/test_helpers/requests/{opened['id']}/approve", json={"persona": "P01"})
    hotel.get(f"/v1/requests/{opened['id']}")
    session.secrets |= {partner.api_key for partner in service.partners.values()}
    session.secrets.add(opened["url"].rpartition("/")[2])
    citizen = Citizen(service)
    citizen.accept()
    citizen.confirm_phone(BY_HAND.phone)
    citizen.identify(BY_HAND.name, "110000199701060240")
    citizen.identify(BY_HAND.name, BY_HAND.number)
    citizen.set_pin()
    session.secrets.add(citizen.show_code())
    citizen.open("/freeze")
    citizen.send("/freeze")
    misuse(service)


def misuse(service: Service) -> None:
    """Put personal data into addresses, headers and wrong fields."""
    person = PERSONAS["P01"]
    hotel = service.partners["hotel"]
    service.http.get(f"/v1/verifications/{person.number}")
    service.http.get("/nothing", params={"name": person.name, "number": person.number, "phone": person.phone})
    service.http.get("/healthz", headers={"x-request-id": person.number})
    hotel.post("/v1/verifications", {"code": person.number, "scene": person.phone, person.number: person.phone})
    hotel.verify(person.number, "hotel_check_in", idempotency_key=person.phone)
    service.http.post("/v1/test_helpers/holders", json={"persona": person.number})


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    folder: Path = tmp_path_factory.mktemp("privacy")
    found = Session()
    with running(folder / "data") as service:
        use_everything(service, found)
        backup = folder / "backup.tar"
        assert service.run("db", "backup", str(backup)).returncode == 0
        found.files = {
            "metrics": service.http.get("/metrics").content,
            "backup": backup.read_bytes(),
            "log": service.log.read_bytes(),
            **{path.name: path.read_bytes() for path in service.data_dir.glob("eztong.db*")},
        }
    found.files["log after the stop"] = service.log.read_bytes()
    found.files["database after the stop"] = (folder / "data" / "eztong.db").read_bytes()
    for persona in (*(PERSONAS[key] for key in REGISTERED), BY_HAND):
        found.secrets |= {persona.name, persona.number, persona.phone}
    return found


def spellings(secret: str) -> list[bytes]:
    """Return how a secret may stand in a file."""
    return [secret.encode(), secret.encode("utf-16-le"), json.dumps(secret)[1:-1].encode()]


def leaks(files: dict[str, bytes], secrets: set[str]) -> list[tuple[str, int]]:
    """Return file and length of each secret found; never the secret itself."""
    return [
        (name, len(secret))
        for name, content in files.items()
        for secret in secrets
        if any(spelling in content for spelling in spellings(secret))
    ]


def test_no_secret_stands_in_clear_in_database_log_metrics_or_backup(session: Session) -> None:
    assert len(session.secrets) > 50
    assert all(session.files.values())
    assert leaks(session.files, session.secrets) == []


def test_the_scan_finds_what_is_planted(session: Session) -> None:
    secret = PERSONAS["P01"].number
    for planted in spellings(secret):
        assert leaks({"planted": session.files["log"] + planted}, {secret}) == [("planted", len(secret))]
