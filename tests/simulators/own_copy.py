"""What holders see of themselves: their pages in a signed-in browser, and the copy of everything that is stored."""

from __future__ import annotations

import json
from typing import Any

from tests.simulators.citizen import Citizen
from tests.simulators.service import Service


def signed_in(service: Service, holder_id: str) -> Citizen:
    """Return a browser in which the holder is signed in, on a bound device, unlocked."""
    session = service.http.post(f"/v1/test_helpers/holders/{holder_id}/sessions")
    session.raise_for_status()
    citizen = Citizen(service)
    citizen.http.cookies.set(session.json()["cookie"], session.json()["token"])
    return citizen


def take_copy(citizen: Citizen) -> dict[str, Any]:
    """Take the copy in a browser that is signed in and unlocked."""
    citizen.open("/me/data")
    answer = citizen.send("/me/data")
    answer.raise_for_status()
    copy: dict[str, Any] = answer.json()
    return copy


def copy_of(service: Service, holder_id: str) -> dict[str, Any]:
    """Take the copy in a browser of its own; the device that it binds replaces the one before."""
    return take_copy(signed_in(service, holder_id))


def kept(service: Service) -> tuple[int, int]:
    """Return how many proven documents and sealed rows the store holds, as the operator's check counts them."""
    done = service.run("db", "check", "--json")
    assert done.returncode == 0, done.stderr
    counted = json.loads(done.stdout)
    return int(counted["leaves"]), int(counted["rows"])
