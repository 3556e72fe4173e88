"""``eztong serve``: the service in one process."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path

import click
import structlog

from eztong.cli.console import say
from eztong.cli.data.lock import ServerRunning, hold, server_on
from eztong.cli.exits import epilog
from eztong.cli.options import data_dir_option, host_option, port_option, settings_in
from eztong.cli.server.listener import listen, port_of, serve_on
from eztong.cli.server.log_lines import log_lines
from eztong.cli.service import build_quietly
from eztong.domain.errors import AuthorityUnavailable
from eztong.domain.operators.session import SET_UP_PATH
from eztong.http.logs import configure_logs
from eztong.ports.act import SYSTEM
from eztong.ports.services import Mode
from eztong.usecases.operators.manage_operators import make_operator_secret
from eztong.usecases.operators.set_up_operator import invite_first
from eztong.wiring.asgi import build_application
from eztong.wiring.authority import check_authority_is_live
from eztong.wiring.build import Built
from eztong.wiring.settings import Settings

_log = structlog.get_logger(__name__)


@click.command(
    epilog=epilog(
        "eztong serve",
        "eztong serve --port 9000 --data-dir /srv/eztong",
        "EZTONG_MODE=live eztong serve     after: eztong doctor",
    )
)
@host_option
@port_option
@data_dir_option
def serve(host: str | None, port: int | None, data_dir: Path | None) -> None:
    """Serve all doors: pages for citizens, the API for partners, and in the sandbox its inbox.

    One process serves one data folder; a second one is refused. SIGTERM finishes every accepted request and write.
    Logs go to stderr.
    """
    settings = settings_in(data_dir, host=host, port=port)
    check_alone(settings)
    sock = listen(settings.host, settings.port)
    # Port 0 means: whichever is free. The addresses that partners get must name the one that it became.
    settings = settings_in(data_dir, host=host, port=port_of(sock))
    if settings.mode is Mode.SANDBOX and not settings.keyring.exists():
        # Where nobody can be told, it starts all the same.
        with suppress(OSError):
            say(f"First start in {settings.data_dir}: making keys, about a quarter of a minute ...")
    with sock, hold(settings.data_dir, told=settings.base_url), log_lines(sys.stderr) as lines:
        configure_logs(settings.log_level, stream=lines)
        check_authority(settings)
        built = build_quietly(settings)
        lines.count_with(built.metrics.log_lines_lost)
        command = partial(typed_here, data_dir=settings.data_dir)
        app = build_application(built, command=command)
        click.echo(greeting(settings, credentials=command("sandbox credentials")))
        click.echo(first_invitation(built), nl=False)
        limits = settings.connection_limits()
        serve_on(sock, app, limits=limits, direct=app.direct, on_stop=built.streams.stop)


def check_alone(settings: Settings) -> None:
    """Refuse a second server before it looks for a port: another port would not help.

    Raises:
        ServerRunning: saying where the first one listens.
    """
    running = server_on(settings.data_dir)
    if running:
        raise ServerRunning(f"eztong serves {settings.data_dir} already, at {running}. Use that one, or stop it first.")


def check_authority(settings: Settings) -> None:
    """Refuse to serve real people from an authority of invented ones.

    An authority that is away does not stop the start: whoever is registered can still be verified (clause 4.1).

    Raises:
        NotPermitted: live mode, and the authority is a sandbox or does not say what it is.
    """
    if settings.mode is not Mode.LIVE or settings.authority_url is None:
        return
    try:
        check_authority_is_live(settings)
    except AuthorityUnavailable:
        _log.warning("authority_not_asked", advice="it is away; applications wait until it answers")


def greeting(settings: Settings, *, credentials: str) -> str:
    """Return where everything is, the first page to open on top; ``credentials`` is typed to get the API keys."""
    if settings.mode is Mode.LIVE:
        return f"eztong serves {settings.base_url} (live mode)"
    base = settings.base_url
    rows = (
        ("Start here", f"{base}/sandbox", "everything side by side"),
        ("Phone", f"{base}/sandbox/personas", "be one of the invented people"),
        ("Desk", f"{base}/desk", "check the code on the phone"),
        ("Console", f"{base}/console", "decide as an operator of the service"),
        ("Inbox", f"{base}/sandbox/inbox", "the messages that they get"),
        ("API", f"{base}/v1/docs", "for partners' programs"),
        ("API keys", credentials, "in another terminal"),
    )
    width = max(len(where) for _what, where, _why in rows)
    lines = [f"  {what:<10}  {where:<{width}}  {why}" for what, where, why in rows]
    rule = "-" * max(map(len, lines))
    box = "\n".join([rule, *lines, rule, "Ctrl-C stops it."])
    return f"eztong serves {base} in sandbox mode: everybody in it is invented.\n{_only_here(settings)}{box}"


def first_invitation(built: Built) -> str:
    """Invite the first operator, and return what is printed for that; nothing where there is one already.

    A new word with each start, so that one that was lost is no trouble; the one before works no longer.
    """
    services = built.services
    word = make_operator_secret(entropy=services.entropy)
    if not services.perform(SYSTEM, invite_first, word=word):
        return ""
    page = f"{services.deployment.public_url}{SET_UP_PATH}"
    return f"There is no operator yet. Within 24 hours open {page}\nand give this word, which works once: {word}\n"


def typed_here(command: str, *, data_dir: Path) -> str:
    """Return what is typed on this machine for a command of eztong about the data folder, unless it is the usual one.

    The program is called by its name where the shell finds it, else as it was called now.
    """
    about = [] if data_dir == Settings.model_fields["data_dir"].default else ["--data-dir", str(data_dir)]
    return shlex.join([*_own_program(), *command.split(), *about])


def _own_program() -> list[str]:
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return [os.path.relpath(sys.executable), "-m", called.parent.name]
    return ["eztong"] if shutil.which("eztong") else [os.path.relpath(called)]


def _only_here(settings: Settings) -> str:
    """Return what is missing when the service listens everywhere, but nobody said by which name it is reached."""
    if not settings.is_anywhere or settings.public_url is not None:
        return ""
    return (
        "  It listens on every address, but its links and passkeys name this machine only:\n"
        "  set EZTONG_PUBLIC_URL to the address that browsers use, such as http://sandbox.example.org:8080\n"
    )
