"""The authority over HTTP: signed questions, a time budget, retries and a circuit breaker (clause 4.1).

One question to the port runs like this (:meth:`HttpAuthority.match`):

1. A bounded gate lets it pass, then the circuit; or it fails at once. Questions come from worker threads that all
   pages share: an authority that is slow may hold only a few of them.
2. Up to ``max_attempts`` messages are sent within ``total_budget``, with back-off and full jitter between them. Only
   silence is retried (no connection, time-outs, 408, 429, 5xx). ``PENDING`` is an answer; so is being rejected, and an
   answer that does not verify is never asked for again in the same breath.
3. The circuit learns of success or failure. A message that the authority rejects (another 4xx) is no failure of the
   authority, but nothing was decided either.

Moments come from the clock port; the time budget alone is measured with the machine's monotonic clock, because a
sandbox's clock may stand still while a socket hangs.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

import httpx
import structlog
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, stop_before_delay
from typing_extensions import override

from eztong.adapters.authority.circuit import (
    Circuit,
    CircuitOpen,
    admit,
    after_failure,
    after_success,
    check_rested,
)
from eztong.adapters.authority.envelope import MAX_ENVELOPE_BYTES
from eztong.adapters.authority.health import ask_health
from eztong.adapters.authority.http_config import HttpAuthorityConfig, check_address, open_client, timeouts
from eztong.adapters.authority.protocol import Signer
from eztong.adapters.authority.registration_wire import (
    RegistrationAct,
    RegistrationQuestion,
    open_registration_answer,
    render_registration_question,
)
from eztong.adapters.authority.relation_wire import PATH as RELATION_PATH
from eztong.adapters.authority.relation_wire import RelationMessage, open_relation_answer, render_relation_question
from eztong.adapters.authority.wire import AuthorityQuestion, open_answer, render_question
from eztong.adapters.bounded_gate import BoundedGate
from eztong.domain.errors import AuthorityAnswerInvalid, AuthorityUnavailable, Busy
from eztong.domain.guardianship.relation import RelationAnswer, RelationQuestion
from eztong.domain.identity.authority_answer import AuthorityAnswer, RegistrationStatus
from eztong.domain.identity.citizen_number import CitizenNumber
from eztong.domain.identity.real_name import RealName
from eztong.ports.authority import Authority
from eztong.ports.clock import Clock
from eztong.ports.entropy import Entropy

MATCH_PATH: Final = "/v1/match"

_MESSAGE_ID_BYTES: Final = 16
_MILLISECONDS: Final = 1000
_WORTH_RETRYING: Final = frozenset({408, 429})
_HEADERS: Final = {"accept": "application/json", "accept-encoding": "identity", "content-type": "application/json"}
_QUIET: Final = timedelta(minutes=5)
"""How long no question has gone out before an open circuit is tried with a question about health."""
_log = structlog.get_logger(__name__)


class _Rejected(Exception):
    """The authority answered that it does not take the message; trying again cannot help."""


class _NotThere(_Rejected):
    """The authority has no such address."""


class HttpAuthority(Authority):
    """The authority port over HTTP. Safe to use from any thread; keeps connections open until :meth:`close`."""

    def __init__(self, config: HttpAuthorityConfig, *, sign: Signer, clock: Clock, entropy: Entropy) -> None:
        """Prepare the connections; nothing is sent yet.

        ``sign`` is the keys port's ``sign`` for ``SignPurpose.AUTHORITY_CLIENT``; the authority must know its key id.

        Raises:
            ValueError: the address is not https and not excused, or the file of issuers holds none.
        """
        check_address(config)
        self._config = config
        self._sign = sign
        self._clock = clock
        self._entropy = entropy
        self._circuit = Circuit()
        self._gate = BoundedGate(at_once=config.at_once, waiting=config.waiting, patience=config.connect_timeout)
        self._lock = threading.Lock()
        self._http = open_client(config)

    @property
    @override
    def adapter_id(self) -> str:
        """``http``."""
        return "http"

    @property
    def circuit(self) -> Circuit:
        """The circuit now: phase and failures in a row, for metrics and the health page."""
        return self._circuit

    def close(self) -> None:
        """Close the connections; the adapter cannot be used afterwards."""
        self._http.close()

    @override
    def match(self, *, name: RealName, number: CitizenNumber, reference: str) -> AuthorityAnswer:
        """Ask the authority; see the port for the contract and this module for the procedure.

        Raises:
            AuthorityUnavailable: too many questions are under way, the circuit is open, no attempt was answered in
                time, or the message was rejected.
            AuthorityAnswerInvalid: the answer does not verify.
        """
        with self._through_gate(), self._through_circuit():
            deadline = monotonic() + self._config.total_budget
            return self._retrying()(self._ask_once, name, number, reference=reference, deadline=deadline)

    @override
    def away_since(self) -> datetime | None:
        """Return since when the circuit is open.

        Real questions close it. Where none was asked for five minutes, one about health is: it may take seconds, so
        this is not for an event loop.
        """
        circuit = self._circuit
        if circuit.changed_at is not None and self._clock.now() - circuit.changed_at >= _QUIET:
            with suppress(AuthorityUnavailable, AuthorityAnswerInvalid), self._through_circuit():
                ask_health(self._http, pin=self._config.pin, live_only=self._config.live_only, entropy=self._entropy)
        return self._circuit.away_since

    @override
    def status(self, *, reference: str) -> RegistrationStatus:
        """Ask how a registration stands, as :meth:`match` asks.

        Raises:
            AuthorityUnavailable, AuthorityAnswerInvalid: as for :meth:`match`.
        """
        return self._about_registration(RegistrationAct.STATUS, reference)

    @override
    def revoke(self, *, reference: str) -> RegistrationStatus:
        """Tell that a registration has ended, as :meth:`match` asks.

        Raises:
            AuthorityUnavailable, AuthorityAnswerInvalid: as for :meth:`match`.
        """
        return self._about_registration(RegistrationAct.REVOKE, reference)

    @override
    def relation(self, question: RelationQuestion) -> RelationAnswer:
        """Ask about a relation, as :meth:`match` asks. An authority without that address answers ``UNKNOWN``.

        Raises:
            AuthorityUnavailable, AuthorityAnswerInvalid: as for :meth:`match`.
        """
        with self._through_gate(), self._through_circuit():
            deadline = monotonic() + self._config.total_budget
            return self._retrying()(self._relate_once, question, deadline)

    def _relate_once(self, asked: RelationQuestion, deadline: float) -> RelationAnswer:
        message_id = self._entropy.token(_MESSAGE_ID_BYTES).hex()
        message = RelationMessage(message_id=message_id, sent_at=self._clock.now(), asked=asked)
        sealed = render_relation_question(message, pin=self._config.pin, sign=self._sign)
        try:
            unverified_text = self._exchange(sealed, deadline, path=RELATION_PATH)
        except _NotThere:
            return RelationAnswer.UNKNOWN
        return open_relation_answer(
            unverified_text,
            pin=self._config.pin,
            message=message,
            live_only=self._config.live_only,
            now=self._clock.now(),
        )

    def _about_registration(self, act: RegistrationAct, reference: str) -> RegistrationStatus:
        with self._through_gate(), self._through_circuit():
            deadline = monotonic() + self._config.total_budget
            return self._retrying()(self._tell_once, act, reference, deadline)

    @override
    def check_health(self) -> None:
        """Return if the circuit is closed and the authority says, signed, that it works.

        Raises:
            AuthorityUnavailable: the circuit is open, or the authority is silent or not well.
            AuthorityAnswerInvalid: its word does not verify, or its environment is not taken here.
        """
        try:
            check_rested(self._circuit, self._config.circuit, now=self._clock.now())
            ask_health(self._http, pin=self._config.pin, live_only=self._config.live_only, entropy=self._entropy)
        except CircuitOpen as error:
            raise AuthorityUnavailable(retry_after=error.retry_after) from error
        except AuthorityUnavailable as error:
            raise AuthorityUnavailable(retry_after=self._rest_seconds()) from error

    @contextmanager
    def _through_gate(self) -> Iterator[None]:
        """Let one question in; a gate that is full says nothing about the authority, so the circuit does not learn."""
        with ExitStack() as inside:
            try:
                inside.enter_context(self._gate.enter())
            except Busy as error:
                raise AuthorityUnavailable(retry_after=error.retry_after) from error
            yield

    @contextmanager
    def _through_circuit(self) -> Iterator[None]:
        """Let one question through the circuit and tell it how the question ended."""
        try:
            with self._lock:
                self._circuit = admit(self._circuit, self._config.circuit, now=self._clock.now())
        except CircuitOpen as error:
            raise AuthorityUnavailable(retry_after=error.retry_after) from error
        try:
            yield
        except _Rejected as error:
            self._note_success()
            raise AuthorityUnavailable(str(error), retry_after=self._rest_seconds()) from error
        except BaseException as error:
            self._note_failure(error)
            raise
        self._note_success()

    def _note_success(self) -> None:
        with self._lock:
            before, self._circuit = self._circuit, after_success(self._circuit)
        self._log_change(before)

    def _note_failure(self, error: BaseException) -> None:
        _log.warning("authority_failed", error=type(error).__name__)
        with self._lock:
            now = self._clock.now()
            before, self._circuit = self._circuit, after_failure(self._circuit, self._config.circuit, now=now)
        self._log_change(before)

    def _log_change(self, before: Circuit) -> None:
        after = self._circuit
        if before.phase is not after.phase:
            _log.warning("authority_circuit", phase=after.phase.value, failures=after.failures)

    def _retrying(self) -> Retrying:
        config = self._config
        return Retrying(
            retry=retry_if_exception_type(AuthorityUnavailable),
            stop=stop_after_attempt(config.max_attempts) | stop_before_delay(config.total_budget),
            wait=self._full_jitter,
            reraise=True,
        )

    def _full_jitter(self, state: RetryCallState) -> float:
        """Return the seconds to wait: even between nothing and a limit that doubles, so that clients spread out."""
        limit = min(self._config.backoff_cap, self._config.backoff_base * 2 ** (state.attempt_number - 1))
        return self._entropy.below(round(limit * _MILLISECONDS) + 1) / _MILLISECONDS

    def _ask_once(self, name: RealName, number: CitizenNumber, *, reference: str, deadline: float) -> AuthorityAnswer:
        """Send one message and return the verified answer.

        Raises:
            AuthorityUnavailable: silence, which may be tried again.
            AuthorityAnswerInvalid: an answer that does not verify.
            _Rejected: the authority does not take the message.
        """
        question = AuthorityQuestion(
            message_id=self._entropy.token(_MESSAGE_ID_BYTES).hex(),
            sent_at=self._clock.now(),
            reference=reference,
            document_type=number.document_type.value,
            number=number.value,
            name=name.as_entered,
        )
        unverified_text = self._exchange(render_question(question, pin=self._config.pin, sign=self._sign), deadline)
        return open_answer(
            unverified_text,
            pin=self._config.pin,
            question=question,
            live_only=self._config.live_only,
            now=self._clock.now(),
        )

    def _tell_once(self, act: RegistrationAct, reference: str, deadline: float) -> RegistrationStatus:
        question = RegistrationQuestion(
            message_id=self._entropy.token(_MESSAGE_ID_BYTES).hex(),
            sent_at=self._clock.now(),
            reference=reference,
            act=act,
        )
        message = render_registration_question(question, pin=self._config.pin, sign=self._sign)
        return open_registration_answer(
            self._exchange(message, deadline, path=f"/v1/{act.value}"),
            pin=self._config.pin,
            question=question,
            live_only=self._config.live_only,
            now=self._clock.now(),
        )

    def _exchange(self, message: bytes, deadline: float, *, path: str = MATCH_PATH) -> bytes:
        timeout = self._timeout(deadline - monotonic())
        try:
            with self._http.stream("POST", path, content=message, headers=_HEADERS, timeout=timeout) as response:
                self._check_status(response.status_code)
                return self._read(response, deadline)
        except httpx.HTTPError as error:
            raise AuthorityUnavailable(retry_after=self._rest_seconds()) from error

    def _check_status(self, status: int) -> None:
        if status == httpx.codes.OK:
            return
        if status in _WORTH_RETRYING or httpx.codes.is_server_error(status):
            raise AuthorityUnavailable(retry_after=self._rest_seconds())
        if status == httpx.codes.NOT_FOUND:
            raise _NotThere("The authority does not know the address of our message (HTTP 404): check the address.")
        raise _Rejected(f"The authority rejects our messages (HTTP {status}): check keys, clocks and the address.")

    def _read(self, response: httpx.Response, deadline: float) -> bytes:
        """Read a bounded answer within the budget, however slowly it drips."""
        text = bytearray()
        for chunk in response.iter_raw():
            text += chunk
            if len(text) > MAX_ENVELOPE_BYTES:
                raise AuthorityAnswerInvalid("The authority's answer is too long.")
            if monotonic() > deadline:
                raise AuthorityUnavailable(retry_after=self._rest_seconds())
        return bytes(text)

    def _timeout(self, remaining: float) -> httpx.Timeout:
        return timeouts(self._config, max(remaining, 1 / _MILLISECONDS))

    def _rest_seconds(self) -> int:
        return max(1, self._config.circuit.open_for // timedelta(seconds=1))
