"""Keys are shared by threads: eight of them use the same four operations at once."""

import gc
from concurrent.futures import ThreadPoolExecutor

import pytest

from eztong.gm import sm2_encrypt
from eztong.gm.errors import SignatureInvalid
from eztong.gm.sm2 import PrivateKey, PublicKey

THREADS, ROUNDS = 8, 40


def _sign_and_verify(key: PrivateKey, worker: int) -> None:
    for turn in range(ROUNDS):
        message = f"{worker}/{turn}".encode()
        signature = key.sign(message)
        key.public_key().verify(signature, message)
        with pytest.raises(SignatureInvalid):
            key.public_key().verify(signature, message + b"!")


def _encrypt_and_decrypt(key: PrivateKey, worker: int) -> None:
    for turn in range(ROUNDS):
        plaintext = f"{worker}/{turn}".encode()
        ciphertext = sm2_encrypt.encrypt(key.public_key(), plaintext)
        assert sm2_encrypt.decrypt(key, ciphertext) == plaintext


def test_eight_threads_share_one_key() -> None:
    """No thread ever sees another's result."""
    key = PrivateKey.generate()
    with ThreadPoolExecutor(THREADS) as pool:
        futures = [
            pool.submit(work, key, worker)
            for worker in range(THREADS)
            for work in (_sign_and_verify, _encrypt_and_decrypt)
        ]
        for future in futures:
            future.result()


def test_keys_die_while_others_work() -> None:
    """Freeing keys in one thread does not disturb another."""
    key = PrivateKey.generate()
    point = key.public_key().point()

    def churn(worker: int) -> None:
        for turn in range(ROUNDS):
            message = f"{worker}/{turn}".encode()
            PublicKey.from_point(point).verify(key.sign(message), message)
            gc.collect(0)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(churn, range(THREADS)))
