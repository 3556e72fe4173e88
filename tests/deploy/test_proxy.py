"""The proxy's configuration, run for real in front of the service: what it lets through, refuses and writes down."""

from __future__ import annotations

import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.deploy.tools import DEPLOY, run, tool
from tests.simulators.service import Service, free_port, running

HOST = "eid.example.org"


@dataclass(frozen=True)
class Proxied:
    """The service behind nginx, and where nginx writes."""

    service: Service
    http: httpx.Client
    log: Path


def configured(folder: Path, *, port: int, service: int) -> Path:
    """Write the files as they stand in deploy/, with this machine's ports and places."""
    made = run(
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
        "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}",
        "-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem"),
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    here = {
        " /tmp/": f" {folder}/",
        "server identity:8080;": f"server 127.0.0.1:{service};",
        "listen 8443": f"listen 127.0.0.1:{port}",
        "/run/tls/": f"{folder}/",
        "/etc/nginx/eztong_proxy.conf": str(DEPLOY / "proxy" / "eztong_proxy.conf"),
        "/dev/stdout": f"{folder}/access.log",
        "/dev/stderr": f"{folder}/error.log",
        "worker_processes auto;": "worker_processes 1; daemon off;",
    }
    text = (DEPLOY / "proxy" / "nginx.conf").read_text("utf-8")
    for there, instead in here.items():
        assert there in text
        text = text.replace(there, instead)
    file = folder / "nginx.conf"
    file.write_text(text, "utf-8")
    return file


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    folder = tmp_path_factory.mktemp("proxy")
    with running(folder / "var", with_partners=False, public_url=f"https://{HOST}") as service:
        port = free_port()
        file = configured(folder, port=port, service=int(service.url.rpartition(":")[2]))
        tested = run("nginx", "-t", "-c", str(file), "-p", str(folder))
        assert tested.returncode == 0, tested.stderr
        assert "[warn]" not in tested.stderr.replace('the "user" directive', "")
        trusted = ssl.create_default_context(cafile=str(folder / "certificate.pem"))
        with (
            subprocess.Popen([tool("nginx"), "-c", str(file), "-p", str(folder)], stderr=subprocess.DEVNULL) as nginx,
            httpx.Client(
                base_url=f"https://127.0.0.1:{port}", verify=trusted, trust_env=False, headers={"host": HOST}
            ) as http,
        ):
            try:
                wait_for(http)
                yield Proxied(service, http, folder / "access.log")
            finally:
                nginx.terminate()
                nginx.wait(10)


def get(http: httpx.Client, path: str, **more: str) -> httpx.Response:
    return http.get(path, headers=more, extensions={"sni_hostname": HOST})


def wait_for(http: httpx.Client) -> None:
    deadline = time.monotonic() + 10
    while True:
        try:
            get(http, "/")
        except httpx.ConnectError:
            assert time.monotonic() < deadline, "nginx did not start"
            time.sleep(0.05)
        else:
            return


def test_pages_come_through(proxied: Proxied) -> None:
    answer = get(proxied.http, "/sandbox")
    assert answer.status_code == httpx.codes.OK
    assert "nginx" not in answer.text


@pytest.mark.parametrize("path", ["/metrics", "/healthz", "/readyz"])
def test_what_is_for_machines_inside_stays_inside(path: str, proxied: Proxied) -> None:
    assert proxied.service.http.get(path).status_code == httpx.codes.OK
    assert get(proxied.http, path).status_code == httpx.codes.NOT_FOUND


def test_another_host_gets_no_answer(proxied: Proxied) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        get(proxied.http, "/", host="elsewhere.example.org")


def test_a_body_that_the_service_would_refuse_ends_here(proxied: Proxied) -> None:
    too_long = proxied.http.post("/v1/verifications", content=b"0" * 70_000, extensions={"sni_hostname": HOST})
    assert too_long.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE
    picture = proxied.http.post("/desk/frame", content=b"0" * 70_000, extensions={"sni_hostname": HOST})
    assert picture.status_code != httpx.codes.REQUEST_ENTITY_TOO_LARGE


def test_its_log_has_neither_queries_nor_secrets_of_links(proxied: Proxied) -> None:
    get(proxied.http, "/sandbox?told=something")
    get(proxied.http, "/r/a-secret-of-a-link")
    get(proxied.http, "/recover/stop/another-secret")
    deadline = time.monotonic() + 5
    while "/recover/stop/..." not in proxied.log.read_text():
        assert time.monotonic() < deadline, proxied.log.read_text()
        time.sleep(0.05)
    text = proxied.log.read_text()
    assert "/r/... " in text
    assert not {"something", "a-secret-of-a-link", "another-secret"} & set(text.replace("/", " ").split())
