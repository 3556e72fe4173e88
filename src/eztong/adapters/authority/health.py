"""The authority's signed word that it works, and for which environment (docs/specs/authority-messages.md, section 5).

The question is a random challenge in the address; the answer repeats it under the authority's signature, so that an old
answer, or one of another authority, is not taken for this one's.
"""

from __future__ import annotations

from typing import Final

import httpx

from eztong.adapters.authority.envelope import (
    MAX_ENVELOPE_BYTES,
    Context,
    SenderUnknown,
    check_fields,
    key_id_of,
    parse_envelope,
    read_text,
    seal_envelope,
    verify_envelope,
)
from eztong.adapters.authority.environment import MEMBER, AuthorityEnvironment, check_environment, read_environment
from eztong.adapters.authority.protocol import VERSION, AuthorityPin, Signer
from eztong.domain.canonical_json import DocumentMalformed, parse_document
from eztong.domain.errors import AuthorityAnswerInvalid, AuthorityUnavailable
from eztong.gm.errors import SignatureInvalid
from eztong.ports.entropy import Entropy

PATH: Final = "/healthz"
CHALLENGE: Final = "challenge"
STATUS_OK: Final = "ok"
_CHALLENGE_BYTES: Final = 16
_FIELDS: Final = {"version", "in_reply_to", "status"}


def render_health(challenge: str, *, environment: AuthorityEnvironment, sign: Signer) -> bytes:
    """Return the signed answer to ``challenge``."""
    payload = {"version": VERSION, "in_reply_to": challenge, "status": STATUS_OK, MEMBER: environment.value}
    return seal_envelope(Context.HEALTH, payload, sign=sign)


def open_health(unverified_text: bytes, *, pin: AuthorityPin, challenge: str) -> AuthorityEnvironment | None:
    """Return the environment that the authority names, verified; None where it names none.

    Raises:
        AuthorityAnswerInvalid: not signed with the pinned key, not of this version, or not an answer to ``challenge``.
    """
    senders = {key_id_of(pin.signing): pin.signing}
    try:
        document = parse_document(verify_envelope(parse_envelope(unverified_text), Context.HEALTH, senders=senders))
        check_fields(document, _FIELDS | ({MEMBER} & document.keys()))
        if (document["version"], document["in_reply_to"]) != (VERSION, challenge):
            raise AuthorityAnswerInvalid("The authority's word on its health belongs to another question.")
        if read_text(document, "status") != STATUS_OK:
            raise AuthorityUnavailable
        return read_environment(document)
    except (SenderUnknown, SignatureInvalid) as error:
        raise AuthorityAnswerInvalid("The authority's word on its health is not signed with the pinned key.") from error
    except DocumentMalformed as error:
        raise AuthorityAnswerInvalid("The authority's word on its health is malformed.") from error


def ask_health(http: httpx.Client, *, pin: AuthorityPin, live_only: bool, entropy: Entropy) -> None:
    """Return if the authority works and may be believed here.

    Raises:
        AuthorityUnavailable: it cannot be reached, or does not say that it works.
        AuthorityAnswerInvalid: its word does not verify, or names an environment that is not taken here.
    """
    challenge = entropy.token(_CHALLENGE_BYTES).hex()
    try:
        response = http.get(PATH, params={CHALLENGE: challenge})
    except httpx.HTTPError as error:
        raise AuthorityUnavailable from error
    if response.status_code != httpx.codes.OK:
        raise AuthorityUnavailable
    if len(response.content) > MAX_ENVELOPE_BYTES:
        raise AuthorityAnswerInvalid("The authority's word on its health is too long.")
    check_environment(open_health(response.content, pin=pin, challenge=challenge), live_only=live_only)
