"""The backend is found, tested and named."""

import pytest

from eztong.gm import _libcrypto
from eztong.gm.errors import BackendUnavailable, GmError
from eztong.gm.probe import check_backend


def test_backend_passes_the_published_examples() -> None:
    """This host's libcrypto does SM2, SM3 and SM4, and says which it is."""
    report = check_backend()
    assert report.name == "OpenSSL libcrypto"
    assert report.version.startswith("OpenSSL 3") or report.version.startswith("OpenSSL 4")


@pytest.mark.parametrize("location", ["/nonexistent/libcrypto.so.3", "libc.so.6"])
def test_library_without_sm2_functions_is_passed_over(location: str) -> None:
    """A missing file and a library of something else are not a backend."""
    assert _libcrypto._open(location) is None  # noqa: SLF001 - cannot be reached from outside


def test_missing_backend_says_what_to_do() -> None:
    """The error carries the reason and a command to check with."""
    error = BackendUnavailable("OpenSSL was built without SM2")
    assert isinstance(error, GmError)
    assert error.reason == "OpenSSL was built without SM2"
    assert "openssl genpkey -algorithm SM2" in str(error)
