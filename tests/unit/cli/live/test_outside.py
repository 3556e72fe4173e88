"""What a proxy sends on is judged field by field, and a careless one is seen from outside."""

from __future__ import annotations

from pathlib import Path

import pytest

from eztong.cli.live.environment_file import write_values
from eztong.cli.live.outside import judge, look
from eztong.domain.operators.posture import Severity
from eztong.wiring.settings import Settings, settings_of
from tests.simulators.outside.certificate import write_certificate
from tests.simulators.outside.tls_proxy import tls_proxy
from tests.simulators.service import free_port

RIGHT: dict[str, str] = {"host": "eid.example.org", "x-forwarded-for": "198.51.100.7", "x-forwarded-proto": "https"}


def judged(fields: dict[str, str], *, peer: str = "127.0.0.1", believed: str = "127.0.0.1,::1") -> list[str]:
    return [seen.message for seen in judge(fields, peer=peer, host="eid.example.org", believed=believed)]


def test_what_the_documented_proxy_sends_on_is_right() -> None:
    assert judged(RIGHT) == []
    assert judged(RIGHT | {"host": "EID.example.org:443", "x-forwarded-for": "2001:db8::1"}) == []
    assert judged(RIGHT, peer="10.0.4.9", believed="10.0.3.7,10.0.4.0/24") == []


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"host": "127.0.0.1:8080"}, "does not pass the name on"),
        ({"x-forwarded-for": "192.0.2.1, 198.51.100.7"}, "do not append"),
        ({"x-forwarded-for": ""}, "does not say who asks"),
        ({"x-forwarded-proto": "http"}, "X-Forwarded-Proto"),
        ({"upgrade": "h2c"}, "Upgrade"),
    ],
)
def test_each_fault_is_named(fields: dict[str, str], says: str) -> None:
    (said,) = judged(RIGHT | fields)
    assert says in said


def test_a_proxy_that_nobody_believes_is_named() -> None:
    (said,) = judged(RIGHT, peer="10.0.4.9")
    assert "FORWARDED_ALLOW_IPS" in said


def settings_at(url: str, port: int) -> Settings:
    return settings_of({"mode": "live", "public_url": url, "port": str(port)})


def test_a_careless_proxy_is_seen_from_outside_and_a_careful_one_too(tmp_path: Path) -> None:
    certificate, file = write_certificate(tmp_path), tmp_path / "settings.env"
    write_values(file, {"FORWARDED_ALLOW_IPS": "127.0.0.1"})
    with tls_proxy(certificate, port=free_port()) as proxy:
        settings = settings_at(proxy.url, proxy.port)

        def seen(ca_file: Path | None = certificate) -> list[str]:
            found = look(settings, environment_file=file, ca_file=ca_file)
            return [one.message for one in found if one.severity is Severity.ERROR]

        assert seen() == []
        proxy.is_careless = True
        said = " ".join(seen())
        for word in ("Host", "X-Forwarded-For", "X-Forwarded-Proto", "Strict-Transport-Security"):
            assert word in said
        assert "is not reached" in seen(None)[0], "a certificate of anybody is none"
        assert "holds no certificates" in seen(file)[0]
        proxy.port = free_port()
        assert "Something else answers" in seen()[0]
