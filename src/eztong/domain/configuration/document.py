"""The document: one format with a version, in one order, so that it lives well beside other code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from eztong.domain.branding.brand import Brand
from eztong.domain.branding.document import describe_brand
from eztong.domain.canonical_json import DocumentMalformed, parse_document
from eztong.domain.configuration.branding_part import parse_branding_part
from eztong.domain.configuration.partner_part import PartnerPart, describe_partner, parse_partner
from eztong.domain.configuration.policy_part import parse_policy_part
from eztong.domain.configuration.strict_reading import ConfigurationInvalid, members, names
from eztong.domain.policy.document import policy_document
from eztong.domain.policy.policy import Policy
from eztong.gm.sm3 import sm3

CONFIGURATION_FORMAT: Final = "eztong/configuration/v1"
MOST_BYTES: Final = 16 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What operators set up and no secret belongs to."""

    partners: Mapping[str, PartnerPart]
    policy: Policy
    branding: Brand | None = None
    """None in documents of before: then it stays as it is."""


def parse_configuration(document: bytes) -> Configuration:
    """Read a document.

    Raises:
        ConfigurationInvalid: it is of another format, a member is missing or not known, or a value cannot be right.
    """
    if len(document) > MOST_BYTES:
        raise ConfigurationInvalid(f"A document has at most {MOST_BYTES // 2**20} MiB.")
    try:
        said = parse_document(document)
    except DocumentMalformed as error:
        raise ConfigurationInvalid(error.detail) from error
    if said.get("format") != CONFIGURATION_FORMAT:
        raise ConfigurationInvalid(
            f'A document begins with "format": "{CONFIGURATION_FORMAT}"; no other is known here.'
        )
    found = members(said, needed=("format", "partners", "policy"), possible=("branding",), where="the document")
    partners = names(found["partners"], where="partners")
    return Configuration(
        partners={partner_id: parse_partner(partner_id, partners[partner_id]) for partner_id in sorted(partners)},
        policy=parse_policy_part(found["policy"]),
        branding=parse_branding_part(found["branding"]) if "branding" in found else None,
    )


def render_configuration(configuration: Configuration) -> str:
    """Return the document: names in order, one member on each line, a line end at the end."""
    partners = {name: describe_partner(configuration.partners[name]) for name in configuration.partners}
    document = {"format": CONFIGURATION_FORMAT, "partners": partners, "policy": policy_document(configuration.policy)}
    if configuration.branding is not None:
        document["branding"] = describe_brand(configuration.branding)
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def configuration_hash(configuration: Configuration) -> str:
    """Return the SM3 of the document in hex: what evidence says of what was applied."""
    return sm3(render_configuration(configuration).encode()).hex()
