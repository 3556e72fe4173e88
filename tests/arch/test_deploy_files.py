"""deploy/: every setting in it exists, image, compose file, chart and units agree, and no secret stands in it."""

from __future__ import annotations

import json
import re
import subprocess
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from dotenv import dotenv_values

from eztong import __version__
from eztong.cli.server.listener import GRACE_SECONDS, OWN_FILES
from eztong.http.connection import ConnectionLimits
from eztong.wiring.settings import PREFIX, Settings, read_settings
from quality.bill_of_materials import LOCK, needed_by, pins

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
CHART = DEPLOY / "helm" / "eztong"
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file())
TEXTS = {path.relative_to(DEPLOY).as_posix(): path.read_text("utf-8") for path in FILES}
CONTAINERFILE = TEXTS["container/Containerfile"]
COMPOSE = yaml.safe_load(TEXTS["compose.yaml"])
SERVICES = COMPOSE["services"]
VALUES = yaml.safe_load(TEXTS["helm/eztong/values.yaml"])
SCHEMA = json.loads(TEXTS["helm/eztong/values.schema.json"])
DEPLOYMENT = TEXTS["helm/eztong/templates/deployment.yaml"]
UNITS = {name: text for name, text in TEXTS.items() if name.endswith(".service")}
EXAMPLE = TEXTS["settings.env.example"]
KNOWN = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
GIVEN_BY_CHART = {
    f"{PREFIX}{name}"
    for name in ("DATA_DIR", "HOST", "METRICS_TOKEN", "PORT", "ROOT_KEY_FILE", "SMS_HEADERS_FILE", "SMTP_PASSWORD_FILE")
}
OPERATORS_OWN = f"{PREFIX}OPERATOR_SECRET"
PIN = f"{PREFIX}TOKEN_PIN"
"""A secret, which stands in no values: a file has it."""

MARKED = re.compile(rf"\b{PREFIX}[A-Z][A-Z_]*[A-Z]\b")
LONGEST_STOP = 38
"""Seconds that a stop takes at most: twenty for requests, eighteen for writes (docs/operations.md)."""


def environment_of_image() -> dict[str, str]:
    return dict(re.findall(r"^(?:ENV|   ) (EZTONG_[A-Z_]+|PATH)=(\S+)", CONTAINERFILE, re.MULTILINE))


def environment_of_chart() -> dict[str, str]:
    return dict(re.findall(r"- name: (\w+)\n +value: \"?([^\"{\n]+)\"?\n", DEPLOYMENT))


def images_in(text: str) -> list[str]:
    return re.findall(r"^(?: *image: |ARG PYTHON_IMAGE=)([^\s{\"]+)$", text, re.MULTILINE)


# --- settings ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TEXTS)
def test_every_setting_that_a_file_names_exists(name: str) -> None:
    assert set(MARKED.findall(TEXTS[name])) <= KNOWN


def test_the_example_has_every_setting_and_says_the_defaults() -> None:
    lines = dict(re.findall(rf"^#?({PREFIX}[A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE))
    assert set(lines) == KNOWN - {OPERATORS_OWN}
    for name, said in lines.items():
        default = Settings.model_fields[name.removeprefix(PREFIX).lower()].default
        if isinstance(default, bool):
            assert said == str(default).lower()
        elif isinstance(default, int) or name.startswith(f"{PREFIX}FONT"):
            assert said.strip('"') == str(default)


def test_the_example_can_be_read_by_a_shell_and_as_a_file_of_settings_and_each_value_in_it_is_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    everything = re.sub(rf"^#({PREFIX}|FORWARDED)", r"\1", EXAMPLE, flags=re.MULTILINE)
    as_file = {name: value or "" for name, value in dotenv_values(stream=StringIO(everything)).items()}
    shell = subprocess.run(
        ["bash", "-c", 'set -a; eval "$(cat)"; env -0'],
        input=everything,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    by_shell = dict(line.split("=", 1) for line in shell.stdout.split("\0") if line)
    assert {name: by_shell[name] for name in as_file} == as_file
    for name in set(MARKED.findall(str(sorted(by_shell)))):
        if as_file[name]:
            monkeypatch.setenv(name, as_file[name])
    assert read_settings().operator_name == "Example City Identity Office"


def test_the_schema_of_the_chart_knows_every_setting_but_those_that_the_chart_gives() -> None:
    assert set(SCHEMA["properties"]["settings"]["properties"]) == KNOWN - GIVEN_BY_CHART - {OPERATORS_OWN, PIN}
    assert set(MARKED.findall(DEPLOYMENT)) - {f"{PREFIX}MODE"} == GIVEN_BY_CHART


# --- what has to agree ---------------------------------------------------------------------------------------------


def test_paths_port_and_user_are_the_same_in_image_compose_file_and_chart() -> None:
    image, compose, chart = environment_of_image(), SERVICES["identity"]["environment"], environment_of_chart()
    for name in ("HOST", "PORT", "DATA_DIR"):
        assert image[PREFIX + name] == compose[PREFIX + name] == chart[PREFIX + name]
    assert compose["EZTONG_ROOT_KEY_FILE"] == chart["EZTONG_ROOT_KEY_FILE"]
    assert "EZTONG_ROOT_KEY_FILE" not in image
    volume = re.findall(r'^VOLUME \["(\S+)"\]', CONTAINERFILE, re.MULTILINE)[0]
    assert Path(image["EZTONG_DATA_DIR"]).parent == Path(volume)
    assert f"data:{volume}" in SERVICES["identity"]["volumes"]
    assert f"mountPath: {volume}\n" in DEPLOYMENT
    assert f"EXPOSE {image['EZTONG_PORT']}\n" in CONTAINERFILE
    assert f"containerPort: {image['EZTONG_PORT']}\n" in DEPLOYMENT
    assert f"'127.0.0.1', {image['EZTONG_PORT']}," in CONTAINERFILE
    assert f"server identity:{image['EZTONG_PORT']};" in TEXTS["proxy/nginx.conf"]
    (user, group) = re.findall(r"^USER (\d+):(\d+)$", CONTAINERFILE, re.MULTILINE)[0]
    assert SERVICES["identity"]["user"] == f"{user}:{group}"
    assert {int(number) for number in re.findall(r"(?:runAsUser|runAsGroup|fsGroup): (\d+)", DEPLOYMENT)} == {int(user)}


def test_versions_are_the_programs() -> None:
    chart = yaml.safe_load(TEXTS["helm/eztong/Chart.yaml"])
    assert chart["version"] == chart["appVersion"] == __version__
    assert SERVICES["identity"]["image"] == f"eztong:{__version__}"
    assert f'image.version="{__version__}"' in CONTAINERFILE
    assert f"-t eztong:{__version__} " in CONTAINERFILE


def test_the_units_keep_the_data_where_the_example_says() -> None:
    (folder,) = re.findall(r"^EZTONG_DATA_DIR=(\S+)$", EXAMPLE, re.MULTILINE)
    for text in UNITS.values():
        assert "EnvironmentFile=/etc/eztong/settings.env\n" in text
        assert re.findall(r"^StateDirectory=(\S+)$", text, re.MULTILINE) == [Path(folder).name]
        (keys,) = re.findall(r"^ReadOnlyPaths=-(\S+)$", text, re.MULTILINE)
        assert f"EZTONG_ROOT_KEY_FILE={keys}/root.key\n" in EXAMPLE


def test_whoever_stops_it_waits_as_long_as_a_stop_can_take() -> None:
    assert LONGEST_STOP > GRACE_SECONDS
    waits = [
        *re.findall(r"^TimeoutStopSec=(\d+)$", TEXTS["systemd/eztong.service"], re.MULTILINE),
        SERVICES["identity"]["stop_grace_period"].removesuffix("s"),
        *re.findall(r"terminationGracePeriodSeconds: (\d+)", DEPLOYMENT),
    ]
    assert len(waits) == 3
    assert min(map(int, waits)) > LONGEST_STOP


def test_files_may_be_open_for_every_connection() -> None:
    needed = ConnectionLimits().connections + OWN_FILES
    (unit,) = re.findall(r"^LimitNOFILE=(\d+)$", TEXTS["systemd/eztong.service"], re.MULTILINE)
    assert min(int(unit), SERVICES["identity"]["ulimits"]["nofile"]) >= needed


def test_the_proxy_alone_is_believed() -> None:
    (proxy,) = (one["ipv4_address"] for one in SERVICES["proxy"]["networks"].values() if one)
    assert SERVICES["identity"]["environment"]["FORWARDED_ALLOW_IPS"] == proxy
    assert set(SERVICES["proxy"]["networks"]) & set(SERVICES["identity"]["networks"]) == {"inside"}
    assert "ports" not in SERVICES["identity"]


def test_the_proxy_file_is_the_one_of_the_operations_page() -> None:
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    shown = "\n".join(re.findall(r"```nginx\n(.*?)```", page, re.DOTALL))
    there = {
        line.strip() for name in ("nginx.conf", "eztong_proxy.conf") for line in TEXTS[f"proxy/{name}"].splitlines()
    }
    of_its_own = re.compile(r"listen |server 127|ssl_certificate|#|$")
    assert [
        line for line in map(str.strip, shown.splitlines()) if line not in there and not of_its_own.match(line)
    ] == []


# --- what must not be ----------------------------------------------------------------------------------------------


def test_every_image_has_a_tag_and_none_is_the_latest() -> None:
    found = [one for text in TEXTS.values() for one in images_in(text)]
    assert len(found) >= 3
    assert [one for one in found if not re.fullmatch(r"[a-z/]+:\d[\w.-]*", one)] == []
    assert [name for name, text in TEXTS.items() if re.search(r":latest\b", text)] == []
    assert SCHEMA["properties"]["image"]["properties"]["tag"]["not"] == {"const": "latest"}


def test_no_secret_stands_in_a_file() -> None:
    secret = re.compile(r"-----BEGIN|[A-Za-z0-9+]{40,}|ezt_sk_|(?i:password|token|secret)=[^\s$]")
    assert [line for text in TEXTS.values() for line in text.splitlines() if secret.search(line)] == []
    assert all(one["name"] == "" for one in VALUES["secrets"].values())
    assert not any(re.search(r"^kind: Secret$", text, re.MULTILINE) for text in TEXTS.values())
    empty = re.findall(r"^#?(EZTONG_\w+(?:KEY|TOKEN))=(.*)$", EXAMPLE, re.MULTILINE)
    assert empty
    assert {value for _name, value in empty} == {""}


def test_what_is_for_trying_out_starts_only_when_it_is_named() -> None:
    assert SERVICES["gateway-stub"]["profiles"] == ["try-out"]
    assert {name for name, one in SERVICES.items() if "profiles" not in one} == {"identity", "proxy"}


def test_only_what_is_named_gets_into_the_image() -> None:
    lines = [line for line in (ROOT / ".containerignore").read_text("utf-8").splitlines() if line[:1] not in {"", "#"}]
    assert lines[0] == "*"
    let_in = {line[1:] for line in lines if line.startswith("!")}
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", CONTAINERFILE, re.MULTILINE)
    assert let_in == {name for names in copied for name in names.split()}
    assert (ROOT / ".dockerignore").read_text("utf-8") == (ROOT / ".containerignore").read_text("utf-8")


def test_the_image_keeps_nothing_that_only_builds() -> None:
    (words,) = re.findall(r"pip uninstall --yes \\\n +([a-z -]+) \\\n && /opt/eztong/bin/eztong version", CONTAINERFILE)
    removed = set(words.split()) - {"pip", "setuptools"}
    assert removed == set(pins(LOCK.read_text("utf-8"))) - needed_by("eztong")


def test_the_python_of_the_image_is_one_that_the_project_names() -> None:
    tags = re.findall(r"^ARG PYTHON_IMAGE=python:(\d+\.\d+)-slim-bookworm$", CONTAINERFILE, re.MULTILINE)
    assert len(tags) == 1
    assert f'"Programming Language :: Python :: {tags[0]}",' in (ROOT / "pyproject.toml").read_text("utf-8")


def restricted(service: dict[str, Any]) -> bool:
    return (
        service["read_only"] is True
        and service["cap_drop"] == ["ALL"]
        and service["security_opt"] == ["no-new-privileges:true"]
        and service["user"].split(":")[0] != "0"
    )


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_no_rights_that_it_does_not_need(name: str) -> None:
    assert restricted(SERVICES[name])
