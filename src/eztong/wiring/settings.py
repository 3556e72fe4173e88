"""Settings: read once from the environment, validated, unknown keys refused.

Every setting is an environment variable with the prefix ``EZTONG_``; docs/reference/settings.md is generated from this
module. A misspelt variable stops the start instead of being ignored.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, HttpUrl, SecretStr, ValidationError, field_validator
from pydantic_settings import PydanticBaseSettingsSource, SettingsConfigDict
from typing_extensions import override

from eztong.adapters.keys.root_file import FileRoot
from eztong.domain.contact.phone_change import DEFAULT_APPEAL_WAIT
from eztong.domain.death.after_death import KEPT_BY_DEFAULT
from eztong.domain.errors import InputInvalid
from eztong.domain.recovery import DEFAULT_WAIT
from eztong.domain.webhooks.reachable import Network, parse_networks
from eztong.http.connection import ConnectionLimits
from eztong.ports.root_key import RootKey
from eztong.ports.services import Deployment, Mode
from eztong.wiring.calendars import read_calendar
from eztong.wiring.keys.token_settings import (
    RootKeyPlace,
    TokenCertificate,
    TokenLabel,
    TokenModule,
    TokenPin,
    TokenPinFile,
    TokenRootLabel,
    TokenSerial,
    TokenVendorMechanism,
    token_root,
)
from eztong.wiring.machine.database_settings import DatabaseSettings
from eztong.wiring.machine.message_settings import (
    SmsBody,
    SmsCaFile,
    SmsFinal,
    SmsHeadersFile,
    SmsSuccess,
    SmtpSecurity,
    WebhookNetworks,
)

PREFIX = "EZTONG_"
_NO_PREFIX = "=EZTONG="
"""No variable of an environment begins with it: a name has no equals sign."""
PLACEHOLDER = "Sandbox Operator"
MIN_TOKEN = 20
_ANYWHERE = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - to tell that it is no address to call
_THIS_MACHINE = "127.0.0.0/8,::1/128"
PLACEHOLDER_PLACE = "测试市测试区"
PLACEHOLDER_AUTHORITY = "沙盒身份机构"


class SettingsInvalid(InputInvalid):
    """A setting is missing, malformed or unknown."""

    code = "settings_invalid"
    advice = "Correct the environment variable that is named."


class Settings(DatabaseSettings):
    """What an operator sets."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    mode: Annotated[Mode, Field(description="`sandbox` or `live`")] = Mode.SANDBOX
    root_key_file: Annotated[
        Path | None, Field(description="file that wraps the keyring; keep it on another volume in live mode")
    ] = None
    root_key_place: RootKeyPlace = "file"
    token_module: TokenModule = None
    token_label: TokenLabel = None
    token_serial: TokenSerial = None
    token_pin: TokenPin = None
    token_pin_file: TokenPinFile = None
    token_root_label: TokenRootLabel = "eztong-root"  # noqa: S105 - a label, no secret
    token_certificate: TokenCertificate = None
    token_vendor_mechanism: TokenVendorMechanism = None
    host: Annotated[str, Field(description="address to listen on")] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535, description="port to listen on")] = 8080
    public_url: Annotated[HttpUrl | None, Field(description="how browsers reach the service; https in live mode")] = (
        None
    )
    origin: Annotated[
        str, Field(pattern=r"^[a-z0-9][a-z0-9.:_-]{0,99}$", description="name of this service in signed batches")
    ] = "eztong.localhost"
    tencent_host: Annotated[
        str | None,
        Field(
            pattern=r"^[a-z0-9][a-z0-9.-]{0,252}(:[0-9]{1,5})?$",
            description="host name that serves only the Tencent Cloud door; `/tencentcloud/` works without one",
        ),
    ] = None
    desk_host: Annotated[
        str | None,
        Field(
            pattern=r"^[a-z0-9][a-z0-9.-]{0,252}(:[0-9]{1,5})?$",
            description="host name that serves only the partner desk, which is then nowhere else",
        ),
    ] = None
    console_host: Annotated[
        str | None,
        Field(
            pattern=r"^[a-z0-9][a-z0-9.-]{0,252}(:[0-9]{1,5})?$",
            description="host name that serves only the console, which is then nowhere else",
        ),
    ] = None
    operator_name: Annotated[str, Field(min_length=1, max_length=100, description="who runs the service")] = PLACEHOLDER
    operator_contact: Annotated[
        str, Field(min_length=1, max_length=200, description="how people reach the operator")
    ] = "contact@example.invalid"
    place_of_signing: Annotated[
        str, Field(min_length=1, max_length=100, description="place of signing, clause 5.3")
    ] = PLACEHOLDER_PLACE
    authority_name: Annotated[
        str, Field(min_length=1, max_length=100, description="name of the identity authority")
    ] = PLACEHOLDER_AUTHORITY
    authority_url: Annotated[
        HttpUrl | None, Field(description="base address of the authority; none means the sandbox authority in process")
    ] = None
    authority_ca_file: Annotated[
        Path | None,
        Field(description="PEM file of the issuers of the authority's certificate; none means the system's usual ones"),
    ] = None
    authority_signing_key: Annotated[
        str | None, Field(description="base64 SPKI of the key that signs the authority's answers")
    ] = None
    authority_encryption_key: Annotated[
        str | None, Field(description="base64 SPKI of the key that questions to the authority are sealed to")
    ] = None
    outage_after_minutes: Annotated[
        int,
        Field(ge=1, le=1440, description="minutes without an answer of the authority until an incident is shown"),
    ] = 5
    accept_hk_macau_taiwan: Annotated[bool, Field(description="accept residence permits of these regions")] = True
    accept_foreigners: Annotated[bool, Field(description="accept foreigners' permanent residence permits")] = False
    refusal_cool_down_days: Annotated[
        int,
        Field(ge=0, le=180, description="days for which a refused question of a partner is not asked again; 0: always"),
    ] = 7
    recovery_wait_hours: Annotated[
        int,
        Field(ge=1, le=720, description="hours that a recovery without passkey and PIN waits, with notice and veto"),
    ] = int(DEFAULT_WAIT.total_seconds()) // 3600
    number_appeal_days: Annotated[
        int,
        Field(ge=3, le=60, description="days that a phone waits to be changed after staff decided a number appeal"),
    ] = DEFAULT_APPEAL_WAIT.days
    recheck_months: Annotated[
        int,
        Field(ge=0, le=120, description="months after which the authority is asked about an account anew; 0: never"),
    ] = 12
    deceased_kept_days: Annotated[
        int,
        Field(ge=60, le=3650, description="days that an account is kept after the authority said its holder died"),
    ] = KEPT_BY_DEFAULT.days
    break_glass: Annotated[
        bool, Field(description="let one operator do alone, for half an hour in an emergency, what takes two")
    ] = False
    backup_folder: Annotated[
        Path | None,
        Field(
            description="folder for the backups that `eztong drill` and the console make; on another volume. None: "
            "`backups` in the data folder of a sandbox, and no drill without `--to` in live mode"
        ),
    ] = None
    calendar_dir: Annotated[
        Path | None,
        Field(description="folder with calendars of working days, `cn-YYYY.json`, besides those of this version"),
    ] = None
    font_folder: Annotated[
        Path, Field(description="folder with the font that PDF files are set with; without it no PDF is made")
    ] = Path("/usr/share/fonts/opentype/noto")
    font_family: Annotated[
        str, Field(min_length=1, max_length=100, description="name of that font; it must have Chinese")
    ] = "Noto Sans CJK SC"
    sms_url: Annotated[
        HttpUrl | None,
        Field(description="address of the gateway for messages to phones, called with POST; live mode only"),
    ] = None
    sms_body: SmsBody = '{"id": "{message_id}", "phone": "{phone}", "text": "{text}"}'
    sms_headers_file: SmsHeadersFile = None
    sms_success: SmsSuccess = None
    sms_final: SmsFinal = None
    sms_ca_file: SmsCaFile = None
    smtp_host: Annotated[
        str | None, Field(min_length=1, max_length=253, description="mail server for notices by e-mail; live mode only")
    ] = None
    smtp_port: Annotated[int, Field(ge=1, le=65535, description="its port")] = 587
    smtp_security: SmtpSecurity = "starttls"
    smtp_user: Annotated[str, Field(max_length=200, description="name to sign in to it with; empty: none")] = ""
    smtp_password_file: Annotated[Path | None, Field(description="file with the password; mode 0600")] = None
    smtp_from: Annotated[str | None, Field(max_length=200, description="address that the notices come from")] = None
    smtp_ca_file: Annotated[
        Path | None, Field(description="PEM file of the issuers of the server's certificate; none means the usual ones")
    ] = None
    webhook_networks: WebhookNetworks = None
    webhook_ca_file: Annotated[
        Path | None,
        Field(description="PEM file of the issuers of partners' certificates; none means the usual ones"),
    ] = None
    verifications_per_minute: Annotated[
        int, Field(ge=1, description="limit of verifications per partner and minute")
    ] = 600_000
    replays_per_desk: Annotated[int, Field(ge=1, description="tries with used codes per desk in 15 minutes")] = 30
    replays_per_partner: Annotated[int, Field(ge=1, description="tries with used codes per partner in 15 minutes")] = (
        300
    )
    max_connections: Annotated[
        int, Field(ge=16, le=100_000, description="open connections; needs as many open files (`LimitNOFILE`)")
    ] = ConnectionLimits().connections
    keep_alive_seconds: Annotated[
        int,
        Field(ge=1, le=600, description="how long a connection may be idle; longer than a pooling proxy keeps its own"),
    ] = ConnectionLimits().idle_seconds
    metrics_token: Annotated[
        SecretStr | None,
        Field(
            min_length=MIN_TOKEN,
            description="bearer token for `/metrics`; without one live mode does not answer there, and a sandbox "
            "answers everybody",
        ),
    ] = None
    operator_secret: Annotated[
        SecretStr | None,
        Field(
            min_length=1,
            description="secret of the operator whom `--operator` names, for commands alone; a prompt or "
            "`--operator-secret-file` is better",
        ),
    ] = None
    log_level: Annotated[str, Field(pattern="^(debug|info|warning|error)$", description="least level logged")] = "info"

    @field_validator("public_url")
    @classmethod
    def _no_path(cls, url: HttpUrl | None) -> HttpUrl | None:
        if url is not None and (url.path not in (None, "/") or url.query or url.fragment):
            raise ValueError("public_url must have no path, query or fragment")
        return url

    @field_validator("webhook_networks")
    @classmethod
    def _are_networks(cls, text: str | None) -> str | None:
        parse_networks(text or "")
        return text

    @property
    def callable_networks(self) -> tuple[Network, ...]:
        """Networks besides the public ones that webhooks may call."""
        by_default = _THIS_MACHINE if self.mode is Mode.SANDBOX else ""
        return parse_networks(by_default if self.webhook_networks is None else self.webhook_networks)

    @property
    def keyring(self) -> Path:
        """The keyring file."""
        return self.data_dir / "keyring.json"

    @property
    def root_key(self) -> Path:
        """The root key file."""
        return self.root_key_file or self.data_dir / "root.key"

    @property
    def is_in_token(self) -> bool:
        """Say whether the root key lies in a token."""
        return self.root_key_place == "token"

    @property
    def root(self) -> RootKey:
        """The root key that opens the keyring; nothing is opened.

        Raises:
            TokenMissing: it lies in a token, and no module is named.
        """
        return token_root(self) if self.is_in_token else FileRoot(self.root_key)

    @override
    @classmethod
    def settings_customise_sources(cls, *_given: Any, **sources: Any) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read arguments and environment alone; to ask for files too, which there are none of, takes as long again."""
        return sources["init_settings"], sources["env_settings"]

    @property
    def authority_keyring(self) -> Path:
        """The sandbox authority's own key file; never one of the service's keys."""
        return self.data_dir / "authority.json"

    @property
    def backups(self) -> Path | None:
        """The folder for backups; None where it is not said."""
        in_sandbox = self.data_dir / "backups" if self.mode is Mode.SANDBOX else None
        return self.backup_folder or in_sandbox

    @property
    def own_hosts(self) -> dict[str, str]:
        """The doors that have an address of their own: the path of each by its host."""
        named = {self.desk_host: "/desk", self.console_host: "/console"}
        return {host: path for host, path in named.items() if host is not None}

    @property
    def is_anywhere(self) -> bool:
        """Say whether the service listens on every address of the machine: then ``host`` is no name to reach it by."""
        return self.host in _ANYWHERE

    @property
    def base_url(self) -> str:
        """How browsers reach the service, without a trailing slash.

        Without a public address that is the one that it listens on, or this machine if it listens on every one.
        """
        if self.public_url is not None:
            return str(self.public_url).rstrip("/")
        host = "localhost" if self.is_anywhere else self.host
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def console_url(self) -> str:
        """How browsers reach the console's door: at a host of its own, or where everything is."""
        return f"{self.base_url.partition('://')[0]}://{self.console_host}" if self.console_host else self.base_url

    def connection_limits(self) -> ConnectionLimits:
        """Return what a connection may cost."""
        return ConnectionLimits(connections=self.max_connections, idle_seconds=self.keep_alive_seconds)

    def deployment(self) -> Deployment:
        """Return what the doors may know.

        Raises:
            CalendarInvalid: a calendar of working days cannot be used.
        """
        return Deployment(
            mode=self.mode,
            public_url=self.base_url,
            operator_name=self.operator_name,
            operator_contact=self.operator_contact,
            authority_name=self.authority_name,
            place_of_signing=self.place_of_signing,
            origin=self.origin,
            accept_hk_macau_taiwan=self.accept_hk_macau_taiwan,
            accept_foreigners=self.accept_foreigners,
            replays_per_desk=self.replays_per_desk,
            replays_per_partner=self.replays_per_partner,
            refusals_rest=timedelta(days=self.refusal_cool_down_days),
            recovery_wait=timedelta(hours=self.recovery_wait_hours),
            appeal_wait=timedelta(days=self.number_appeal_days),
            recheck_months=self.recheck_months,
            break_glass=self.break_glass,
            deceased_kept=timedelta(days=self.deceased_kept_days),
            token_certificate=self.token_certificate or "",
            calendar=read_calendar(self.calendar_dir),
        )


def read_settings(**overrides: object) -> Settings:
    """Read the environment; ``overrides`` come from the command line and win.

    Raises:
        SettingsInvalid: naming the variable.
    """
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    unknown = sorted(name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in known)
    if unknown:
        raise SettingsInvalid(f"Unknown setting: {', '.join(unknown)}. See docs/reference/settings.md.")
    with _named():
        return Settings(**{name: value for name, value in overrides.items() if value is not None})  # type: ignore[arg-type]  # pydantic checks


def settings_of(values: Mapping[str, str]) -> Settings:
    """Return the settings that these values alone make, by field names, whatever stands in the environment.

    Raises:
        SettingsInvalid: naming the variable.
    """
    with _named():
        return Settings(_env_prefix=_NO_PREFIX, **values)  # type: ignore[call-arg, arg-type]  # pydantic checks


@contextmanager
def _named() -> Iterator[None]:
    try:
        yield
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsInvalid(f"{PREFIX}{name}: {first['msg']}.") from error
