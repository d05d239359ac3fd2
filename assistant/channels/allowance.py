"""How much a client may send: a token bucket, pure, times passed in."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field


@dataclass
class Allowance:
    """`burst` messages at once, and `per_s` a second in the long run."""

    per_s: float
    burst: int
    _left: float = field(init=False)
    _at_s: float | None = None

    def __post_init__(self) -> None:
        self._left = float(self.burst)

    def take(self, now_s: float) -> bool:
        """Whether one more is allowed now."""
        if self._at_s is not None:
            self._left = min(float(self.burst), self._left + (now_s - self._at_s) * self.per_s)
        self._at_s = now_s
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True


class Allowances:
    """One allowance for each client, of the `clients` that came last."""

    def __init__(self, per_s: float, burst: int, clients: int) -> None:
        self._per_s, self._burst, self._clients = per_s, burst, clients
        self._of: OrderedDict[str, Allowance] = OrderedDict()

    def take(self, client: str, now_s: float) -> bool:
        """Whether one more of this client is allowed now."""
        allowance = self._of.setdefault(client, Allowance(self._per_s, self._burst))
        self._of.move_to_end(client)
        while len(self._of) > self._clients:
            self._of.popitem(last=False)
        return allowance.take(now_s)
