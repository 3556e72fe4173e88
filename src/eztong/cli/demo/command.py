"""``eztong demo``: sets the stage, plays the story, says what was checked and how long it took."""

from __future__ import annotations

import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from types import FrameType
from typing import Final

import click
import httpx
from rich.console import Console
from rich.text import Text

from eztong.adapters.authority.personas import PERSONAS
from eztong.cli.console import out, say
from eztong.cli.demo.browser import Browser
from eztong.cli.demo.checks import Notes, StepFailed
from eztong.cli.demo.partner import PlayedPartner
from eztong.cli.demo.processes import ChildFailed, Installation, free_port
from eztong.cli.demo.stage import Play, Stage
from eztong.cli.demo.story import STORY
from eztong.cli.exits import WRONG, epilog
from eztong.cli.options import PortNumber
from eztong.domain.errors import EztongError

_PERSONA: Final = "P01"
_HOST: Final = "http://127.0.0.1"


@dataclass(frozen=True, slots=True)
class _Screen:
    """Where the demo tells its story; ``plain`` is without colours and drawings of our own."""

    console: Console
    plain: bool

    def tell(self, text: str, style: str = "", *, indent: int = 0) -> None:
        """Write a text, each of its lines indented."""
        indented = "\n".join(" " * indent + line for line in text.split("\n"))
        self.console.print(Text(indented, style="" if self.plain else style), soft_wrap=True)


@click.command(epilog=epilog("eztong demo", "eztong demo --plain > demo.txt", "eztong demo --keep --port 8080"))
@click.option("--keep", is_flag=True, help="Keep the folder with data, logs, proof and keys.")
@click.option("--port", type=PortNumber(), default=0, help="Port of the service (default: a free one).")
@click.option("--authority-port", type=PortNumber(), default=0, help="Port of the authority (a free one).")
@click.option("--plain", is_flag=True, help="Without colours.")
def demo(keep: bool, port: int, authority_port: int, plain: bool) -> None:
    """Play the main job from end to end, over HTTP, and check every step.

    Starts the service and the sandbox authority as two processes in a folder of their own, then plays a citizen in
    front of the pages and three partners behind the API. Exits 0 only if every step did what it says. Everybody in it
    is invented.
    """
    screen = _Screen(out(), plain)
    started = perf_counter()
    with _installation(keep=keep) as installation:
        try:
            failed = _play(installation, screen, port=port or free_port(), authority_port=authority_port or free_port())
        except (EztongError, httpx.HTTPError):
            _show_logs(installation)
            raise
        if failed:
            _show_logs(installation)
    seconds = perf_counter() - started
    if failed:
        say(f"The demo failed after {seconds:.1f} s: {failed}")
        click.get_current_context().exit(WRONG)
    screen.tell(f"\nAll {len(STORY)} steps did what they say. {seconds:.1f} s in total.", "bold green")


def _play(installation: Installation, screen: _Screen, *, port: int, authority_port: int) -> str | None:
    with ExitStack() as stack:
        stack.callback(installation.stop)
        begun = perf_counter()
        stage = _set_stage(installation, screen, stack, port=port, authority_port=authority_port)
        screen.tell(f"   ready in {perf_counter() - begun:.1f} s", "dim")
        for number, (title, play) in enumerate(STORY, start=1):
            failure = _play_step(stage, screen, f"\n{number:>2}. {title}", play)
            if failure is not None:
                return f"step {number}, {title}: {failure}"
    return None


def _play_step(stage: Stage, screen: _Screen, heading: str, play: Play) -> str | None:
    screen.tell(heading, "bold")
    stage.notes = Notes()
    begun = perf_counter()
    failure: str | None = None
    try:
        play(stage)
    except (StepFailed, EztongError, httpx.HTTPError) as error:
        failure = str(error)
    except (KeyError, TypeError, ValueError) as error:
        failure = f"an answer was not of the documented form ({type(error).__name__}: {error})"
    milliseconds = (perf_counter() - begun) * 1000
    for shown in stage.notes.shown:
        screen.tell(shown, indent=4)
    for what in stage.notes.checked:
        screen.tell(f"✓ {what}", "green", indent=4)
    if failure is not None:
        screen.tell(f"✗ {failure}", "bold red", indent=4)
    screen.tell(f"{milliseconds:.0f} ms", "dim", indent=4)
    return failure


def _set_stage(
    installation: Installation, screen: _Screen, stack: ExitStack, *, port: int, authority_port: int
) -> Stage:
    data = ("--data-dir", str(installation.data_dir))
    screen.tell("Setting the stage: two servers on this machine, in a folder of their own.", "bold")
    screen.tell("   making keys, about a quarter of a minute ...", "dim")
    made = installation.run("keys", "init", *data)
    if made.returncode:
        raise ChildFailed(f"eztong keys init exited with {made.returncode}: {made.stderr.strip()}")
    client = installation.run_json("keys", "client", *data)
    pin = installation.run_json("authority", "keys", *data)
    authority_url, base_url = f"{_HOST}:{authority_port}", f"{_HOST}:{port}"
    screen.tell(f"   starting the sandbox authority on {authority_url} ...", "dim")
    known = f"{client['key_id']}={client['spki']}"
    serve_authority = ("authority", "serve", "--port", str(authority_port), "--client", known, *data)
    installation.start("authority", *serve_authority, address=authority_url)
    installation.settings |= {
        "AUTHORITY_URL": authority_url,
        "AUTHORITY_SIGNING_KEY": pin["signing"]["spki"],
        "AUTHORITY_ENCRYPTION_KEY": pin["encryption"]["spki"],
    }
    screen.tell(f"   starting the service on {base_url} ...", "dim")
    installation.start("service", "serve", "--port", str(port), *data, address=base_url)
    screen.tell("   issuing API keys to the demo partners ...", "dim")
    issued = installation.run_json("sandbox", "credentials", *data)
    at = issued["base_url"]
    return Stage(
        installation=installation,
        persona=PERSONAS[_PERSONA],
        citizen=stack.enter_context(Browser(at)),
        hotel=stack.enter_context(PlayedPartner(at, issued["partners"]["hotel"])),
        library=stack.enter_context(PlayedPartner(at, issued["partners"]["library"])),
        game=stack.enter_context(PlayedPartner(at, issued["partners"]["game"])),
    )


@contextmanager
def _installation(*, keep: bool) -> Iterator[Installation]:
    installation = Installation(Path(tempfile.mkdtemp(prefix="eztong-demo-")))
    # Being told to stop must not leave the children behind.
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield installation
    finally:
        installation.stop()
        if keep:
            say(f"Kept: {installation.folder}")
        else:
            shutil.rmtree(installation.folder, ignore_errors=True)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _show_logs(installation: Installation) -> None:
    for name in ("authority", "service"):
        say(f"--- the end of {name}'s log ---\n{installation.tail(name)}")
