"""What the door itself refuses: every code is one of the contract's common codes, with a message in two languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from eztong.tencentcloud.transport.errors import TencentError

_MESSAGES: Final[Mapping[str, tuple[str, str]]] = {
    "UnsupportedProtocol": (
        "HTTP(S)请求协议错误，只支持 GET 和 POST 请求。",
        "The protocol of the request is wrong: only GET and POST are supported.",
    ),
    "RequestSizeLimitExceeded": ("请求大小超过限制。", "The request is larger than allowed."),
    "AuthFailure.InvalidAuthorization": (
        "请求头部的 Authorization 不符合腾讯云标准。",
        "The Authorization header does not have the form of API 3.0.",
    ),
    "AuthFailure.SecretIdNotFound": (
        "SecretId不存在，请输入正确的密钥。",
        "The SecretId is not found. Please check that your SecretId is correct.",
    ),
    "AuthFailure.SignatureExpire": (
        "签名过期。请求时间戳与服务器时间相差不得超过五分钟，请检查您的系统时间。",
        "The signature has expired: the timestamp may differ from the server's time by five minutes at most.",
    ),
    "AuthFailure.SignatureFailure": (
        "请求签名验证失败，请检查您的签名计算是否正确。",
        "The provided credentials could not be validated. Please check your signature is correct.",
    ),
    "AuthFailure.TokenFailure": (
        "临时密钥 Token 无效或已过期。",
        "The token is wrong, or the temporary key has expired.",
    ),
    "MissingParameter": ("缺少参数 `{name}`。", "The request is missing a required parameter `{name}`."),
    "UnknownParameter": ("未定义的参数 `{name}`。", "The parameter `{name}` is not recognized."),
    "InvalidParameter": ("参数 `{name}` 的类型错误。", "The value type of parameter `{name}` is not valid."),
    "InvalidParameterValue": ("参数 `{name}` 的取值错误。", "The value of parameter `{name}` is not valid."),
    "NoSuchVersion": ("接口版本不存在。", "The version of the API does not exist."),
    "InvalidAction": ("接口不存在。", "The action does not exist."),
    "UnsupportedOperation": ("本服务不支持该接口。", "This service does not support the action."),
    "RequestLimitExceeded": (
        "请求的次数超过了频率限制。",
        "The number of requests exceeds the frequency limit.",
    ),
}
_V1_TOO_LARGE: Final = (
    "请求签名验证失败：请求大小超过限制，请使用签名方法 `TC3-HMAC-SHA256`。",
    (
        "The provided credentials could not be validated because of exceeding request size limit, "
        "please use new signature method `TC3-HMAC-SHA256`."
    ),
)
_UNREADABLE_BODY: Final = (
    "请求体无法解析，请使用 UTF-8 编码的 JSON 或表单。",
    "The body of the request cannot be parsed: send JSON or a form in UTF-8.",
)


def refusal(code: str, *, name: str = "") -> TencentError:
    """Return the error; ``name`` is a parameter's, never its value."""
    chinese, english = _MESSAGES[code]
    return TencentError(code, chinese.replace("{name}", name), english.replace("{name}", name))


def too_large_for_v1() -> TencentError:
    """Return the error of a version 1 signature over too large a request."""
    return TencentError("AuthFailure.SignatureFailure", *_V1_TOO_LARGE)


def unreadable_body() -> TencentError:
    """Return the error of a body that is neither JSON nor a form."""
    return TencentError("InvalidParameter", *_UNREADABLE_BODY)
