"""An evaluation as a picture: every measure with its interval, and what was won and lost query by query."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from search_index.errors import ErrorCode, SearchError, wrapped
from search_index.relevance.evaluation import MAIN, Comparison
from search_index.relevance.statistics import Estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

OURS, THEIRS, LOST = "#1b6ca8", "#9aa5b1", "#c0392b"
SUFFIXES = (".png", ".svg")


def check_picture(path: Path) -> None:
    """Raise `SearchError` (bad_value) where the name does not end as a picture's does."""
    if path.suffix not in SUFFIXES:
        raise SearchError(ErrorCode.BAD_VALUE, f"{path} must end in {' or '.join(SUFFIXES)}", field="picture")


def draw(
    path: Path, title: str, ours: Mapping[str, Estimate], baseline: Mapping[str, Estimate], compared: Comparison | None
) -> None:
    """Write a PNG or SVG, by the name's ending; `baseline` is empty and `compared` None where there is no baseline.

    Raises `SearchError`: bad_value for another ending, storage where the file cannot be written.
    """
    check_picture(path)
    # Matplotlib takes a second to import, and only this needs it; this way it never asks for a display.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11 if compared else 6, 4.5), layout="constrained")
    FigureCanvasAgg(figure)
    # A dollar sign in a name is no formula.
    figure.suptitle(title.replace("$", r"\$"))
    axes = figure.subplots(1, 2 if compared else 1, squeeze=False)[0]
    _measures(axes[0], ours, baseline)
    if compared:
        _queries(axes[1], compared)
    # Without dates and random ids the same evaluation gives the same bytes.
    metadata = {"Date": None} if path.suffix == ".svg" else {"Software": None}
    with wrapped(ErrorCode.STORAGE, f"{path} cannot be written", OSError):
        figure.savefig(path, dpi=120, metadata=metadata)


def _measures(axes: Axes, ours: Mapping[str, Estimate], baseline: Mapping[str, Estimate]) -> None:
    for estimates, name, colour, shift in ((ours, "this", OURS, -0.15), (baseline, "baseline", THEIRS, 0.15)):
        if not estimates:
            continue
        places = [place + (shift if baseline else 0) for place in range(len(estimates))]
        means = [one.mean for one in estimates.values()]
        errors = (
            [one.mean - one.low for one in estimates.values()],
            [one.high - one.mean for one in estimates.values()],
        )
        axes.errorbar(means, places, xerr=errors, fmt="o", capsize=3, color=colour, label=name)
    axes.set_yticks(range(len(ours)), list(ours))
    axes.invert_yaxis()
    axes.set_xlim(0, 1.02)
    axes.grid(axis="x", alpha=0.3)
    axes.set_title("mean and 95 % interval", fontsize=10)
    if baseline:
        axes.legend(loc="best")


def _queries(axes: Axes, compared: Comparison) -> None:
    gains = [one.gain for one in compared.queries]
    axes.bar(range(len(gains)), gains, width=1.0, color=[OURS if gain > 0 else LOST for gain in gains])
    axes.axhline(0, color="black", linewidth=0.8)
    axes.set_ylim(-1.05, 1.05)
    axes.set_xlabel(f"{len(gains)} queries, from most won to most lost")
    axes.set_title(f"{MAIN}: {compared.wins} won, {compared.losses} lost", fontsize=10)
