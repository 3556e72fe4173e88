"""The ctypes binding to the OpenSSL 3 libcrypto that Python itself is linked with.

`_hashlib` is the extension module that links libcrypto, so its file leads to the very library
that `hashlib` and `ssl` use: no build step and no second OpenSSL to patch. Where `_hashlib` is
built into the interpreter, the process itself and then the system's libcrypto are tried.

`ctypes.CDLL` releases the GIL during each call. Private to `eztong.gm`.
"""

import ctypes
import ctypes.util
import functools
from collections.abc import Iterator
from typing import Any, Final

from eztong.gm.errors import BackendUnavailable

OPENSSL_3: Final = 0x30000000

_INT: Final = ctypes.c_int
_PTR: Final = ctypes.c_void_p
_STR: Final = ctypes.c_char_p
_SIZE: Final = ctypes.c_size_t

# name: (result type, argument types). All are public and not deprecated in OpenSSL 3.
_PROTOTYPES: Final[dict[str, tuple[Any, tuple[Any, ...]]]] = {
    "OpenSSL_version": (_STR, (_INT,)),
    "OpenSSL_version_num": (ctypes.c_ulong, ()),
    "ERR_clear_error": (None, ()),
    "BN_secure_new": (_PTR, ()),
    "BN_set_flags": (None, (_PTR, _INT)),
    "BN_bin2bn": (_PTR, (_STR, _INT, _PTR)),
    "BN_bn2binpad": (_INT, (_PTR, _PTR, _INT)),
    "BN_clear_free": (None, (_PTR,)),
    "EC_GROUP_new_by_curve_name": (_PTR, (_INT,)),
    "EC_GROUP_free": (None, (_PTR,)),
    "EC_POINT_new": (_PTR, (_PTR,)),
    "EC_POINT_free": (None, (_PTR,)),
    "EC_POINT_mul": (_INT, (_PTR, _PTR, _PTR, _PTR, _PTR, _PTR)),
    "EC_POINT_point2oct": (_SIZE, (_PTR, _PTR, _INT, _PTR, _SIZE, _PTR)),
    "OBJ_txt2nid": (_INT, (_STR,)),
    "EVP_PKEY_free": (None, (_PTR,)),
    "EVP_PKEY_get_bn_param": (_INT, (_PTR, _STR, _PTR)),
    "EVP_PKEY_CTX_new_from_name": (_PTR, (_PTR, _STR, _STR)),
    "EVP_PKEY_CTX_new_from_pkey": (_PTR, (_PTR, _PTR, _STR)),
    "EVP_PKEY_CTX_free": (None, (_PTR,)),
    "EVP_PKEY_keygen_init": (_INT, (_PTR,)),
    "EVP_PKEY_generate": (_INT, (_PTR, _PTR)),
    "EVP_PKEY_fromdata_init": (_INT, (_PTR,)),
    "EVP_PKEY_fromdata": (_INT, (_PTR, _PTR, _INT, _PTR)),
    "EVP_PKEY_sign_init": (_INT, (_PTR,)),
    "EVP_PKEY_sign": (_INT, (_PTR, _PTR, _PTR, _STR, _SIZE)),
    "EVP_PKEY_verify_init": (_INT, (_PTR,)),
    "EVP_PKEY_verify": (_INT, (_PTR, _STR, _SIZE, _STR, _SIZE)),
    "EVP_PKEY_encrypt_init": (_INT, (_PTR,)),
    "EVP_PKEY_encrypt": (_INT, (_PTR, _PTR, _PTR, _STR, _SIZE)),
    "EVP_PKEY_decrypt_init": (_INT, (_PTR,)),
    "EVP_PKEY_decrypt": (_INT, (_PTR, _PTR, _PTR, _STR, _SIZE)),
}


@functools.cache
def libcrypto() -> ctypes.CDLL:
    """Load libcrypto once and declare every function used.

    Raises:
        BackendUnavailable: No OpenSSL 3 with the needed functions can be loaded.
    """
    for location in _locations():
        library = _open(location)
        if library is not None:
            return library
    raise BackendUnavailable("No OpenSSL 3 libcrypto could be loaded")


def version(library: ctypes.CDLL) -> str:
    """Return OpenSSL's own version text, such as `OpenSSL 3.0.19 27 Jan 2026`."""
    text: bytes = library.OpenSSL_version(0)
    return text.decode("ascii", "replace")


def _locations() -> Iterator[str | None]:
    """Yield where to look, best first; None is the running process itself."""
    try:
        import _hashlib  # noqa: PLC0415 - absent in a Python built without OpenSSL
    except ImportError:
        pass
    else:
        yield getattr(_hashlib, "__file__", None)
    yield None
    yield ctypes.util.find_library("crypto")


def _open(location: str | None) -> ctypes.CDLL | None:
    """Return the bound library at this location, or None if it is not a usable OpenSSL 3."""
    try:
        library = ctypes.CDLL(location)
        for name, (result, arguments) in _PROTOTYPES.items():
            function = getattr(library, name)
            function.restype = result
            function.argtypes = arguments
    except (OSError, AttributeError):
        return None
    return library if library.OpenSSL_version_num() >= OPENSSL_3 else None
