"""SoftHSM: tokens in a folder of the test's own. Where it is missing, whatever asks for it fails."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pkcs11
import pytest

from eztong.adapters.keys.root_token import make_root
from eztong.adapters.keys.token import Token, TokenConfig

PIN, OFFICER_PIN = "482915", "73920184"
ROOT_LABEL = "eztong-root"
_PLACES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
)


class SoftHsmMissing(AssertionError):
    """The tests of tokens need SoftHSM: apt-get install softhsm2."""


def module_path() -> Path:
    """Return where SoftHSM's module lies."""
    found = next((Path(place) for place in _PLACES if Path(place).exists()), None)
    if found is None or shutil.which("softhsm2-util") is None:
        raise SoftHsmMissing(SoftHsmMissing.__doc__)
    return found


@contextmanager
def softhsm_in(folder: Path) -> Iterator[SoftHsm]:
    """Give tokens in ``folder``, which this process and its children find."""
    made = SoftHsm(folder)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in made.environment.items():
            patch.setenv(name, value)
        yield made


@dataclass(slots=True)
class SoftHsm:
    """Tokens in ``folder``; this process and those that it starts find them by the environment."""

    folder: Path

    def __post_init__(self) -> None:
        """Make the folder. Whoever uses the tokens sets :attr:`environment`."""
        (self.folder / "tokens").mkdir(parents=True)
        conf = self.folder / "softhsm2.conf"
        conf.write_text(f"directories.tokendir = {self.folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n")

    @property
    def environment(self) -> dict[str, str]:
        """What another process needs to find the tokens."""
        return {"SOFTHSM2_CONF": str(self.folder / "softhsm2.conf")}

    def token(self, label: str, *, root: str | None = ROOT_LABEL, pin: str = PIN) -> Token:
        """Make a token with this label, and a root key in it; return it as the service uses it, with ``pin``."""
        subprocess.run(
            ["softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", OFFICER_PIN, "--pin", PIN],
            check=True,
            capture_output=True,
        )
        # The module reads its folder once.
        self.look_again()
        if root is not None:
            maker = self.open(label)
            make_root(maker, root)
            # A process is logged in or not, whichever part of it did so.
            maker.close()
        return self.open(label, pin=pin)

    def open(self, label: str, *, pin: str = PIN) -> Token:
        """Return a token that is there, as another start of the service would use it."""
        return Token(TokenConfig(module=module_path(), label=label, pin=pin))

    def look_again(self) -> None:
        """Let the module read its folder anew, which ends every session of this process."""
        pkcs11.lib(str(module_path())).reinitialize()

    def settings(self, label: str) -> dict[str, str]:
        """Return the environment by which a service uses the token."""
        return {
            **self.environment,
            "EZTONG_TOKEN_MODULE": str(module_path()),
            "EZTONG_TOKEN_LABEL": label,
            "EZTONG_TOKEN_PIN": PIN,
            "EZTONG_TOKEN_ROOT_LABEL": ROOT_LABEL,
        }
