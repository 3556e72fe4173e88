"""Which authority the settings mean: the sandbox's in process, or one over HTTP with pinned keys."""

from __future__ import annotations

import base64
import binascii

from eztong.adapters.authority.health import ask_health
from eztong.adapters.authority.http_client import HttpAuthority
from eztong.adapters.authority.http_config import HttpAuthorityConfig, check_address, open_client
from eztong.adapters.authority.protocol import AuthorityPin
from eztong.adapters.authority.sandbox import SandboxAuthority
from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.sandbox_controls import FaultSwitch, own_faults, remote_faults
from eztong.domain.errors import AuthorityAnswerInvalid, NotPermitted
from eztong.gm.errors import GmError
from eztong.gm.sm2 import PublicKey
from eztong.ports.authority import Authority
from eztong.ports.clock import Clock
from eztong.ports.keys import SignPurpose
from eztong.ports.services import Mode
from eztong.wiring.authority_keys import load_or_create
from eztong.wiring.settings import Settings, SettingsInvalid


def make_authority(
    settings: Settings, *, keyring: FileKeyring, clock: Clock, entropy: SystemEntropy
) -> tuple[Authority, FaultSwitch]:
    """Return the authority with the sandbox's switch for its faults.

    Raises:
        SettingsInvalid: the authority's address, keys or issuers cannot be used.
    """
    if settings.authority_url is None:
        registry = load_or_create(settings.authority_keyring, entropy=entropy).registry()
        return SandboxAuthority(registry, clock=clock), own_faults(registry)
    config = authority_config(settings)
    try:
        client = HttpAuthority(
            config,
            sign=lambda message: keyring.sign(SignPurpose.AUTHORITY_CLIENT, message),
            clock=clock,
            entropy=entropy,
        )
    except ValueError as error:
        raise SettingsInvalid(f"EZTONG_AUTHORITY_CA_FILE: {error}.") from error
    return client, remote_faults(config.base_url)


def authority_config(settings: Settings) -> HttpAuthorityConfig:
    """Return where the authority is and what it must prove. Live mode takes real people over TLS only.

    Raises:
        SettingsInvalid: no address, plain http where it is not excused, or a key that is none.
    """
    config = HttpAuthorityConfig(
        base_url=str(settings.authority_url or "").rstrip("/"),
        pin=AuthorityPin(
            signing=public_key(settings.authority_signing_key, "AUTHORITY_SIGNING_KEY"),
            encryption=public_key(settings.authority_encryption_key, "AUTHORITY_ENCRYPTION_KEY"),
        ),
        ca_file=settings.authority_ca_file,
        live_only=settings.mode is Mode.LIVE,
    )
    try:
        check_address(config)
    except ValueError as error:
        raise SettingsInvalid(f"EZTONG_AUTHORITY_URL: {error}.") from error
    return config


def check_authority_is_live(settings: Settings) -> None:
    """Ask the authority for its environment, and refuse one that live mode may not believe.

    Raises:
        NotPermitted: its word does not verify, it is a sandbox, or it does not say what it is.
        AuthorityUnavailable: it cannot be asked now; what it answers later is checked all the same.
        SettingsInvalid: its address, keys or issuers cannot be used.
    """
    config = authority_config(settings)
    try:
        client = open_client(config)
    except ValueError as error:
        raise SettingsInvalid(f"EZTONG_AUTHORITY_CA_FILE: {error}.") from error
    with client as http:
        try:
            ask_health(http, pin=config.pin, live_only=config.live_only, entropy=SystemEntropy())
        except AuthorityAnswerInvalid as error:
            raise NotPermitted(f"{error.detail} Check EZTONG_AUTHORITY_URL and the pinned keys.") from error


def public_key(text: str | None, name: str) -> PublicKey:
    """Return a pinned key of the authority.

    Raises:
        SettingsInvalid: it is none; ``name`` is the setting, without its prefix.
    """
    try:
        return PublicKey.from_spki(base64.b64decode(text or "", validate=True))
    except (GmError, binascii.Error) as error:
        raise SettingsInvalid(f"EZTONG_{name} must be the base64 of an SM2 SubjectPublicKeyInfo.") from error
