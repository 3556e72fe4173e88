"""Live mode from nothing: `eztong live init` with a file of answers; a citizen registers, shows, complains and leaves.

All of it is real but the people: an authority with TLS in a process of its own, a gateway to phones, a mail server, and
a proxy that ends TLS. Nothing of the sandbox can be reached.
"""

from __future__ import annotations

import json
import os
import re
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.simulators.citizen import Citizen
from tests.simulators.outside.certificate import write_certificate
from tests.simulators.outside.gateway import Gateway, gateway
from tests.simulators.outside.mail_server import MailServer, mail_server
from tests.simulators.outside.real_authority import real_authority
from tests.simulators.outside.tls_proxy import TlsProxy, tls_proxy
from tests.simulators.processes import prefork
from tests.simulators.service import START_SECONDS, free_port

P01 = ("测一一", "11000019900307001X", "19900000001")
SECRET = "Bearer not-for-anybody"
SANDBOX = ("/sandbox", "/sandbox/personas", "/sandbox/inbox", "/v1/test_helpers/holders", "/v1/test_helpers/clock")


@dataclass
class City:
    """What an operator has before anything of eztong is there: folders, gateway, mail server, proxy; and a shell."""

    folder: Path
    sms: Gateway
    mail: MailServer
    proxy: TlsProxy
    certificate: Path
    to_close: list[httpx.Client] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.proxy.url

    @property
    def settings_file(self) -> Path:
        return self.folder / "etc" / "settings.env"

    def run(self, *arguments: str) -> tuple[int, str, str]:
        done = prefork.run(*arguments, env=_surroundings(), cwd=self.folder)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def go_live(self, answers: dict[str, Any], *options: str) -> tuple[int, dict[str, Any], str]:
        path = self.folder / "answers.json"
        path.write_text(json.dumps(answers), "utf-8")
        code, out, err = self.run(
            "live", "init", "--answers", str(path), "--settings-file", str(self.settings_file), "--json", *options
        )
        return code, json.loads(out) if out else {}, err

    def newest_otp(self, phone: str) -> str:
        """Wait for the message code that went to the phone last."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            bodies = [json.loads(body) for _headers, body in self.sms.requests]
            texts = [body["text"] for body in bodies if body["phone"] == phone]
            if texts and (found := re.findall(r"\b(\d{6})\b", texts[-1])):
                return str(found[0])
            time.sleep(0.05)
        raise AssertionError("no message code arrived")

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Serve what was prepared, as systemd would; give what the server said at its start."""
        said, log = self.folder / "serve.out", self.folder / "serve.err"
        child = prefork.start(
            "--settings-file", str(self.settings_file), "serve", env=_surroundings(), says=prefork.Says(said, log)
        )
        try:
            self._wait_until_ready(child, log)
            yield said.read_text("utf-8")
        finally:
            for http in self.to_close:
                http.close()
            child.terminate()
            child.wait(30)

    def _wait_until_ready(self, child: prefork.Child, log: Path) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and child.poll() is None:
            try:
                if httpx.get(f"http://127.0.0.1:{self.proxy.port}/readyz", trust_env=False).is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError(log.read_text("utf-8"))

    def believing(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.certificate))


def _surroundings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("EZTONG_")}  # noqa: TID251 - handed on


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    certificate = write_certificate(tmp_path)
    with gateway() as sms, mail_server() as mail, tls_proxy(certificate, port=free_port()) as proxy:
        yield City(tmp_path, sms, mail, proxy, certificate)


def answers_of(city: City) -> dict[str, Any]:
    headers = city.folder / "sms-headers"
    headers.write_text(f"Authorization: {SECRET}\n")
    headers.chmod(0o600)
    return {
        "operator_name": "Example City Identity Office",
        "operator_contact": "eid@example.org",
        "place_of_signing": "Example City",
        "public_url": city.url,
        "port": city.proxy.port,
        "data_dir": str(city.folder / "data"),
        "root_key_file": str(city.folder / "keys" / "root.key"),
        "sms_url": city.sms.url,
        "sms_headers_file": str(headers),
        "smtp_host": "127.0.0.1",
        "smtp_port": city.mail.port,
        "smtp_security": "none",
        "smtp_from": "notices@example.org",
        "try": {"phone": "19900000009", "email": "me@example.org", "public_ca_file": str(city.certificate)},
    }


@pytest.mark.timeout(180)
def test_a_city_goes_live_from_nothing_and_a_citizen_comes_and_leaves(city: City) -> None:
    answers = answers_of(city)
    code, _, err = city.go_live(answers, "--dry-run")
    assert (code, city.settings_file.exists(), (city.folder / "data").exists()) == (2, False, False), err

    code, _, err = city.go_live(answers)
    assert code == 2, "the authority's keys are not guessed"
    assert "[5 of 9] Identity authority" in err
    assert "authority_signing_key" in err
    assert city.settings_file.stat().st_mode & 0o777 == 0o600

    with ExitStack() as held:
        code, client, err = city.run("--settings-file", str(city.settings_file), "keys", "client")
        assert code == 0, err
        authority = held.enter_context(real_authority(city.folder / "authority", client.strip()))
        answers |= {"authority_name": "Example Authority"} | authority.settings()
        before = city.settings_file.read_bytes()
        code, would, err = city.go_live(answers, "--dry-run")
        assert any(line.startswith("Would write EZTONG_AUTHORITY_NAME") for line in would["steps"][4]["told"]), err
        assert (city.settings_file.read_bytes(), city.sms.requests, city.mail.mails) == (before, [], [])
        code, told, err = city.go_live(answers)
        assert (code, told["errors"]) == (0, 0), err
        code, unit, err = city.run("live", "unit", "--settings-file", str(city.settings_file))
        assert (code, f"EnvironmentFile={city.settings_file}\n" in unit) == (0, True), err
        _check_what_was_tried(city, told, err)

        said = held.enter_context(city.serving())
        assert f"{city.url}/console/set-up" in said
        _live_there(city)
        kept = city.settings_file.read_bytes()
        code, beside, err = city.go_live(answers)
        assert (code, city.settings_file.read_bytes()) == (0, kept), err
        assert any("answers by https" in line for line in beside["steps"][-1]["told"])


def _check_what_was_tried(city: City, told: dict[str, Any], err: str) -> None:
    lines = [line for step in told["steps"] for line in step["told"]]
    assert "The proxy leads here by https, and what it sends on is right." in lines
    assert "It says, signed, that its people are real." in lines
    assert {finding["severity"] for finding in told["findings"]} <= {"ok", "warning"}
    assert [headers["authorization"] for headers, _body in city.sms.requests] == [SECRET]
    assert city.mail.receivers == ["me@example.org"]
    kept = city.settings_file.read_text("utf-8")
    token = re.findall(r'EZTONG_METRICS_TOKEN="([^"]+)"', kept)[0]
    for secret in (SECRET, token):
        assert secret not in json.dumps(told) + err


def _live_there(city: City) -> None:
    citizen = Citizen(city, verify=city.believing())
    citizen.register(*P01)
    citizen.unlock()
    assert len(citizen.show_code()) == 18
    citizen.open("/feedback")
    complained = citizen.send("/feedback", kind="complaint", words="那天我没有去过那家酒店")
    assert len(re.findall(r'<dd class="digits">([0-9A-Z ]+)</dd>', complained.text)) == 2
    for path in SANDBOX:
        assert citizen.http.get(path).status_code == 404, path
        assert citizen.http.post(path, json={}).status_code == 404, path
    citizen.open("/me/deregister")
    citizen.send("/me/deregister", understood="yes")
    assert 'data-deregistration="cooling"' in citizen.open("/me/deregister").text
