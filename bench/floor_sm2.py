"""Floor: raw SM2 signatures per second of one core, with nothing around them."""

from __future__ import annotations

import sys
from time import perf_counter, process_time

from eztong.gm.sm2 import PrivateKey

SECONDS = 3.0


def main() -> None:
    """Sign for so many seconds; print signatures per second, and per second of processor time."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    key, message = PrivateKey.generate(), b"x" * 64
    key.sign(message)
    count, started, used = 0, perf_counter(), process_time()
    while perf_counter() - started < seconds:
        for _ in range(50):
            key.sign(message)
        count += 50
    print(count / (perf_counter() - started), count / (process_time() - used))


if __name__ == "__main__":
    main()
