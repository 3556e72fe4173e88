"""The table of actions: what each takes, who answers it, how often it may be called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eztong.tencentcloud.transport.call import ActionHandler
from eztong.tencentcloud.transport.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One action. ``per_second`` is the documented frequency limit of an account."""

    handler: ActionHandler
    schema: Schema
    per_second: int = 100


Actions = Mapping[str, Action]
