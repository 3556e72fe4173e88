"""The passkey port over the library ``webauthn``: no attestation, user verification always, this site only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from typing_extensions import override
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from eztong.domain.access.passkey import PasskeyRefused
from eztong.ports.passkeys import MadePasskey, PasskeyVerifier, UsedPasskey

_TIMEOUT_MS: Final = 120_000
_LOOPBACK: Final = frozenset({"127.0.0.1", "[::1]", "::1"})
_LOCALHOST: Final = "localhost"
# What the library raises for answers of every wrong shape.
_BROKEN: Final = (WebAuthnException, ValueError, KeyError, TypeError)


class WebAuthnPasskeys(PasskeyVerifier):
    """Verifies for one site. A site on a loopback address works as ``localhost``: addresses are no valid hosts."""

    def __init__(self, public_url: str, *, name: str) -> None:
        """Take how browsers reach the service, and the name that their dialogs show."""
        parts = urlsplit(public_url)
        host = parts.hostname or _LOCALHOST
        self._site = _LOCALHOST if host in _LOOPBACK else host
        port = "" if parts.port is None else f":{parts.port}"
        self._origin = f"{parts.scheme}://{self._site}{port}"
        self._name = name

    @property
    @override
    def site(self) -> str:
        return self._site

    @override
    def creation_options(self, *, challenge: bytes, user_handle: bytes, user_name: str, known: Sequence[bytes]) -> str:
        options = generate_registration_options(
            rp_id=self._site,
            rp_name=self._name,
            user_id=user_handle,
            user_name=user_name,
            challenge=challenge,
            timeout=_TIMEOUT_MS,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=_described(known),
        )
        return options_to_json(options)

    @override
    def request_options(self, *, challenge: bytes, allowed: Sequence[bytes]) -> str:
        options = generate_authentication_options(
            rp_id=self._site,
            challenge=challenge,
            timeout=_TIMEOUT_MS,
            allow_credentials=_described(allowed),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return options_to_json(options)

    @override
    def unverified_challenge(self, response: str) -> bytes:
        try:
            parsed = parse_registration_credential_json(response)
            return parse_client_data_json(parsed.response.client_data_json).challenge
        except _BROKEN as error:
            raise PasskeyRefused from error

    @override
    def unverified_use(self, response: str) -> UsedPasskey:
        try:
            parsed = parse_authentication_credential_json(response)
            challenge = parse_client_data_json(parsed.response.client_data_json).challenge
        except _BROKEN as error:
            raise PasskeyRefused from error
        return UsedPasskey(credential_id=parsed.raw_id, challenge=challenge)

    @override
    def check_registration(self, response: str, *, challenge: bytes) -> MadePasskey:
        try:
            verified = verify_registration_response(
                credential=response,
                expected_challenge=challenge,
                expected_rp_id=self._site,
                expected_origin=self._origin,
                require_user_verification=True,
            )
        except _BROKEN as error:
            raise PasskeyRefused from error
        return MadePasskey(
            credential_id=verified.credential_id,
            public_key=verified.credential_public_key,
            sign_count=verified.sign_count,
        )

    @override
    def check_assertion(self, response: str, *, challenge: bytes, public_key: bytes) -> int:
        try:
            verified = verify_authentication_response(
                credential=response,
                expected_challenge=challenge,
                expected_rp_id=self._site,
                expected_origin=self._origin,
                credential_public_key=public_key,
                # Counters are judged by domain.passkey.check_count, which knows the stored one.
                credential_current_sign_count=0,
                require_user_verification=True,
            )
        except _BROKEN as error:
            raise PasskeyRefused from error
        return verified.new_sign_count


def _described(credentials: Sequence[bytes]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=credential) for credential in credentials]
