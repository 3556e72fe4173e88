"""Reading a document of configuration strictly: what nobody knows is refused, with the place where it stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any, Final, TypeVar

from eztong.domain.errors import InputInvalid
from eztong.domain.free_text import is_steering

_MOST_TEXT: Final = 500
E = TypeVar("E", bound=StrEnum)


class ConfigurationInvalid(InputInvalid):
    """A document of configuration cannot be understood."""

    code = "configuration_invalid"
    advice = "Compare it with what `eztong config export` writes."


def members(said: object, *, needed: Collection[str], where: str, possible: Collection[str] = ()) -> Mapping[str, Any]:
    """Return an object that has exactly the members that are needed, and perhaps others that are possible.

    Raises:
        ConfigurationInvalid: it is none, one is missing, or one is not known.
    """
    found = names(said, where=where)
    for name in sorted(found.keys() - set(needed) - set(possible)):
        raise ConfigurationInvalid(f"{where}: {name} is not known there.")
    for name in sorted(set(needed) - found.keys()):
        raise ConfigurationInvalid(f"{where}: {name} is missing.")
    return found


def names(said: object, *, where: str) -> Mapping[str, Any]:
    """Return an object whose members have names of their own.

    Raises:
        ConfigurationInvalid: it is none.
    """
    if not isinstance(said, dict):
        raise ConfigurationInvalid(f"{where}: an object is needed.")
    return said


def text(said: object, *, where: str) -> str:
    """Return one line of text.

    Raises:
        ConfigurationInvalid: it is none, empty, too long, or has characters that steer.
    """
    if not isinstance(said, str) or not said.strip() or len(said) > _MOST_TEXT or any(map(is_steering, said)):
        raise ConfigurationInvalid(f"{where}: one line of text is needed, of at most {_MOST_TEXT} characters.")
    return said


def one_of(kind: type[E], said: object, *, where: str) -> E:
    """Return the member of an enumeration.

    Raises:
        ConfigurationInvalid: it is none of them.
    """
    found = next((one for one in kind if one.value == said), None)
    if found is None:
        raise ConfigurationInvalid(f"{where}: {' or '.join(one.value for one in kind)} is needed.")
    return found
