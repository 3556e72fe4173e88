"""Presentation codes that nobody was issued: well-formed numbers, and QR payloads under the service's own keys."""

from __future__ import annotations

from datetime import datetime, timedelta

from eztong.adapters.keys.keyring import FileKeyring
from eztong.domain.codes.presentation_code import make_number, make_qr
from eztong.ports.keys import MacPurpose
from tests.simulators.service import Service


def unknown_number(seed: int) -> str:
    """Return a number whose check digit fits."""
    return make_number(seed)


def now_of(service: Service) -> datetime:
    """Return the service's time."""
    answer = service.http.post("/v1/test_helpers/clock", json={"advance_seconds": 0})
    answer.raise_for_status()
    return datetime.fromisoformat(answer.json()["now"])


def crafted_qr(service: Service, *, ahead: int = 0, handle: int = 7, key_number: int | None = None) -> str:
    """Return a QR payload with a true tag, issued ``ahead`` seconds from now."""
    keys = FileKeyring(service.data_dir / "keyring.json", service.data_dir / "root.key")
    return make_qr(
        handle=handle,
        issued_at=now_of(service) + timedelta(seconds=ahead),
        key_number=keys.active_number(MacPurpose.QR_TAG) if key_number is None else key_number,
        tag=lambda head: keys.mac(MacPurpose.QR_TAG, head),
    )


def forged_qr(service: Service, *, handle: int = 7) -> str:
    """Return a QR payload that is right in form, with a tag of somebody else's making."""
    return make_qr(handle=handle, issued_at=now_of(service), key_number=1, tag=lambda _head: b"\x5a" * 32)
