"""Who stands for a ceremony at the command line: two operators with a reason, or nobody in a sandbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from eztong.cli.operators.acting import Named
from eztong.domain.evidence.attested_act import ActKind
from eztong.ports.act import OPERATOR, Acting
from eztong.usecases.keys.ceremony import AgreeCeremony, Ceremony, agree_ceremony, go_without, note_ceremony

if TYPE_CHECKING:
    from eztong.wiring.build import Built

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoOperators:
    """The two operators who are named, and their reason."""

    first: Named
    second: Named
    reason: str

    def agree(self, built: Built, what: str) -> Agreed:
        """Let both stand for ``what``, or find that nobody has to.

        Raises:
            OperatorNeeded: nobody is named, and this is a live service that has operators.
            SecretMissing, OperatorRefused, OperatorLocked, RoleMissing, SameOperator, ReasonInvalid: as they say.
        """
        if self.first.name is None and self.second.name is None:
            is_sandbox = built.services.deployment.is_sandbox
            return Agreed(built, OPERATOR, built.services.perform(OPERATOR, go_without, is_sandbox=is_sandbox))
        if self.first.name is None or self.second.name is None:
            raise click.UsageError("Give both: --operator and --second.")
        acting, other = self.first.proven(built), self.second.proven(built, own_setting=False)
        command = AgreeCeremony(what=what, second=other.name, reason=self.reason)
        return Agreed(built, acting, built.services.perform(acting, agree_ceremony, command))


@dataclass(frozen=True, slots=True)
class Agreed:
    """Who acts, and what they agreed on."""

    built: Built
    by: Acting
    ceremony: Ceremony

    def note(self, kind: ActKind, **facts: str) -> None:
        """Attest that it was done."""
        told: Mapping[str, str] = facts
        self.built.services.perform(self.by, note_ceremony, self.ceremony, kind, facts=told)


def by_two(command: Callable[..., T]) -> Callable[..., T]:
    """Give a command the options that name who stands for it, as one argument ``standing``."""

    @click.option("--operator", help="Your name as operator, of role security or system; it stands in the records.")
    @click.option(
        "--operator-secret-file",
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        help="File with your secret; instead of EZTONG_OPERATOR_SECRET or the prompt.",
    )
    @click.option("--second", help="Name of the other operator who stands for it.")
    @click.option(
        "--second-secret-file",
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        help="File with their secret; without it they are asked for it here.",
    )
    @click.option("--reason", default="", help="Why; it goes on record.")
    @wraps(command)
    def standing(
        *,
        operator: str | None,
        operator_secret_file: Path | None,
        second: str | None,
        second_secret_file: Path | None,
        reason: str,
        **more: Any,  # noqa: ANN401 - the command's own
    ) -> T:
        stands = TwoOperators(
            first=Named(operator, operator_secret_file), second=Named(second, second_secret_file), reason=reason
        )
        return command(standing=stands, **more)

    return standing
