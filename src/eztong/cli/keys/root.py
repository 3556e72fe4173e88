"""``eztong keys change-root`` and ``eztong keys token``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.private_files import locked_folder, make_private_folder
from eztong.adapters.keys.root_change import RootChange, add_root, keep_only
from eztong.adapters.keys.root_file import FileRoot, create_root_key
from eztong.cli.console import apply_option, say
from eztong.cli.exits import epilog
from eztong.cli.keys.two_operators import TwoOperators, by_two
from eztong.cli.options import data_dir_option, settings_in
from eztong.cli.service import opened
from eztong.domain.evidence.attested_act import ActKind
from eztong.wiring.keys.token_settings import token_in, token_root

if TYPE_CHECKING:
    from eztong.ports.root_key import RootKey
    from eztong.wiring.settings import Settings

_TWO: Final = "--operator li --second wang --reason 'into a token'"


@click.command(
    "change-root",
    epilog=epilog(
        "eztong keys change-root --to-token",
        f"eztong keys change-root --to-token --apply {_TWO}",
        f"eztong keys change-root --finish --apply {_TWO}",
    ),
)
@click.option(
    "--to-token", is_flag=True, help="Let the key EZTONG_TOKEN_ROOT_LABEL in the token open the ring as well."
)
@click.option(
    "--to-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Let the root key in this file open the ring as well; it is made if it is not there.",
)
@click.option("--finish", is_flag=True, help="Let the root key that the settings name, and no other, open the ring.")
@by_two
@data_dir_option
@apply_option
def change_root(
    *, to_token: bool, to_file: Path | None, finish: bool, standing: TwoOperators, data_dir: Path | None, apply: bool
) -> None:
    """Change the root key, in two steps: first a new one opens the ring beside the old one, then it alone.

    In between set EZTONG_ROOT_KEY_PLACE, EZTONG_ROOT_KEY_FILE or EZTONG_TOKEN_* to the new root key and start again
    whatever runs. At every moment the settings that are in force open the ring, also if a step is cut off.
    """
    if [to_token, to_file is not None, finish].count(True) != 1:
        raise click.UsageError("Give one of --to-token, --to-file FILE and --finish.")
    with opened(settings_in(data_dir)) as built:
        settings = built.settings
        new = None if finish else _new_root(settings, to_file, apply=apply)
        # Tried before anybody is asked to stand for it.
        told = _step(settings, new, apply=False)
        if apply:
            agreed = standing.agree(built, "finish change-root" if finish else "change-root")
            told = _step(settings, new, apply=True)
            kind = ActKind.ROOT_KEY_CHANGED if finish else ActKind.ROOT_KEY_ADDED
            agreed.note(kind, roots=" ".join(f"{one.kind.value}:{one.name}" for one in told.roots))
    _say(told, finish=finish, apply=apply, place="" if new is None else new.place())


@click.command(epilog=epilog("eztong keys token", "eztong keys token --make", "eztong keys token --try-pin"))
@click.option(
    "--make", is_flag=True, help="Make the AES key EZTONG_TOKEN_ROOT_LABEL in the token, which never leaves it."
)
@click.option("--try-pin", is_flag=True, help="Try the PIN once although a wrong one was given: you know it is right.")
@data_dir_option
def token(*, make: bool, try_pin: bool, data_dir: Path | None) -> None:
    """Say whether the token that the settings name can be used: found, logged in to, and asked to wrap and open.

    The PIN comes from EZTONG_TOKEN_PIN_FILE or EZTONG_TOKEN_PIN, and is never an argument.
    """
    from eztong.adapters.keys.root_token import make_root  # noqa: PLC0415 - only who has a token waits for it

    settings = settings_in(data_dir)
    found = token_in(settings)
    say(f"The token is there: {found.describe()}.")
    if try_pin:
        found.check_pin()
        say("It takes the PIN.")
    if make:
        make_root(found, settings.token_root_label)
        say(f"Made the AES key {settings.token_root_label} in it.")
    root, secret = token_root(settings), SystemEntropy().token(_SECRET)
    if root.unwrap(root.wrap(secret, nonce=SystemEntropy().token(_NONCE))) != secret:
        raise click.ClickException("It does not open what it wrapped.")
    say(f"Its key {settings.token_root_label} wraps and opens.")


_SECRET, _NONCE = 16, 12


def _new_root(settings: Settings, to_file: Path | None, *, apply: bool) -> RootKey:
    if to_file is None:
        return token_root(settings)
    if not to_file.exists() and apply:
        make_private_folder(to_file.parent)
        with locked_folder(to_file.parent):
            create_root_key(to_file, entropy=SystemEntropy())
        say(f"Made {to_file}.")
    return FileRoot(to_file)


def _step(settings: Settings, new: RootKey | None, *, apply: bool) -> RootChange:
    if new is None:
        return keep_only(settings.keyring, settings.root, entropy=SystemEntropy(), apply=apply)
    return add_root(settings.keyring, settings.root, new, entropy=SystemEntropy(), apply=apply)


def _say(told: RootChange, *, finish: bool, apply: bool, place: str) -> None:
    opens = ", ".join(f"{one.kind.value} {one.name}" for one in told.roots)
    would = "" if apply else "would be "
    say(f"{told.keys} keys {would or 'are '}sealed so that these root keys open them: {opens}.")
    if not apply:
        say("Nothing was changed; add --apply to do it.")
    elif finish:
        say("The root keys of before open nothing any more but backups of before. Make a new backup now.")
    else:
        say(
            f"Now let the settings name the new one ({place}), start again whatever runs, and then: "
            "eztong keys change-root --finish --apply."
        )
