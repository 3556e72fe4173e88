"""The compose file: docker-compose takes it, with every profile."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from tests.deploy.tools import DEPLOY, run

SERVICES = {"identity", "proxy"}
PROFILES = {"setup": {"setup"}, "try-out": {"gateway-stub"}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An installation as the page says: the example copied, the folders made."""
    shutil.copytree(DEPLOY, tmp_path / "deploy")
    shutil.copy(DEPLOY / "settings.env.example", tmp_path / "deploy" / "settings.env")
    return tmp_path / "deploy"


@pytest.mark.parametrize("profile", ["", *PROFILES])
def test_it_is_taken_and_starts_what_it_should(profile: str, folder: Path) -> None:
    chosen = ["--profile", profile] if profile else []
    done = run("docker-compose", *chosen, "config", cwd=folder)
    assert done.returncode == 0, done.stderr
    services = yaml.safe_load(done.stdout)["services"]
    started = {name for name, one in services.items() if set(one.get("profiles", [profile])) & {profile, ""}}
    assert started == SERVICES | PROFILES.get(profile, set())
    environment = services["identity"]["environment"]
    # What stands in the compose file wins over the file of settings, which is made for systemd as well.
    assert environment["EZTONG_DATA_DIR"] == "/var/lib/eztong/data"
    assert environment["EZTONG_HOST"] == "0.0.0.0"  # noqa: S104 - inside a container
    assert environment["EZTONG_OPERATOR_NAME"] == "Example City Identity Office"


def test_what_is_wrong_is_noticed(folder: Path) -> None:
    text = (folder / "compose.yaml").read_text("utf-8")
    (folder / "compose.yaml").write_text(text.replace("read_only: true", "read_onyl: true"), "utf-8")
    done = run("docker-compose", "config", "-q", cwd=folder)
    assert done.returncode != 0
    assert "read_onyl" in done.stderr
