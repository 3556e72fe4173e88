"""Try a use case out: it is done in a unit of work that is never kept, so that what is foretold is what it decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec

from eztong.domain.errors import EztongError
from eztong.ports.act import Act, Acting
from eztong.ports.services import Services

P = ParamSpec("P")


class _OnlyTried(Exception):
    """It would be done; raised so that nothing of it is kept."""


def try_out(
    by: Acting,
    use_case: Callable[Concatenate[Act, P], object],
    services: Services,
    /,
    *args: P.args,
    **more: P.kwargs,
) -> EztongError | None:
    """Return why the use case would refuse now, or None if it would do it. Nothing of it is kept, its audit neither."""

    def tried(act: Act) -> None:
        use_case(act, *args, **more)
        raise _OnlyTried

    try:
        services.perform(by, tried)
    except _OnlyTried:
        return None
    except EztongError as error:
        return error
    return None
