"""Logs: one JSON line for each event, with the id of its request and without any person in it.

The rule is not to log personal data in the first place. This is the net below it: :func:`redact` drops every field
whose name speaks of a person or a secret, and masks whatever looks like one in every other value, in exception texts
and in what libraries log. It hides too much rather than too little.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import is_dataclass
from functools import lru_cache
from typing import Any, Final, Protocol, TextIO, cast

import msgspec
import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor, WrappedLogger
from typing_extensions import override

from eztong.domain.errors import InputInvalid

HIDDEN: Final = "[hidden]"
LEVELS: Final = ("debug", "info", "warning", "error", "critical")
_SERVER_ERROR: Final = 500
_DEEPEST: Final = 6
_PAIR: Final = 2
_SHORTEST_MATCH: Final = 7
_BIG: Final = 10**10

# fmt: off
_DENIED_WORDS: Final = frozenset(
    {
        "name", "names", "surname", "realname", "fullname", "nickname", "username", "number", "numbers", "phone",
        "phones", "mobile", "msisdn", "otp", "code", "codes", "digits", "qr", "authorization", "cookie", "cookies",
        "token", "tokens", "secret", "secrets", "password", "passwd", "passphrase", "credential", "credentials",
        "pin", "address", "birth", "birthday", "birthdate", "email", "idcard", "citizen", "person", "plaintext",
    }
)
# fmt: on
_DENIED_KEYS: Final = frozenset(
    {"api_key", "data_key", "private_key", "root_key", "headers", "body", "query", "params"}
)
_PLAIN_KEYS: Final = frozenset({"status_code", "error_code", "exit_code", "detail_code"})
_WORDS: Final = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")

# Up to three blanks or dashes may stand between two digits, also as Python or a URL spells them. \d and \s know the
# full-width ones too. Digits that belong to such a spelling do not make a phone longer.
_GAP: Final = r"(?:[\s\-+\u200b-\u200d\ufeff]|\\u(?:200[bcd]|feff|3000)|\\xa0|\\[nrt]|%20){0,3}"
_FROM_HERE: Final = r"(?:(?<!\d)|(?<=\\x..)|(?<=\\u....)|(?<=\\U........)|(?<=%..))"
_LOOKS_PERSONAL: Final = re.compile(
    # citizen numbers of 15 digits, of 17 and a digit or X, codes of 18 and of 75: any run so long
    rf"\d(?:{_GAP}\d){{14,}}(?:{_GAP}[XxＸｘ])?"
    # mobile numbers, with or without the country's prefix
    rf"|{_FROM_HERE}(?:(?:\+|00)?86{_GAP})?[1１]{_GAP}[3-9３-９](?:{_GAP}\d){{9}}(?!\d)"
    r"|ezt_sk_[A-Za-z0-9_-]*"
    r"|[Bb][Ee][Aa][Rr][Ee][Rr][\s:=]+[^\s\"',;]+"
)
_MAY_LOOK_PERSONAL: Final = re.compile(rf"\d(?:{_GAP}\d){{10}}|ezt_sk_|[Bb][Ee][Aa][Rr][Ee][Rr]")
_OWN_REQUEST_ID: Final = re.compile(r"(?=[0-9]*[a-f])[0-9a-f]{24}")


class LogStream(Protocol):
    """What lines are written to."""

    def write(self, text: str, /) -> int:
        """Take whole lines."""
        ...

    def flush(self) -> None:
        """Let nothing wait that can be written."""
        ...

    def isatty(self) -> bool:
        """Say whether a person reads it."""
        ...


_DirectLines = Callable[[Sequence["RequestLine"]], None]

_log: FilteringBoundLogger = structlog.get_logger()
_direct: _DirectLines | None = None


def configure_logs(level: str, *, stream: LogStream) -> None:
    """Send our lines and those of libraries to ``stream``: JSON, or for people if it is a terminal.

    On an event loop give it a stream that never waits.

    Give uvicorn ``log_config=None``, or it sets up loggers of its own again.

    Raises:
        InputInvalid: no such level.
    """
    if level.lower() not in LEVELS:
        raise InputInvalid(f"Log levels are: {', '.join(LEVELS)}.")
    number = logging.getLevelNamesMapping()[level.upper()]
    steady = cast("TextIO", _Steady(stream))
    render = _finish(_renderer(steady))
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, structlog.processors.add_log_level, *render],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=steady),
        cache_logger_on_first_use=False,
    )
    _route_libraries(number, steady, render)
    global _direct  # noqa: PLW0603 - logging is configured once for the whole process
    _direct = _direct_lines(steady) if number <= logging.INFO and not steady.isatty() else None


def bind_request_id(identifier: str) -> AbstractContextManager[None]:
    """Show ``identifier`` in every line that is logged inside; for work that no request carries."""
    return structlog.contextvars.bound_contextvars(request_id=identifier)


def redact(_logger: WrappedLogger, _method: str, event_dict: EventDict) -> EventDict:
    """Drop fields that speak of persons or secrets, mask what looks like one in all others; a structlog processor."""
    return _redacted_fields(event_dict, 0)


def mask_text(text: str) -> str:
    """Return ``text`` with everything hidden that looks personal or secret."""
    if len(text) < _SHORTEST_MATCH or _MAY_LOOK_PERSONAL.search(text) is None:
        return text
    return _LOOKS_PERSONAL.sub(HIDDEN, text)


@lru_cache(maxsize=1024)
def is_denied(key: str) -> bool:
    """Say whether a field of this name is dropped: ``real_name``, ``otpDigits``, ``Set-Cookie``."""
    words = [word.lower() for word in _WORDS.findall(key)]
    plain = "_".join(words)
    if plain in _PLAIN_KEYS:
        return False
    return plain in _DENIED_KEYS or not _DENIED_WORDS.isdisjoint(words)


class RequestLine(msgspec.Struct, frozen=True):
    """An answered request. ``route`` is a template; only the id may be the client's own words."""

    method: str
    route: str
    status: int
    seconds: float
    identifier: str


class _Written(msgspec.Struct):
    """A request's line as it stands in the log, member by member."""

    event: str
    method: str
    route: str
    status: int
    ms: float
    request_id: str
    level: str
    timestamp: str


def log_requests(answered: Iterable[RequestLine]) -> None:
    """Write one line for each answered request, with one write for those that need no redaction."""
    plain: list[RequestLine] = []
    for one in answered:
        if one.status < _SERVER_ERROR and _direct is not None:
            plain.append(one)
        else:
            level = logging.ERROR if one.status >= _SERVER_ERROR else logging.INFO
            line = {"method": one.method, "route": one.route, "status": one.status, "ms": _milliseconds(one)}
            _log.log(level, "request", **line, request_id=one.identifier)
    if plain and _direct is not None:
        _direct(plain)


def _milliseconds(one: RequestLine) -> float:
    return round(one.seconds * 1000, 1)


def _direct_lines(stream: TextIO) -> _DirectLines:
    """Return a writer of request lines that skips the redaction, which has nothing to find in them."""
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    encode_lines = msgspec.json.Encoder().encode_lines

    def write(answered: Sequence[RequestLine]) -> None:
        now = str(stamp(None, "", {})["timestamp"])
        lines = [
            _Written(
                "request",
                one.method,
                one.route,
                one.status,
                _milliseconds(one),
                _shown_request_id(one.identifier),
                "info",
                now,
            )
            for one in answered
        ]
        stream.write(encode_lines(lines).decode())

    return write


def _shown_request_id(identifier: str) -> str:
    """Return the id; one that a client chose may be anyone's number."""
    return identifier if _OWN_REQUEST_ID.fullmatch(identifier) else mask_text(identifier)


class _Steady:
    """A stream that loses lines where it cannot be written (full disk, reader gone), and never what logs them."""

    def __init__(self, stream: LogStream) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write, if that is possible, and let nothing wait in memory."""
        with suppress(OSError, ValueError):
            self._stream.write(text)
            self._stream.flush()
        return len(text)

    def flush(self) -> None:
        """Flush, if that is possible."""
        with suppress(OSError, ValueError):
            self._stream.flush()

    def isatty(self) -> bool:
        """Say whether a person reads it."""
        return self._stream.isatty()


class _Handler(logging.StreamHandler[TextIO]):
    """A handler that does not print the raw arguments of a line that cannot be formatted."""

    @override
    def handleError(self, record: logging.LogRecord) -> None:
        with suppress(OSError, ValueError):
            _log.error("log_line_failed", logger=record.name)


def _route_libraries(level: int, stream: TextIO, render: list[Processor]) -> None:
    handler = _Handler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
            ],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *render],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        library = logging.getLogger(name)
        library.handlers = []
        library.propagate = True
        library.setLevel(logging.NOTSET)
    # Their lines hold whole addresses. AccessLogMiddleware writes ours; what we ask of others is theirs to log.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # A line for each migration of a new database would hide where the service is; debug shows them.
    logging.getLogger("alembic").setLevel(logging.WARNING if level > logging.DEBUG else logging.NOTSET)
    access = logging.getLogger("uvicorn.access")
    access.propagate = False
    access.disabled = True


def _renderer(stream: TextIO) -> Processor:
    if stream.isatty():
        return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    return structlog.processors.JSONRenderer()


def _finish(renderer: Processor) -> list[Processor]:
    return [
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        redact,
        # After redaction: our own time is nobody's number.
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        renderer,
    ]


def _redacted_fields(fields: Mapping[Any, object], depth: int) -> dict[str, object]:
    kept: dict[str, object] = {}
    for key, value in fields.items():
        name = key if type(key) is str else _text_of(key)
        if is_denied(name):
            continue
        if name == "request_id" and type(value) is str:
            kept[name] = _shown_request_id(value)
        else:
            kept[mask_text(name)] = _redacted(value, depth)
    return kept


def _redacted(value: object, depth: int) -> object:
    if type(value) is str:
        return mask_text(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        # Only a number of eleven digits or more can be anyone's.
        return value if abs(value) < _BIG or mask_text(repr(value)) == repr(value) else HIDDEN
    if isinstance(value, Mapping):
        return _redacted_fields(value, depth + 1) if depth < _DEEPEST else HIDDEN
    if isinstance(value, list | tuple | set | frozenset):
        return _redacted_items(list(value), depth + 1) if depth < _DEEPEST else HIDDEN
    return mask_text(_text_of(value))


def _redacted_items(items: list[object], depth: int) -> list[object]:
    # A header is often a pair of name and value.
    if len(items) == _PAIR and isinstance(items[0], str | bytes) and is_denied(_text_of(items[0])):
        return [mask_text(_text_of(items[0])), HIDDEN]
    return [_redacted(item, depth) for item in items]


def _text_of(value: object) -> str:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bytes | bytearray):
        return value.decode(errors="replace")
    if is_dataclass(value) or isinstance(value, msgspec.Struct):
        return f"<{type(value).__name__}>"
    try:
        return repr(value)
    except Exception:  # noqa: BLE001 - whatever it is, a log line must not fail on it
        return HIDDEN
