"""Weighted transducers as arrays, OpenFst's binary `const` format, and OpenFst's command-line tools.

Only what building a decoding graph needs: tropical weights (costs: negative natural logarithms), label 0 is epsilon.
"""

from __future__ import annotations

import os
import struct
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voice.errors import ModelError

EPSILON = 0
MAGIC = 2_125_659_606
VERSION = 2
"""Of the `const` format: states and arcs follow each other without alignment."""
EXPANDED, INPUT_SORTED = 0x1, 0x10000000
TOOL_TIMEOUT_S = 600

LOOKAHEAD_LIBRARY = Path("/usr/lib/x86_64-linux-gnu/libfstlookahead.so.22")
"""Registers the look-ahead types with Debian's tools, which do not find it by themselves."""

_STATE = np.dtype([("final", "<f4"), ("first", "<u4"), ("arcs", "<u4"), ("iepsilons", "<u4"), ("oepsilons", "<u4")])
_ARC = np.dtype([("ilabel", "<i4"), ("olabel", "<i4"), ("weight", "<f4"), ("target", "<i4")])

Arcs = NDArray[np.void]


@dataclass(frozen=True)
class Fst:
    """A transducer: the arcs of state s are `arcs[first[s]:first[s + 1]]`; `final` holds infinity where none ends."""

    start: int
    final: NDArray[np.float32]
    first: NDArray[np.int64]
    arcs: Arcs
    """Fields `ilabel`, `olabel`, `weight` and `target`."""

    @property
    def sources(self) -> NDArray[np.int64]:
        """The state each arc leaves."""
        return np.repeat(np.arange(len(self.final)), np.diff(self.first))

    def to_bytes(self) -> bytes:
        """The transducer in OpenFst's `const` format."""
        sources = self.sources
        rising = (np.diff(self.arcs["ilabel"]) >= 0) | (np.diff(sources) > 0)
        properties = EXPANDED | (INPUT_SORTED if rising.all() else 0)
        states = np.zeros(len(self.final), _STATE)
        states["final"], states["first"], states["arcs"] = self.final, self.first[:-1], np.diff(self.first)
        for name, field in (("iepsilons", "ilabel"), ("oepsilons", "olabel")):
            states[name] = np.bincount(sources[self.arcs[field] == EPSILON], minlength=len(states))
        header = struct.pack("<i", MAGIC) + _text("const") + _text("standard")
        header += struct.pack("<iiQqqq", VERSION, 0, properties, self.start, len(states), len(self.arcs))
        return header + states.tobytes() + self.arcs.tobytes()

    def extended(self, more: Fst) -> Fst:
        """With the states of `more` appended, which count on from these; it begins where `more` does."""
        return Fst(
            more.start,
            np.concatenate([self.final, more.final]),
            np.concatenate([self.first, self.first[-1] + more.first[1:]]),
            np.concatenate([self.arcs, more.arcs]),
        )

    @classmethod
    def from_bytes(cls, content: bytes) -> Fst:
        """Read the `const` format without symbol tables, as the tools write it; ValueError for anything else."""
        try:
            (magic,) = struct.unpack_from("<i", content)
            kind, position = _read_text(content, 4)
            _, position = _read_text(content, position)
            version, flags, _, start, states, arcs = struct.unpack_from("<iiQqqq", content, position)
            position += struct.calcsize("<iiQqqq")
            if magic != MAGIC or kind != "const" or version != VERSION or flags:
                raise ValueError("not a plain const transducer")
            table = np.frombuffer(content, _STATE, states, position)
            position += states * _STATE.itemsize
            first = np.append(table["first"], arcs).astype(np.int64)
            return cls(start, table["final"].copy(), first, np.frombuffer(content, _ARC, arcs, position).copy())
        except struct.error as error:
            raise ValueError("a transducer cut short") from error


class FstBuilder:
    """Collects states and arcs in any order."""

    def __init__(self, first: int = 0) -> None:
        """States are numbered from `first` on, for what is to be appended to another transducer."""
        self._offset = first
        self._final: list[float] = []
        self._arcs: list[tuple[int, int, int, float, int]] = []

    def add_state(self, final: float = np.inf) -> int:
        """A new state; `final` is the cost of ending there."""
        self._final.append(final)
        return self._offset + len(self._final) - 1

    def set_final(self, state: int, cost: float) -> None:
        """Let paths end in `state`."""
        self._final[state - self._offset] = cost

    def add_arc(self, source: int, ilabel: int, olabel: int, weight: float, target: int) -> None:
        """A transition that reads `ilabel`, writes `olabel` and costs `weight`."""
        self._arcs.append((source, ilabel, olabel, weight, target))

    def build(self, start: int) -> Fst:
        """The transducer that begins in `start`; the arcs of a state are sorted by input label."""
        source, ilabel, olabel, weight, target = zip(*self._arcs, strict=True) if self._arcs else [()] * 5
        arcs = np.empty(len(source), _ARC)
        arcs["ilabel"], arcs["olabel"], arcs["weight"], arcs["target"] = ilabel, olabel, weight, target
        order = np.lexsort((arcs["olabel"], arcs["ilabel"], source))
        counts = np.bincount(np.asarray(source, np.int64) - self._offset, minlength=len(self._final))
        first = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
        return Fst(start, np.array(self._final, np.float32), first, arcs[order])


def run_tool(name: str, *options: str, content: bytes, lookahead: bool = False) -> bytes:
    """One of OpenFst's command-line tools from stdin to stdout.

    Raises ModelError: `tools_missing` where Debian's `libfst-tools` is not installed, `graph_failed` where the tool
    gives up.
    """
    environment = dict(os.environ)
    if lookahead:
        environment["LD_PRELOAD"] = str(LOOKAHEAD_LIBRARY)
    try:
        done = subprocess.run(
            [name, *options], input=content, capture_output=True, timeout=TOOL_TIMEOUT_S, env=environment, check=True
        )
    except FileNotFoundError as error:
        raise ModelError("tools_missing", f"{name} is missing: install Debian's libfst-tools") from error
    except subprocess.SubprocessError as error:
        said = getattr(error, "stderr", None) or b""
        raise ModelError("graph_failed", f"{name} failed: {said.decode(errors='replace')[-300:]}") from error
    return done.stdout


def run_tools(fst: Fst, *commands: Sequence[str]) -> Fst:
    """A pipeline of tools over one transducer."""
    content = fst.to_bytes()
    for command in commands:
        content = run_tool(*command, content=content)
    return Fst.from_bytes(run_tool("fstconvert", "--fst_type=const", content=content))


def _text(value: str) -> bytes:
    return struct.pack("<i", len(value)) + value.encode()


def _read_text(content: bytes, position: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<i", content, position)
    end = position + 4 + length
    return content[position + 4 : end].decode(errors="replace"), end
