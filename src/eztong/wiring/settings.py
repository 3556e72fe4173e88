"""Settings: read once from the environment, validated, unknown keys refused.

Every setting is an environment variable with the prefix ``EZTONG_``; docs/reference/settings.md is generated from this
module. A misspelt variable stops the start instead of being ignored.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from pydantic import Field, HttpUrl, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from eztong.domain.errors import InputInvalid
from eztong.ports.services import Deployment, Mode

PREFIX = "EZTONG_"
PLACEHOLDER = "Sandbox Operator"
PLACEHOLDER_PLACE = "测试市测试区"
PLACEHOLDER_AUTHORITY = "沙盒身份机构"


class SettingsInvalid(InputInvalid):
    """A setting is missing, malformed or unknown."""

    code = "settings_invalid"
    advice = "Correct the environment variable that is named."


class Settings(BaseSettings):
    """What an operator sets."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    mode: Annotated[Mode, Field(description="`sandbox` or `live`")] = Mode.SANDBOX
    data_dir: Annotated[Path, Field(description="folder of database and keyring")] = Path("var")
    root_key_file: Annotated[
        Path | None, Field(description="file that wraps the keyring; keep it on another volume in live mode")
    ] = None
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
    authority_signing_key: Annotated[
        str | None, Field(description="base64 SPKI of the key that signs the authority's answers")
    ] = None
    authority_encryption_key: Annotated[
        str | None, Field(description="base64 SPKI of the key that questions to the authority are sealed to")
    ] = None
    accept_hk_macau_taiwan: Annotated[bool, Field(description="accept residence permits of these regions")] = True
    accept_foreigners: Annotated[bool, Field(description="accept foreigners' permanent residence permits")] = False
    verifications_per_minute: Annotated[
        int, Field(ge=1, description="limit of verifications per partner and minute")
    ] = 600_000
    log_level: Annotated[str, Field(pattern="^(debug|info|warning|error)$", description="least level logged")] = "info"

    @field_validator("public_url")
    @classmethod
    def _no_path(cls, url: HttpUrl | None) -> HttpUrl | None:
        if url is not None and (url.path not in (None, "/") or url.query or url.fragment):
            raise ValueError("public_url must have no path, query or fragment")
        return url

    @property
    def database(self) -> Path:
        """The database file."""
        return self.data_dir / "eztong.db"

    @property
    def keyring(self) -> Path:
        """The keyring file."""
        return self.data_dir / "keyring.json"

    @property
    def root_key(self) -> Path:
        """The root key file."""
        return self.root_key_file or self.data_dir / "root.key"

    @property
    def authority_keyring(self) -> Path:
        """The sandbox authority's own key file; never one of the service's keys."""
        return self.data_dir / "authority.json"

    @property
    def base_url(self) -> str:
        """How browsers reach the service, without a trailing slash."""
        return str(self.public_url).rstrip("/") if self.public_url else f"http://{self.host}:{self.port}"

    def deployment(self) -> Deployment:
        """Return what the doors may know."""
        return Deployment(
            mode=self.mode,
            public_url=self.base_url,
            operator_name=self.operator_name,
            operator_contact=self.operator_contact,
            origin=self.origin,
            accept_hk_macau_taiwan=self.accept_hk_macau_taiwan,
            accept_foreigners=self.accept_foreigners,
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
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})  # type: ignore[arg-type]  # pydantic checks
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsInvalid(f"{PREFIX}{name}: {first['msg']}.") from error
