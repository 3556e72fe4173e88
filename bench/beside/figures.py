"""What pairs of runs say: ratios within each pair, medians over the pairs, goals, and what counts for nothing."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bench.beside.wrk import Run

BUSY: Final = 0.2
"""Where other programs took more of the server's core, only processor times say something."""

MIN_CEILING: Final = 1.5
"""How many times the rate of either side the load must be able to send. Below that it is the load that is measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """A run of verifications."""

    run: Run
    processor: float
    """Microseconds of the server's processor time for each."""

    together: float
    """How many verifications shared a commit."""

    others: float
    """The share of the server's core that other programs took meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Our run and the peer's, one after the other, and raw SM2 signatures per second between and around them."""

    ours: Ours
    peer: Run
    peer_processor: float
    """Microseconds of the peer's processor time for each call."""

    sm2: float
    sm2_processor: float
    """Microseconds of processor time for each signature."""

    @property
    def of_peer(self) -> float:
        """Our rate in units of the peer's."""
        return self.ours.run.rate / self.peer.rate

    @property
    def of_sm2(self) -> float:
        """Our rate in units of raw SM2 signatures per second."""
        return self.ours.run.rate / self.sm2

    @property
    def signatures(self) -> float:
        """Raw SM2 signatures that take as much of the processor as one verification."""
        return self.ours.processor / self.sm2_processor


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What shall be reached at so many connections."""

    of_peer: float
    of_sm2: float
    p99: float

    def missed(self, line: Line) -> list[str]:
        """Say what of it ``line`` does not reach."""
        told = []
        if line.of_sm2 < self.of_sm2:
            told.append(f"{line.of_sm2:.2f} times raw SM2, goal {self.of_sm2:.2f}")
        if line.of_peer < self.of_peer:
            told.append(f"{line.of_peer:.2f} times the peer, goal {self.of_peer:.2f}")
        if line.p99 > self.p99:
            told.append(f"p99 {line.p99:.1f} ms, goal {self.p99:.0f} ms")
        return told


GOALS: Final[Mapping[int, Goal]] = {
    32: Goal(of_peer=1.0, of_sm2=1.65, p99=15),
    128: Goal(of_peer=1.3, of_sm2=2.1, p99=40),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The medians of the pairs at so many connections, on a database of this kind."""

    database: str
    connections: int
    of_sm2: float
    signatures: float
    processor: float
    rate: float
    of_peer: float
    peer_rate: float
    peer_processor: float
    sm2: float
    p50: float
    p99: float
    peer_p99: float
    together: float
    ceiling: float
    """Calls per second that wrk sent, with the same script, to a server that does nothing."""

    peer_ceiling: float
    others: float
    """The worst of the pairs."""

    @property
    def headroom(self) -> float:
        """The lower of both ceilings, in units of the rate beneath it."""
        return min(self.ceiling / self.rate, self.peer_ceiling / self.peer_rate)

    @property
    def counts(self) -> bool:
        """Say whether the load could have sent clearly more than was answered."""
        return self.headroom >= MIN_CEILING


def summarise(pairs: Sequence[Pair], *, database: str, connections: int, ceiling: float, peer_ceiling: float) -> Line:
    """Return the medians. Ratios are taken within each pair, as the machine changes between them."""

    def median(pick: Callable[[Pair], float]) -> float:
        return statistics.median(map(pick, pairs))

    return Line(
        database=database,
        connections=connections,
        of_sm2=median(lambda pair: pair.of_sm2),
        signatures=median(lambda pair: pair.signatures),
        processor=median(lambda pair: pair.ours.processor),
        rate=median(lambda pair: pair.ours.run.rate),
        of_peer=median(lambda pair: pair.of_peer),
        peer_rate=median(lambda pair: pair.peer.rate),
        peer_processor=median(lambda pair: pair.peer_processor),
        sm2=median(lambda pair: pair.sm2),
        p50=median(lambda pair: pair.ours.run.p50),
        p99=median(lambda pair: pair.ours.run.p99),
        peer_p99=median(lambda pair: pair.peer.p99),
        together=median(lambda pair: pair.ours.together),
        ceiling=ceiling,
        peer_ceiling=peer_ceiling,
        others=max(pair.ours.others for pair in pairs),
    )
