"""The steps of going live. Each looks whether it is done, so that the same command goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.keys.private_files import make_private_folder
from eztong.cli.data.db import upgrade_data
from eztong.cli.data.lock import working
from eztong.cli.keys.commands import client_key, make_keys
from eztong.cli.live.asking import Answers
from eztong.cli.live.going import Going
from eztong.cli.live.outside import look
from eztong.cli.live.questions import (
    ADDRESSES,
    AUTHORITY,
    FOLDERS,
    LOCAL,
    MESSAGES,
    NOT_ASKED,
    OPERATOR,
    SettingQuestion,
    settings_for,
)
from eztong.cli.notices import send_test
from eztong.cli.service import opened
from eztong.domain.agreements import PRECEDENCE
from eztong.domain.errors import AuthorityUnavailable
from eztong.domain.operators.posture import Severity
from eztong.domain.operators.session import SET_UP_PATH
from eztong.usecases.agreement_sets.draft_set import current_set
from eztong.wiring.agreement_values import values_to_print
from eztong.wiring.authority import check_authority_is_live
from eztong.wiring.doctor import (
    check_calendar,
    check_font,
    check_https,
    check_messages,
    check_root_key,
    check_sm2,
)

_TOKEN_BYTES: Final = 32
_TEST_PHONE: Final = "Number of a phone for a test message (not kept; empty: none)"
_TEST_EMAIL: Final = "E-mail address for a test message (not kept; empty: none)"
_PUBLIC_ISSUERS: Final = "PEM file of the issuers of the public certificate, if they are private (empty: usual ones)"


def operator(going: Going) -> None:
    """Who runs the service."""
    going.tell_finding(check_sm2(going.settings))
    going.keep({"mode": "live"} | going.ask(OPERATOR, known_by=[one.name for one in OPERATOR]))
    going.tell(f"{going.values['operator_name']}, {going.values['place_of_signing']}.")


def addresses(going: Going) -> None:
    """Where people come to, and where the service listens."""
    given = going.ask(ADDRESSES, known_by=("public_url", "origin"))
    going.tell_finding(check_https(settings_for(going.values | given)))
    going.keep(given)


def folders(going: Going) -> None:
    """Where data and root key are."""
    given = going.ask(FOLDERS, known_by=[one.name for one in FOLDERS])
    settings = settings_for(going.values | given)
    going.tell_finding(check_root_key(settings))
    if not going.is_dry:
        make_private_folder(settings.data_dir)
        if not settings.is_in_token:
            make_private_folder(settings.root_key.parent)
    going.keep(given)


def keys_and_database(going: Going) -> None:
    """Make the keyring, the root key and the database."""
    settings = going.settings
    if going.is_dry:
        made = "are there" if settings.keyring.exists() else "would be made"
        going.tell(f"Keys and database {made}: {settings.keyring}, {settings.root.place()}, {settings.database_file}.")
    elif settings.keyring.exists():
        with working(settings.data_dir):
            upgrade_data(settings)
        going.tell("The keyring is there already, and the database has the program's schema.")
    else:
        ring = make_keys(settings)
        going.tell(f"Made {len(ring.describe())} keys in {settings.keyring}, sealed under {settings.root.place()}.")
        going.tell("Copy the root key to two safe places apart from every backup: nothing replaces it.")
    if "metrics_token" not in going.values:
        going.keep({"metrics_token": SystemEntropy().token(_TOKEN_BYTES).hex()})
        going.tell("Drew EZTONG_METRICS_TOKEN; whoever scrapes /metrics takes it from the file.")


def authority(going: Going) -> None:
    """Who confirms identities: address, keys, and its signed word that its people are real."""
    settings = going.settings
    if settings.keyring.exists():
        published = client_key(FileKeyring(settings.keyring, settings.root))
        going.tell(f"Your key, for the authority to register: {published['key_id']}={published['spki']}")
        going.tell("Without its keys yet: end here (Ctrl-C). The same command goes on at this step.")
    given = going.ask(AUTHORITY, known_by=[one.name for one in AUTHORITY if one.must])
    try:
        check_authority_is_live(settings_for(going.values | given))
    except AuthorityUnavailable as error:
        going.tell(f"WARNING: The authority cannot be asked now: {error.detail} EZT012 asks it again.")
    else:
        going.tell("It says, signed, that its people are real.")
    going.keep(given)


def messages(going: Going) -> None:
    """How messages leave, tried with one if somebody wants to see it."""
    given = going.ask(MESSAGES, known_by=("sms_url",))
    going.make_secret_files(MESSAGES, given)
    settings = settings_for(going.values | given)
    going.tell_finding(check_messages(settings))
    going.keep(given)
    channels = (("phone", _TEST_PHONE, settings.sms_url), ("email", _TEST_EMAIL, settings.smtp_host))
    for name, asks, is_there in channels:
        to = going.asking.trial(name, asks) if is_there is not None and not going.is_dry else ""
        if to:
            channel = send_test(settings, to)
            going.tell(f"The transport accepted a test message by {channel}. Look whether it arrives.")
        elif is_there is not None:
            going.tell(f"No test message by {name} was asked for: eztong notices test --to ...")


def local(going: Going) -> None:
    """Which days are working days, and what PDF files are set with; and other settings that the answers name."""
    given = going.ask(LOCAL, known_by=("font_family",))
    if isinstance(going.asking, Answers):
        asked = {one.name for questions in ASKED for one in questions} | NOT_ASKED
        given |= {name: text for name, text in going.asking.settings.items() if name not in asked}
    settings = settings_for(going.values | given)
    for check in (check_calendar, check_font):
        going.tell_finding(check(settings))
    going.keep(given)


def agreements_and_operator(going: Going) -> None:
    """The agreements with what was said above, and the first operator."""
    settings = going.settings
    if going.is_dry:
        printed = "; ".join(values_to_print(settings).values())
        going.tell(f"The agreements would be printed with: {printed}.")
        return
    with opened(settings) as built, built.services.store.read() as stored:
        found = current_set(stored=stored)
        versions = {member.kind: member.version for member in found.members}
        listed = ", ".join(f"{kind.value} {versions[kind]}" for kind in PRECEDENCE if kind in versions)
        has_operator = bool(stored.operators.list().those)
    going.tell(f"Set {found.number} of agreements and rules, printed with your settings: {listed}.")
    going.tell(f"Let a lawyer read them: {settings.base_url}/documents once it serves.")
    if has_operator:
        going.tell("There is an operator already.")
        return
    going.tell(f"No operator yet. The server prints a one-time word at its start, for {settings.base_url}{SET_UP_PATH}")
    going.tell("Without a browser: eztong operators add NAME --role system")


def outside(going: Going) -> None:
    """TLS and proxy, asked by the public name from this machine."""
    file = going.asking.trial("public_ca_file", _PUBLIC_ISSUERS)
    for seen in look(going.settings, environment_file=going.path, ca_file=Path(file) if file else None):
        if seen.severity is Severity.ERROR:
            going.tell_problem(seen.message)
        else:
            going.tell(("WARNING: " if seen.severity is Severity.WARNING else "") + seen.message)


ASKED: Final[Sequence[Sequence[SettingQuestion]]] = (OPERATOR, ADDRESSES, FOLDERS, AUTHORITY, MESSAGES, LOCAL)
STEPS: Final[Sequence[tuple[str, Callable[[Going], None]]]] = (
    ("Who runs the service", operator),
    ("Addresses", addresses),
    ("Folders of data and root key", folders),
    ("Keys and database", keys_and_database),
    ("Identity authority", authority),
    ("Messages to phones and by e-mail", messages),
    ("Working days, font and other settings", local),
    ("Agreements and first operator", agreements_and_operator),
    ("TLS and proxy, from outside", outside),
)
