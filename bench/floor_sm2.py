"""Floor: raw SM2 signatures per second of one core, with nothing around them."""

from __future__ import annotations

from time import perf_counter

from eztong.gm.sm2 import PrivateKey

SECONDS = 3.0


def main() -> None:
    """Print signatures per second."""
    key, message = PrivateKey.generate(), b"x" * 64
    key.sign(message)
    count, started = 0, perf_counter()
    while perf_counter() - started < SECONDS:
        for _ in range(50):
            key.sign(message)
        count += 50
    print(count / (perf_counter() - started))


if __name__ == "__main__":
    main()
