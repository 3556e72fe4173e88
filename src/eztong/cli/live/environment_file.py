"""Files of settings, one ``NAME="value"`` on each line: what a shell and systemd read alike, and nothing else.

Both take values in double quotes with the same four escapes; what only one of them reads is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from eztong.adapters.keys.keyring_file import KeyringProblem
from eztong.adapters.keys.private_files import locked_folder, read_private, write_private
from eztong.adapters.keys.problems import KeyringMissing
from eztong.domain.free_text import is_steering
from eztong.wiring.settings import SettingsInvalid

_LINE: Final = re.compile(
    r"""([A-Za-z_][A-Za-z0-9_]*)=(?:"((?:[^"\\$`]|\\["\\$`])*)"|'([^']*)'|([^\s"'\\$`#;&|<>()]*))[ \t]*"""
)
_ESCAPED: Final = re.compile(r'\\(["\\$`])')
_TO_ESCAPE: Final = re.compile(r'["\\$`]')


def parse_lines(text: str) -> dict[str, str]:
    """Return the values by their names; of a name that stands there twice the last.

    Raises:
        SettingsInvalid: naming the line that shell and systemd would not read alike.
    """
    return {name: value for name, value in _values(text) if name}


def read_values(path: Path) -> dict[str, str]:
    """Return the values of a file that belongs to this user alone.

    Raises:
        SettingsInvalid: it is missing, others may read it, or a line is not ``NAME="value"``.
    """
    return parse_lines(_text(path))


def with_values(text: str, values: Mapping[str, str]) -> str:
    """Return ``text`` with other values of some names; comments, order and all other lines stay, new names come last.

    Raises:
        SettingsInvalid: a value has a character that no line can hold; or as :func:`parse_lines`.
    """
    left = dict(values)
    lines = []
    for line, (name, value) in zip(text.splitlines(), _values(text), strict=True):
        wanted = values.get(name, value)
        left.pop(name, None)
        lines.append(line if wanted == value else _line(name, wanted))
    lines += [_line(name, value) for name, value in left.items()]
    return "".join(f"{line}\n" for line in lines)


def write_values(path: Path, values: Mapping[str, str]) -> None:
    """Put values into the file, which is made for its owner alone (0600) if it is not there; whole or not at all.

    Raises:
        SettingsInvalid: as :func:`with_values` and :func:`read_values`.
        FolderLocked, OSError: the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with locked_folder(path.parent):
        text = _text(path) if path.exists() else ""
        write_private(path, with_values(text, values).encode())


def _text(path: Path) -> str:
    try:
        return read_private(path).decode()
    except KeyringMissing as error:
        raise SettingsInvalid(f"There is no file {path}.") from error
    except KeyringProblem as error:
        raise SettingsInvalid(error.detail) from error
    except UnicodeDecodeError as error:
        raise SettingsInvalid(f"{path} is no text.") from error


def _values(text: str) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if not stripped or stripped[0] in "#;":
            yield "", ""
            continue
        found = _LINE.fullmatch(stripped)
        if found is None:
            # The line itself is not shown: it may hold a secret.
            raise SettingsInvalid(f'Line {number} of the settings is not NAME="value", with \\ before " \\ $ and `.')
        name, double, single, bare = found.groups()
        yield name, _ESCAPED.sub(r"\1", double) if double is not None else single or bare or ""


def _line(name: str, value: str) -> str:
    if any(is_steering(char) for char in value):
        raise SettingsInvalid(f"{name}: it has a character that no line can hold.")
    return f'{name}="{_TO_ESCAPE.sub(lambda found: chr(92) + found[0], value)}"'
