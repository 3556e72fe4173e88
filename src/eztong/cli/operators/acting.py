"""How a command knows which operator gives it: a name, and a secret that is never an argument."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import click

from eztong.cli.options import settings_in
from eztong.cli.service import opened
from eztong.domain.errors import InputInvalid
from eztong.domain.identifiers import make_id
from eztong.domain.operators.audit import AuditDoor
from eztong.ports.act import OPERATOR, Act, Acting
from eztong.usecases.operators.note_audit import note_intent
from eztong.usecases.operators.prove_operator import ProveOperator, prove_operator

if TYPE_CHECKING:
    from eztong.wiring.build import Built

P = ParamSpec("P")
T = TypeVar("T")


class SecretMissing(InputInvalid):
    """An operator was named without a secret, and nobody can be asked."""

    code = "operator_secret_missing"
    advice = "Give the secret in EZTONG_OPERATOR_SECRET or with --operator-secret-file; never as an argument."


@dataclass(frozen=True, slots=True)
class Named:
    """Who is said to give the command, and the file with the secret, if there is one."""

    name: str | None
    secret_file: Path | None

    def proven(self, built: Built, *, own_setting: bool = True) -> Acting:
        """Return who acts; without a name it is nobody in particular.

        ``own_setting`` says whether EZTONG_OPERATOR_SECRET is theirs; of two operators it is the first one's.

        Raises:
            SecretMissing: a name, and no secret.
            OperatorRefused, OperatorLocked: name and secret do not belong together.
        """
        if self.name is None:
            return OPERATOR
        command = ProveOperator(name=self.name, secret=self._secret(built, own_setting=own_setting))
        services = built.services
        correlation = make_id("cmd", now=services.clock.now(), random=services.entropy.id_bytes())
        by = replace(OPERATOR, door=AuditDoor.COMMAND, correlation=correlation)
        acting = prove_operator(command, services=services, by=by)
        services.perform(acting, note_intent, click.get_current_context().command_path)
        return acting

    def _secret(self, built: Built, *, own_setting: bool) -> str:
        if self.secret_file is not None:
            return self.secret_file.read_text(encoding="utf-8").strip()
        kept = built.settings.operator_secret
        if kept is not None and own_setting:
            return kept.get_secret_value()
        if not sys.stdin.isatty():
            raise SecretMissing
        asked: str = click.prompt(f"Secret of {self.name}", hide_input=True, err=True)
        return asked


def by_operator(*, required: bool = True) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """Return a decorator that gives a command the options that name its operator, as one argument ``operator``."""

    def decorate(command: Callable[..., T]) -> Callable[..., T]:
        @click.option("--operator", required=required, help="Your name as operator; it stands in the records.")
        @click.option(
            "--operator-secret-file",
            type=click.Path(path_type=Path, exists=True, dir_okay=False),
            help="File with your secret; instead of EZTONG_OPERATOR_SECRET or the prompt.",
        )
        @wraps(command)
        def named(*, operator: str | None, operator_secret_file: Path | None, **more: Any) -> T:  # noqa: ANN401 - the command's own
            return command(operator=Named(operator, operator_secret_file), **more)

        return named

    return decorate


def perform_as(
    operator: Named,
    data_dir: Path | None,
    use_case: Callable[Concatenate[Act, P], T],
    /,
    *args: P.args,
    **more: P.kwargs,
) -> T:
    """Open the service in the folder, prove the operator, run the use case as them, and close it again.

    Raises:
        Exception: what building the service, the proof and the use case raise; nothing but the try was kept then.
    """
    with opened(settings_in(data_dir)) as built:
        return built.services.perform(operator.proven(built), use_case, *args, **more)
