"""``eztong notices``: whether messages leave."""

from __future__ import annotations

from pathlib import Path

import click

from eztong.adapters.clock import SystemClock
from eztong.adapters.entropy import SystemEntropy
from eztong.cli.console import json_option, print_json, say
from eztong.cli.exits import epilog
from eztong.cli.options import data_dir_option, settings_in
from eztong.domain.errors import Unavailable
from eztong.domain.identifiers import make_id
from eztong.domain.identity.email_address import parse_email
from eztong.domain.identity.phone import parse_phone
from eztong.domain.notices import Message, Topic
from eztong.i18n.notices import LANGUAGES
from eztong.ports.notifier import Undeliverable
from eztong.wiring.settings import Settings
from eztong.wiring.transports import close_notifier, make_notifier


@click.group(epilog=epilog("eztong notices test --to 13800138000", "eztong notices test --to name@example.org"))
def notices() -> None:
    """Try the transports of messages."""


@notices.command(
    epilog=epilog("eztong notices test --to 13800138000", "eztong notices test --to me@example.org --json")
)
@click.option("--to", required=True, help="A mobile number, or an e-mail address; it is not stored.")
@click.option("--language", type=click.Choice(LANGUAGES), default=LANGUAGES[0], show_default=True)
@data_dir_option
@json_option
def test(*, to: str, language: str, data_dir: Path | None, as_json: bool) -> None:
    """Send a test message at once over the transport that the settings describe, also in the sandbox.

    It asks neither database nor keyring, and nothing of it is stored or logged.
    """
    channel = send_test(settings_in(data_dir), to, language=language)
    if as_json:
        print_json({"channel": channel, "accepted": True})
    else:
        say(f"The transport accepted a test message by {channel}. Look whether it arrives.")


def send_test(settings: Settings, to: str, *, language: str = LANGUAGES[0]) -> str:
    """Send a test message to a phone or an e-mail address, and return the channel that it left by.

    Raises:
        InputInvalid: it is neither, or the transport is described so that it cannot be used.
        Unavailable: the transport did not accept it, or there is none.
    """
    is_email = "@" in to or "＠" in to
    where = {"email": parse_email(to).value} if is_email else {"phone": parse_phone(to).value}
    clock = SystemClock()
    notifier = make_notifier(settings, clock=clock)
    message = Message(topic=Topic.TEST, language=language, params={}, **where)
    try:
        notifier.deliver(message, message_id=make_id("msg", now=clock.now(), random=SystemEntropy().id_bytes()))
    except Undeliverable as error:
        raise Unavailable(str(error)) from error
    finally:
        close_notifier(notifier)
    return message.channel.value
