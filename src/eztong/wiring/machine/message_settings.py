"""The settings of the ways that messages leave by."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

SmsBody = Annotated[
    str,
    Field(
        max_length=4000,
        description="what the gateway is sent: a JSON object, or `name=value&name=value`, with `{phone}`, "
        "`{text}`, `{message_id}`, `{topic}`, `{language}`, `{service}` (the brand's name, which then is "
        "no part of the text) in its values",
    ),
]
SmsHeadersFile = Annotated[
    Path | None,
    Field(description="file of header lines for the gateway, `Name: value`, such as its secret; mode 0600"),
]
SmsSuccess = Annotated[
    str | None, Field(description="what the gateway's JSON answer says of an accepted message, such as `code=0`")
]
SmsFinal = Annotated[
    str | None,
    Field(description="what its answer says of a message that can never arrive, such as `code=1007`; it is dropped"),
]
SmsCaFile = Annotated[
    Path | None,
    Field(description="PEM file of the issuers of the gateway's certificate; none means the usual ones"),
]
SmtpSecurity = Annotated[
    str,
    Field(
        pattern="^(starttls|tls|none)$",
        description="`starttls`, `tls`, or `none` to a server on this machine alone",
    ),
]
WebhookNetworks = Annotated[
    str | None,
    Field(
        max_length=2000,
        description="networks besides the public ones that webhooks may call, such as `10.20.0.0/16,fd00::/8`; "
        "none: this machine in a sandbox, and no other in live mode",
    ),
]
