"""Templates: one Jinja environment per door over its own folder and the shared one, strict and always escaping."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from typing_extensions import override

from eztong.domain.codes.presentation_code import number_rows
from eztong.pages.assets import Assets

SHARED_FOLDER: Final = Path(__file__).parent / "templates"


class CompiledOnce(BytecodeCache):
    """Templates that were compiled in this process: doors share pieces, and a door may be built again."""

    def __init__(self) -> None:
        """Begin with none."""
        self._kept: dict[str, bytes] = {}

    @override
    def load_bytecode(self, bucket: Bucket) -> None:
        kept = self._kept.get(bucket.key)
        if kept is not None:
            bucket.bytecode_from_string(kept)

    @override
    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED: Final = CompiledOnce()


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
        bytecode_cache=_COMPILED,
    )
    environment.globals["asset"] = assets.url
    environment.filters["rows"] = number_rows
    return environment
