"""Walks through the running service, recorded: every module that a call enters, in the order of the first entry.

``make docs`` records and writes them into docs/architecture.md; a test compares the page with walks
of its own. A stop is a module with the first function that was entered there; what one floor does in a row stands in
one line.
"""

from __future__ import annotations

import json
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from types import FrameType
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import uvicorn
from typing_extensions import override

import eztong
from bench.tencent_flows import Account, sign
from eztong.adapters.authority.synthetic import synthetic_citizen
from eztong.cli.server.listener import listen, make_server, port_of
from eztong.http.connection import ConnectionLimits
from tests.docs.pages import ROOT
from tests.flows.citizen.browser import Browser, Person, Town
from tests.simulators.service import run_cli
from tests.simulators.sockets import Wire, wire

PAGE: Final = ROOT / "docs" / "architecture.md"
DOORS: Final = ("citizen/", "desk/", "partner_api/", "sandbox/", "tencentcloud/")
_SOURCE: Final = f"{Path(eztong.__file__).parent}/"
_BESIDE: Final = (
    "wiring/background.py",
    "cli/",
    "usecases/jobs/",
    "usecases/agreement_sets/keep_agreements.py",
    "adapters/notifier/",
    "adapters/incident_board.py CachedBoard._read",
    "http/correlation.py RequestIds.new",
)
"""What runs by itself beside the requests, or for whichever of them comes first in a second."""
_WITHIN: Final = ("usecases/", "adapters/storage/rounds/group_commit.py GroupCommit._run_")
"""Where no door is entered again: a use case, and a job in a round."""
_LAST: Final = "http/logs.py"
BEGIN: Final = "<!-- Recorded: make docs -->"
END: Final = "<!-- End of what is recorded -->"
_PATIENCE: Final = 5.0
_FORGOTTEN: Final = 1.2
"""Seconds until nothing is remembered that a round read lately."""


PEOPLE: Final = tuple(Person(*synthetic_citizen(index), phone=f"1990000000{index}") for index in range(4))


@dataclass(frozen=True, slots=True)
class Stop:
    """A module, by its path in the package, and the first function that was entered there."""

    module: str
    function: str

    @property
    def floor(self) -> str:
        """The room of the house; of the adapters, which one."""
        parts = self.module.split("/")
        return "/".join(parts[:2]).removesuffix(".py") if parts[0] == "adapters" else parts[0]

    @override
    def __str__(self) -> str:
        """Name the stop as a line of a walk does."""
        return f"{self.module.removeprefix(f'{self.floor}/').removesuffix('.py')}.{self.function}"


@dataclass(slots=True)
class Walk:
    """What one call entered; ``doors_again`` are the door's functions that a use case led back into."""

    title: str
    stops: dict[str, Stop] = field(default_factory=dict)
    doors_again: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Render a line for each stay on a floor."""
        stays = groupby(self.stops.values(), key=lambda stop: stop.floor)
        for number, (floor, stops) in enumerate(stays, 1):
            yield f"{number}. **{floor}** {', '.join(f'`{stop}`' for stop in stops)}"


class Recorder:
    """A profiler for all threads that begin after it was set. It hears every call, so it looks at few of them."""

    def __init__(self) -> None:
        self._walk: Walk | None = None
        threading.setprofile(self)

    def __call__(self, frame: FrameType, event: str, _argument: object) -> None:
        """Note the first call into a module of our own, and each into a door."""
        walk = self._walk
        if walk is None or event != "call":
            return
        path = frame.f_code.co_filename
        if not path.startswith(_SOURCE):
            return
        module = path.removeprefix(_SOURCE)
        if module in walk.stops and not module.startswith(DOORS):
            return
        function, below = frame.f_code.co_qualname, list(_callers(frame))
        if any(call.startswith(_BESIDE) for call in (*below, module)):
            return
        walk.stops.setdefault(module, Stop(module, function))
        if module.startswith(DOORS) and any(call.startswith(_WITHIN) for call in below):
            walk.doors_again.append(f"{module} {function}")

    @contextmanager
    def walking(self, title: str, into: list[Walk]) -> Iterator[None]:
        """Record until the block ends and the last stop of a request is passed: its line in the log."""
        walk = Walk(title)
        into.append(walk)
        self._walk = walk
        try:
            yield
            end = time.monotonic() + _PATIENCE
            while _LAST not in walk.stops and time.monotonic() < end:
                time.sleep(0.01)
        finally:
            self._walk = None


def _callers(frame: FrameType) -> Iterator[str]:
    """Name the functions of our own that led to this call, the nearest first."""
    caller = frame.f_back
    while caller is not None:
        if (path := caller.f_code.co_filename).startswith(_SOURCE):
            yield f"{path.removeprefix(_SOURCE)} {caller.f_code.co_qualname}"
        caller = caller.f_back


@contextmanager
def served(town: Town) -> Iterator[int]:
    """Serve the town by its own server on a port."""
    server = make_server(town.app, limits=ConnectionLimits(), direct=town.app.direct, on_stop=town.built.streams.stop)
    sock = listen("127.0.0.1", 0)
    thread = threading.Thread(target=_run, args=(server, sock))
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield port_of(sock)
    finally:
        server.should_exit = True
        thread.join()


def _run(server: uvicorn.Server, sock: Any) -> None:  # noqa: ANN401 - a socket
    server.run(sockets=[sock])


class _RemoteBrowser(Browser):
    """A browser in front of a served town, whose messages are delivered by the service itself."""

    def __init__(self, town: Town, base: str) -> None:
        super().__init__(town, language="en", https=False)
        self.client = httpx.Client(  # type: ignore[assignment]  # the same calls, over a socket
            base_url=base, follow_redirects=True, trust_env=False, headers={"Accept-Language": "en"}
        )
        self._codes_before = len(self._codes())

    def _codes(self) -> list[str]:
        messages = self.client.get("/sandbox/inbox?format=json").json()
        return [str(message["otp"]) for message in messages if message["topic"] == "otp"]

    def post(self, path: str, **fields: str) -> str:
        """Send a form; return where its answer leads."""
        answer = self.client.post(path, data=self.hidden() | fields, follow_redirects=False)
        return str(answer.headers["location"])

    @override
    def newest_otp(self) -> str:
        end = time.monotonic() + _PATIENCE
        while len(codes := self._codes()) == self._codes_before:
            assert time.monotonic() < end, "no message code came"
            time.sleep(0.05)
        return codes[0]


def record() -> list[Walk]:
    """Walk through a new sandbox and return what was entered. Every walk is taken once before it is recorded."""
    recorder, walks = Recorder(), list[Walk]()
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        printed = run_cli("sandbox", "credentials", "--json", data_dir=data_dir).stdout
        hotel = json.loads(printed)["partners"]["hotel"]
        town = Town(data_dir)
        with served(town) as port:
            for way in (_verification, _eid_flow, _registration):
                way(Walker(recorder, town, port, hotel, [], pause=0))
                way(Walker(recorder, town, port, hotel, walks))
    return walks


@dataclass(frozen=True, slots=True)
class Walker:
    """Who walks: what a partner holds, and where the service listens."""

    recorder: Recorder
    town: Town
    port: int
    hotel: Mapping[str, str]
    walks: list[Walk]
    pause: float = _FORGOTTEN

    @contextmanager
    def browser(self) -> Iterator[_RemoteBrowser]:
        """Open a fresh browser."""
        browser = _RemoteBrowser(self.town, f"http://127.0.0.1:{self.port}")
        with closing(browser.client):
            yield browser

    def walking(self, title: str) -> AbstractContextManager[None]:
        """Record the block, once nothing is remembered of the calls before."""
        time.sleep(self.pause)
        return self.recorder.walking(title, self.walks)

    def line(self) -> AbstractContextManager[Wire]:
        """Open a connection."""
        return wire(f"http://127.0.0.1:{self.port}")

    def tencent(self, action: str, **params: str) -> Mapping[str, Any]:
        """Call an action of the Tencent Cloud door; return its answer."""
        account = Account(
            secret_id=self.hotel["secret_id"],
            secret_key=self.hotel["secret_key"],
            merchant_id=self.hotel["merchant_id"],
        )
        call = sign(self.port, account, action, params, expect=b"RequestId")
        with self.line() as line:
            answer: Mapping[str, Any] = _exchange(line, call.wire)["Response"]
        assert "Error" not in answer, answer
        return answer


def _in_one_piece(call: httpx.Request) -> bytes:
    """Return head and body as one: in two, a busy machine may see them apart, and takes the ordinary way."""
    head = b"".join(b"%s: %s\r\n" % field for field in call.headers.raw)
    return b"POST %s HTTP/1.1\r\n%s\r\n%s" % (call.url.raw_path, head, call.content)


def _exchange(line: Wire, call: bytes) -> Mapping[str, Any]:
    line.send(call)
    answer: Mapping[str, Any] = json.loads(line.read_answer().partition(b"\r\n\r\n")[2])
    return answer


def _verification(walker: Walker) -> None:
    with walker.browser() as browser:
        holder = browser.client.post("/v1/test_helpers/holders", json={"persona": "P01"}).json()["id"]
        code = browser.client.post(f"/v1/test_helpers/holders/{holder}/codes", json={"channel": "screen"}).json()["qr"]
        headers = {"authorization": f"Bearer {walker.hotel['api_key']}", "idempotency-key": code[15:44]}
        body = {"code": code, "scene": "hotel_check_in", "desk": "front-1"}
        call = browser.client.build_request("POST", "/v1/verifications", json=body, headers=headers)
        with walker.line() as line, walker.walking("A code, from the door to the proof: `POST /v1/verifications`"):
            assert _exchange(line, _in_one_piece(call))["outcome"] == "passed"


def _eid_flow(walker: Walker) -> None:
    with walker.browser() as browser:
        browser.register(PEOPLE[bool(walker.walks)])
        with walker.walking("`GetEidToken`"):
            opened = walker.tencent("GetEidToken", MerchantId=walker.hotel["merchant_id"])
        path = urlsplit(opened["Url"]).path
        with walker.walking("The link is opened"):
            browser.get(path)
        with walker.walking("The holder agrees"):
            browser.post(path, act="agree")
        with walker.walking("`GetEidResult`"):
            result = walker.tencent("GetEidResult", EidToken=opened["EidToken"])
        assert result["Text"]["ErrCode"] == 0


def _registration(walker: Walker) -> None:
    person = PEOPLE[2 + bool(walker.walks)]
    with walker.browser() as browser:
        browser.bind_phone(person.phone)
        with walker.walking("A registration, from the form to the store: `POST /register/identity`"):
            way_on = browser.post("/register/identity", name=person.name, number=person.number)
        assert "/unlock/setup" in browser.get(way_on).text


def rendered(walks: Sequence[Walk]) -> list[str]:
    """Return each walk as the page shows it."""
    return ["\n".join((f"### {walk.title}", "", *walk.lines())) for walk in walks]


def shown() -> list[str]:
    """Return each walk that the page shows."""
    page = PAGE.read_text("utf-8").partition(BEGIN)[2].partition(END)[0]
    return [f"### {walk.strip()}" for walk in page.split("\n### ")[1:]]


def main() -> None:
    """Write fresh walks into the page; with ``--json`` print them, and what led back into a door, instead."""
    walks = record()
    if sys.argv[1:] == ["--json"]:
        doors_again = {walk.title: walk.doors_again for walk in walks if walk.doors_again}
        sys.stdout.write(json.dumps({"walks": rendered(walks), "doors_again": doors_again}))
        return
    head, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    page = "\n\n".join((f"{head}{BEGIN}", *rendered(walks), f"{END}{rest.partition(END)[2]}"))
    PAGE.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
