"""The tools that check deploy/. One that is missing fails the test: nothing is skipped."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
OURS = ROOT / ".venv.deploy" / "bin"


def tool(name: str) -> str:
    """Return where a tool is.

    Raises:
        AssertionError: it is not there.
    """
    found = shutil.which(name, path=str(OURS)) or shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    assert found, f"{name} is not installed, so nothing was checked with it: run make deploy-check"
    return found


def run(name: str, *arguments: str, cwd: Path = ROOT, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a tool to its end, with nothing in its environment but ``env`` and where programs are."""
    clean = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C.UTF-8"} | env
    command = [tool(name), *arguments]
    return subprocess.run(command, cwd=cwd, env=clean, capture_output=True, encoding="utf-8", check=False, timeout=60)


def rendered(*values: dict[str, Any]) -> list[dict[str, Any]]:
    """Render the chart with each of ``values``: ``documents``, or why it was ``refused``, and what is ``invalid``."""
    done = subprocess.run(
        [tool("python"), str(Path(__file__).with_name("render.py")), str(DEPLOY / "helm" / "eztong")],
        input=json.dumps(values),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found
