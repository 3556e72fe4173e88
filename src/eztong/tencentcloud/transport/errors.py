"""Errors of the contract: a code that clients know, a message in two languages. HTTP status is always 200.

Domain errors are translated here and nowhere else; what is not expected becomes an opaque ``InternalError``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from eztong.domain import errors
from eztong.domain.eid.eid_flow import EidTokenExpired, EidTokenUnknown

Language = Literal["zh-CN", "en-US"]


class TencentError(Exception):
    """A refusal in the contract's words. Messages hold no personal data and no secret."""

    def __init__(self, code: str, message_zh: str, message_en: str) -> None:
        """Keep the code and both messages."""
        self.code = code
        self.message_zh = message_zh
        self.message_en = message_en
        super().__init__(code)

    def message(self, language: Language) -> str:
        """Return the message in a language."""
        return self.message_zh if language == "zh-CN" else self.message_en


_INTERNAL: Final = (
    "InternalError",
    "内部错误，请稍后重试。",
    "An internal error has occurred. Try again later.",
)
_TRANSLATED: Final[Mapping[type[errors.EztongError], tuple[str, str, str]]] = {
    errors.EztongError: _INTERNAL,
    errors.InputInvalid: ("InvalidParameterValue", "参数取值错误。", "A parameter has a wrong value."),
    errors.NotFound: ("ResourceNotFound", "资源不存在。", "The resource does not exist."),
    errors.NotPermitted: ("UnauthorizedOperation.NonAuthorize", "未授权的操作。", "The operation is not authorised."),
    errors.PartnerSuspended: (
        "UnauthorizedOperation.Nonactivated",
        "未开通服务，或服务已暂停。",
        "The service is not activated, or it is suspended.",
    ),
    errors.StateConflict: ("FailedOperation", "操作失败。", "The operation failed."),
    errors.TooMany: (
        "RequestLimitExceeded",
        "请求的次数超过了频率限制。",
        "Too many requests: the limit is exceeded.",
    ),
    errors.Unavailable: (
        "FailedOperation.UnKnown",
        "服务暂时不可用，请稍后重试。",
        "Unavailable for now. Try again later.",
    ),
    EidTokenUnknown: ("InvalidParameterValue.BizTokenIllegal", "BizToken不合法。", "The BizToken is invalid."),
    EidTokenExpired: ("InvalidParameterValue.BizTokenExpired", "BizToken过期。", "The BizToken has expired."),
}


def translated(error: BaseException) -> TencentError:
    """Return the contract's error for whatever was raised; the most precise class that is named wins."""
    if isinstance(error, TencentError):
        return error
    if not isinstance(error, errors.EztongError):
        return TencentError(*_INTERNAL)
    return TencentError(*next(_TRANSLATED[base] for base in type(error).__mro__ if base in _TRANSLATED))
