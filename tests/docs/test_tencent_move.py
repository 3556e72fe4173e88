"""«Move in five minutes» does what it says: Python and Node run as printed, Go and Java ask what their SDKs send."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, blocks
from tests.simulators.service import Service, running
from tests.tencentcloud.conftest import credentials
from tests.tencentcloud.signers import Keys, Raw, as_go, as_java, send

PAGE = (ROOT / "docs" / "tencent" / "move-in-five-minutes.md").read_text("utf-8")
NODE_FOLDER = ROOT / "tests" / "node"
ANSWERING = "The citizen answers on the page behind opened.Url."
NAMES = ("ENDPOINT", "SECRET_ID", "SECRET_KEY", "MERCHANT_ID")
SETTERS = re.compile(r"request\.(?:set)?([A-Z]\w*?)(?: = |\()")
ACTION = re.compile(r"client\.(\w+)\(request\)")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(tmp_path_factory.mktemp("move") / "data") as started:
        yield started


@pytest.fixture(scope="module")
def hotel(service: Service) -> Keys:
    return credentials(service)["hotel"]


def snippet(language: str) -> str:
    (found,) = (block.text for block in blocks(PAGE) if block.language == language)
    return found


def values(keys: Keys) -> dict[str, str]:
    return dict(zip(NAMES, (keys.endpoint, keys.secret_id, keys.secret_key, keys.merchant_id), strict=True))


def run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_python_snippet_runs_as_printed(service: Service, hotel: Keys, tmp_path: Path) -> None:
    code = snippet("python")
    assert code.count(f"# {ANSWERING}") == 1
    answered = (
        "import urllib.request\n"
        f"urllib.request.urlopen(urllib.request.Request('{service.url}/v1/test_helpers/requests/' + opened.EidToken"
        " + '/approve', b'{\"persona\": \"P01\"}', {'Content-Type': 'application/json'}))\n"
    )
    given = "".join(f"{name} = {value!r}\n" for name, value in values(hotel).items())
    script = tmp_path / "move.py"
    script.write_text(given + code.replace(f"# {ANSWERING}", answered) + "print(passed)\n", encoding="utf-8")
    assert run([sys.executable, str(script)], tmp_path).strip() == "True"


def test_the_node_snippet_runs_as_printed(service: Service, hotel: Keys) -> None:
    code = snippet("js")
    assert code.count(f"// {ANSWERING}") == 1
    answered = (
        f"await fetch('{service.url}/v1/test_helpers/requests/' + opened.EidToken + '/approve', {{method: 'POST',"
        " headers: {'Content-Type': 'application/json'}, body: JSON.stringify({persona: 'P01'})});\n"
    )
    given = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in values(hotel).items())
    body = given + code.replace(f"// {ANSWERING}", answered) + "console.log(passed);\n"
    script = f"(async () => {{\n{body}}})().catch((error) => {{ console.error(error); process.exit(1); }});"
    assert run(["node", "-e", script], NODE_FOLDER).strip() == "true"


@pytest.mark.parametrize(("language", "signer"), [("go", as_go), ("java", as_java)])
def test_what_the_other_snippets_ask_is_answered_when_signed_as_their_sdk_does(
    service: Service, hotel: Keys, language: str, signer: Callable[..., Raw]
) -> None:
    code = snippet(language)
    (action,) = ACTION.findall(code)
    assert set(SETTERS.findall(code)) == {"MerchantId"}
    response = send(service.url, signer(hotel, action, {"MerchantId": hotel.merchant_id})).response
    assert len(response["EidToken"]) == len("CE661F1A-8C3C-4D5B-A0C0-AB01B1FFEE00")


def test_the_test_helpers_that_the_page_shows_exist(service: Service) -> None:
    described = service.http.get("/v1/openapi.json").json()["paths"]
    for path in re.findall(r"^POST (/v1/\S+)", PAGE, re.MULTILINE):
        assert path.replace("{EidToken}", "{request_id}") in described
