"""Templates: one Jinja environment per door over its own folder and the shared one, strict and always escaping."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from eztong.domain.codes.presentation_code import number_rows
from eztong.pages.assets import Assets

SHARED_FOLDER: Final = Path(__file__).parent / "templates"


def make_environment(*folders: Path, assets: Assets) -> Environment:
    """Return an environment that looks into ``folders`` first, then into the shared folder.

    Templates get ``asset(name)``, the address of a static file, and the filter ``rows`` for presentation codes. A
    variable that was not given is an error, not an empty text.
    """
    environment = Environment(
        loader=FileSystemLoader([*folders, SHARED_FOLDER]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals["asset"] = assets.url
    environment.filters["rows"] = number_rows
    return environment
