"""The part of the brand: what is in force. Another one is proposed, and takes two operators."""

from __future__ import annotations

from collections.abc import Iterator

from eztong.domain.branding.brand import Brand
from eztong.domain.branding.document import brand_hash, brand_of
from eztong.domain.configuration.difference import Difference, DifferenceKind, ProposeBrand
from eztong.domain.configuration.strict_reading import ConfigurationInvalid, names
from eztong.domain.errors import InputInvalid

SUBJECT = "branding"
_SHOWN = 16


def parse_branding_part(said: object) -> Brand:
    """Read the brand.

    Raises:
        ConfigurationInvalid: saying what is wrong with it.
    """
    try:
        return brand_of(names(said, where=SUBJECT))
    except ConfigurationInvalid:
        raise
    except InputInvalid as error:
        raise ConfigurationInvalid(f"{SUBJECT}: {error.detail}") from error


def branding_differences(wanted: Brand | None, in_force: Brand, *, is_open: bool) -> Iterator[Difference]:
    """Tell how the brand differs; a document that does not say leaves it.

    Args:
        wanted: The document's.
        in_force: What pages show now.
        is_open: Whether a proposal of the wanted one waits for another operator.
    """
    if wanted is None or wanted == in_force:
        return
    yield Difference(
        kind=DifferenceKind.WAITS if is_open else DifferenceKind.CHANGE,
        subject=SUBJECT,
        there=brand_hash(in_force)[:_SHOWN],
        wanted=brand_hash(wanted)[:_SHOWN],
        step=None if is_open else ProposeBrand(wanted),
    )
