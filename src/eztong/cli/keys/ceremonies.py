"""``eztong keys rotate``, ``reseal`` and ``retire``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring_file import read_ring
from eztong.adapters.keys.rotation import EFFECTS, PURPOSES, retired, rotated
from eztong.cli.console import apply_option, json_option, print_json, progress, say
from eztong.cli.exits import epilog
from eztong.cli.keys.shown import reseal_words, shown_reseal
from eztong.cli.keys.two_operators import TwoOperators, by_two
from eztong.cli.options import data_dir_option, settings_in
from eztong.cli.service import opened
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.keys.rotation import KeyChange
from eztong.ports.act import SYSTEM
from eztong.usecases.keys.reseal import begin_reseal, check_unused, find_reseal, measure_reseal, old_values, reseal_step

if TYPE_CHECKING:
    from eztong.wiring.build import Built

_AFTER_ROTATION: Final = (
    "A running server takes the new ring over within a second. Make a new backup now: older ones lack the new key."
)
_TWO: Final = "--operator li.na --second wang.wu --reason 'yearly'"


@click.command(epilog=epilog("eztong keys rotate results", f"eztong keys rotate results --apply {_TWO}"))
@click.argument("purpose", type=click.Choice(PURPOSES))
@click.option("--in-token", help="Label of an SM2 key in the token that signs from now on; for purposes that sign.")
@by_two
@data_dir_option
@apply_option
def rotate(purpose: str, *, in_token: str | None, standing: TwoOperators, data_dir: Path | None, apply: bool) -> None:
    """Make a new active key for PURPOSE; the old one retires step by step.

    Blind indexes and partner codes cannot change their key: everybody's look-ups and pseudonyms would change.
    A live service that has operators asks for two of them and a reason.
    """
    with opened(settings_in(data_dir)) as built:
        now = built.services.clock.now()
        secret = None if in_token is None else built.keyring.signer_in_token(in_token, purpose=purpose)
        # The same rules over the same ring, thrown away: a dry run meets whatever the real one would.
        ring = read_ring(built.settings.keyring, built.settings.root)
        new = rotated(ring, purpose, entropy=SystemEntropy(), now=now, secret=secret)[-1].key_id
        if apply:
            agreed = standing.agree(built, KeyChange(key_id=new).words)
            new = built.keyring.rotate(purpose, entropy=SystemEntropy(), now=now, secret=secret).key_id
            agreed.note(ActKind.KEY_ROTATED, key=new)
    effect = EFFECTS.get(purpose, "")
    if apply:
        say(f"{new} is active. {effect} {_AFTER_ROTATION}")
    else:
        say(f"{new} would become the active key of {purpose}. {effect} Nothing was changed; add --apply to do it.")


@click.command(epilog=epilog("eztong keys reseal", f"eztong keys reseal --apply {_TWO}", "eztong keys reseal --here"))
@click.option("--here", is_flag=True, help="Go on with it here until it is done; else a running server does.")
@by_two
@data_dir_option
@apply_option
@json_option
def reseal(*, here: bool, standing: TwoOperators, data_dir: Path | None, apply: bool, as_json: bool) -> None:
    """Seal again, under the newest keys, whatever a key of before sealed. Without --apply: say how much that is.

    It goes on beside the running service, a few values at a time, and after a crash where it stood. Data keys of
    accounts and tickets are wrapped anew, so that what they seal need not be touched; values of the service's own are
    sealed anew. Look-up indexes, partner codes and tags of rows hang on keys that never change.
    """
    with opened(settings_in(data_dir)) as built:
        with built.store.read() as stored:
            stands, counts = find_reseal(stored=stored), stored.sealed_values.count_by_key()
        old = old_values(counts, keys=built.services.keys)
        if apply and (stands is None or stands.is_done):
            agreed = standing.agree(built, KeyChange().words)
            stands = built.services.perform(agreed.by, begin_reseal, agreed.ceremony)
        if here and stands is not None and not stands.is_done:
            _finish(built)
        with built.store.read() as stored:
            stands, counts = find_reseal(stored=stored), stored.sealed_values.count_by_key()
    if as_json:
        print_json({"reseal": shown_reseal(stands), "values": dict(sorted(counts.items()))})
        return
    if apply or here:
        say(reseal_words(stands))
        return
    told = ", ".join(f"{count} under {key}" for key, count in old.items()) or "none"
    say(f"Values under keys of before: {told}. {reseal_words(stands)} Nothing was changed; add --apply to begin.")


@click.command(epilog=epilog("eztong keys retire kek-1", f"eztong keys retire kek-1 --apply {_TWO}"))
@click.argument("key")
@by_two
@data_dir_option
@apply_option
def retire(key: str, *, standing: TwoOperators, data_dir: Path | None, apply: bool) -> None:
    """Destroy KEY, which sealed and under which nothing is sealed any more. Backups of before keep their own copy."""
    with opened(settings_in(data_dir)) as built:
        now = built.services.clock.now()
        retired(read_ring(built.settings.keyring, built.settings.root), key, now=now)
        with built.store.read() as stored:
            check_unused(key, stored=stored)
        if apply:
            agreed = standing.agree(built, f"retire {key}")
            built.keyring.retire(key, entropy=SystemEntropy(), now=now)
            agreed.note(ActKind.KEY_RETIRED, key=key)
    said = f"{key} is retired and destroyed." if apply else f"Nothing is sealed under {key}: it would be destroyed."
    say(said if apply else f"{said} Nothing was changed; add --apply to do it.")


def _finish(built: Built) -> None:
    measure_reseal(built.services)
    with progress() as bar:
        task = bar.add_task("values", total=100)
        while True:
            stands = built.services.perform(SYSTEM, reseal_step)
            if stands is None or stands.is_done:
                return
            bar.update(task, completed=stands.percent)
