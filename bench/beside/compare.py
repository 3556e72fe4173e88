"""``make bench ARGS=--peers``: pairs of runs, ours and the peer's in turn, also on a large and grown database."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from bench import subject
from bench.beside import wrk
from bench.beside.figures import Line, Pair, summarise
from bench.beside.peer import Peer, peer_serving
from bench.beside.ready import HOLDERS, WARM_SECONDS, Bench, Database, benching
from bench.cores import cores, numbers_of, processor_seconds, start
from bench.measure import say

PAIRS: Final = 3
PEER_SECONDS: Final = 3
_SM2_SECONDS: Final = "1"


def compare(databases: Sequence[Database], connections: Sequence[int]) -> Iterator[Line]:
    """Measure on each database in turn, and yield each line as it is known.

    Raises:
        CannotMeasure: saying what to do.
    """
    with tempfile.TemporaryDirectory(prefix="eztong-bench-", dir=".") as name:
        folder = Path(name)
        for database in databases:
            with benching(database, folder) as bench, peer_serving() as peer:
                for many in connections:
                    say(f"{database.name}, {many} connections")
                    pairs = [_pair(bench, peer, connections=many) for _ in range(PAIRS)]
                    yield summarise(
                        pairs,
                        database=database.name,
                        connections=many,
                        ceiling=_ceiling(_sending(many, folder)),
                        peer_ceiling=_ceiling(_asking(many, peer)),
                    )


def _pair(bench: Bench, peer: Peer, *, connections: int) -> Pair:
    bench.warm(connections=connections)
    sm2 = [_sm2()]
    ours = bench.verify(connections=connections)
    sm2.append(_sm2())
    peer.ask(connections=connections, seconds=WARM_SECONDS)
    used = processor_seconds(peer.pid)
    theirs = peer.ask(connections=connections, seconds=PEER_SECONDS)
    used = processor_seconds(peer.pid) - used
    pair = Pair(
        ours=ours,
        peer=theirs,
        peer_processor=used / theirs.calls * 1e6,
        sm2=statistics.mean(rate for rate, _ in sm2),
        sm2_processor=statistics.mean(1e6 / rate for _, rate in sm2),
    )
    say(f"  {pair.of_sm2:.2f} times raw SM2, {pair.of_peer:.2f} times the peer ({theirs.rate:,.0f}/s)")
    return pair


def _sm2() -> tuple[float, float]:
    rate, of_processor = numbers_of("bench.floor_sm2", _SM2_SECONDS, core=cores()[0])
    return rate, of_processor


def _ceiling(drive: Callable[[int], wrk.Run]) -> float:
    """Return the rate of ``drive`` against a server that does nothing but answer, whose port it is given."""
    port = subject.free_port()
    process = start(["-m", "bench.beside.bare", str(port)], core=cores()[0])
    try:
        subject.wait_for(port)
        return drive(port).rate
    finally:
        process.terminate()
        process.wait(30)


def _sending(connections: int, folder: Path) -> Callable[[int], wrk.Run]:
    calls = ["no key", *(f"01{index:073}" for index in range(3 * HOLDERS))]
    return lambda port: wrk.used_up(wrk.VERIFY, port, calls, connections=connections, folder=folder)


def _asking(connections: int, peer: Peer) -> Callable[[int], wrk.Run]:
    return lambda port: replace(peer, port=port).ask(connections=connections, seconds=1)
