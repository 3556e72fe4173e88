"""One call of an action: who asks, what, in which language, when."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from eztong.domain.merchants.merchant import AccountKey
from eztong.domain.partners.partner import Partner
from eztong.ports.services import Services
from eztong.tencentcloud.transport.errors import Language

Params: TypeAlias = Mapping[str, Any]
Answer: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who signed: the partner and the key of it that did."""

    partner: Partner
    key: AccountKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A signed call whose parameters have the types and limits of its action's schema (GET and v1 forms too)."""

    action: str
    params: Params = field(repr=False)
    account: Account
    language: Language
    request_id: str
    now: datetime
    services: Services = field(repr=False)


# A handler runs on the event loop: reads by key are fine there, anything slower is awaited. It returns the fields of
# ``Response`` without ``RequestId``, or raises TencentError or an EztongError.
ActionHandler: TypeAlias = Callable[[Call], Answer | Awaitable[Answer]]
