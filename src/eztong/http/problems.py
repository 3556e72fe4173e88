"""The one translation from domain errors to RFC 9457 problems. Nobody else knows status codes.

``code`` is stable; ``detail`` says what to do and holds no personal data. What is not an expected error becomes an
opaque 500: its text may hold anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from pydantic import ValidationError

from eztong.domain import errors
from eztong.domain.deregistration.partner_event import CursorGone
from eztong.domain.desks.staff import SignInWrong
from eztong.domain.errors import EztongError
from eztong.domain.requests.request import RequestExpired

PROBLEM_MEDIA_TYPE = "application/problem+json"
# The most precise class that fits wins; subclasses that are not named share their base's status.
_STATUS: Mapping[type[EztongError], int] = {
    EztongError: 500,
    errors.InputInvalid: 422,
    errors.NotPermitted: 403,
    errors.NotFound: 404,
    errors.HostUnknown: 421,
    errors.StateConflict: 409,
    errors.TooMany: 429,
    errors.Unavailable: 503,
    errors.KeyMissing: 401,
    errors.KeyUnknown: 401,
    errors.KeyRevoked: 401,
    errors.SessionMissing: 401,
    SignInWrong: 401,
    errors.Locked: 401,
    errors.CodeExpired: 410,
    RequestExpired: 410,
    CursorGone: 410,
    errors.AgreementNotAccepted: 403,
    errors.ProofInvalid: 500,
    errors.BodyTooLarge: 413,
    errors.MethodNotAllowed: 405,
}
_COME_BACK: Mapping[type[EztongError], int] = {errors.Unavailable: 5, errors.TooMany: 60}
"""Seconds after which to come back where the error itself names none."""
_TITLES = {
    401: "Who are you?",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Not possible now",
    410: "Expired",
    413: "Too large",
    421: "Not here",
    422: "Cannot be understood",
    429: "Too many",
    500: "Internal error",
    503: "Unavailable",
}


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One field of a body that cannot be understood: a JSON pointer and what it must be. Never the value."""

    field: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A problem as it goes over the wire."""

    status: int
    code: str
    detail: str
    retry_after: int | None = None
    faults: Sequence[FieldFault] = ()

    @property
    def is_internal(self) -> bool:
        """Say whether it tells of a failure that nobody expected."""
        return self.code == EztongError.code

    def headers(self) -> dict[str, str]:
        """Return the headers that belong to it."""
        headers = {"content-type": PROBLEM_MEDIA_TYPE, "cache-control": "no-store"}
        if self.retry_after is not None:
            headers["retry-after"] = str(self.retry_after)
        if self.status == 401:  # noqa: PLR2004 - RFC 9110 section 15.5.2
            headers["www-authenticate"] = 'Bearer realm="eztong"'
        if self.status == 413:  # noqa: PLR2004 - what is left of the body must not be read as another request
            headers["connection"] = "close"
        return headers

    def body(self, *, request_id: str) -> bytes:
        """Return the JSON."""
        document: dict[str, Any] = {
            "type": f"urn:eztong:problem:{self.code}",
            "title": _TITLES[self.status],
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            "request_id": request_id,
        }
        if self.faults:
            document["errors"] = [{"field": f.field, "message": f.message} for f in self.faults]
        return msgspec.json.encode(document)


def problem_of(error: BaseException) -> Problem:
    """Translate any exception."""
    if isinstance(error, EztongError):
        return Problem(
            status=status_of(type(error)), code=error.code, detail=error.detail, retry_after=_retry_after(error)
        )
    if isinstance(error, ValidationError):
        return invalid_body(faults_of(error.errors(include_url=False, include_input=False, include_context=False)))
    return Problem(status=500, code=EztongError.code, detail=EztongError.advice)


def invalid_body(faults: Sequence[FieldFault]) -> Problem:
    """Return the problem of a body that cannot be understood."""
    return Problem(status=422, code=errors.InputInvalid.code, detail=errors.InputInvalid.advice, faults=faults)


def status_and_headers(error: EztongError) -> tuple[int, dict[str, str]]:
    """Return what an error says before any body: its status, and when to come back where it says so.

    Both come together, so that no door answers 429 or 503 without ``Retry-After``.
    """
    seconds = _retry_after(error)
    return status_of(type(error)), {} if seconds is None else {"Retry-After": str(seconds)}


def status_of(kind: type[EztongError]) -> int:
    """Return the status of an error class, for what is no answer; answers take :func:`status_and_headers`."""
    return next(_STATUS[base] for base in kind.__mro__ if base in _STATUS)


def faults_of(found: Sequence[Any]) -> list[FieldFault]:
    """Return field faults of a framework's validation errors (``loc`` and ``msg`` of each), without the values."""
    return [FieldFault("/" + "/".join(str(part) for part in fault["loc"]), str(fault["msg"])) for fault in found]


def _retry_after(error: EztongError) -> int | None:
    if error.retry_after is not None:
        return error.retry_after
    return next((seconds for kind, seconds in _COME_BACK.items() if isinstance(error, kind)), None)
