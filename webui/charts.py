"""Charts: bars over time as numbers for an SVG that the template draws.

Time runs the way the page reads: the oldest bar stands at the right in Arabic.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

WIDTH = 720
HEIGHT = 64
_MOST_BARS = 48
_WIDEST = 90
_MOST_LABELS = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar in SVG units; `label` is empty where the axis has no room."""

    x: float
    y: float
    width: float
    height: float
    href: str
    title: str
    label: str
    on: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """A bar chart of one facet."""

    label: str
    bars: tuple[Bar, ...]
    width: int = WIDTH
    height: int = HEIGHT


def bar_chart(
    counts: Mapping[str, int],
    *,
    label: str,
    rtl: bool,
    href: Callable[[str], str],
    name: Callable[[str], str],
    title: Callable[[str, int], str],
    chosen: set[str],
) -> Chart | None:
    """Return bars for `YYYY` or `YYYY-MM` values and the gaps between; None for no value."""
    values = _spread(sorted(counts))[-_MOST_BARS:]
    if not values:
        return None
    top = max(counts.values())
    step = min(WIDTH / len(values), _WIDEST)
    every = -(-len(values) // _MOST_LABELS)
    bars = []
    for at, value in enumerate(values):
        count = counts.get(value, 0)
        height = round((HEIGHT - 4) * count / top, 1)
        height = max(height, 1.5) if count else 0.0
        x = WIDTH - (at + 1) * step if rtl else at * step
        shown = name(value) if at % every == 0 else ""
        bars.append(
            Bar(
                x=round(x + step * 0.1, 1),
                y=round(HEIGHT - height, 1),
                width=round(step * 0.8, 1),
                height=height,
                href=href(value),
                title=title(value, count),
                label=shown.split(" ")[0] if "-" in value else shown,
                on=value in chosen,
            )
        )
    return Chart(label, tuple(bars))


def _spread(values: list[str]) -> list[str]:
    """Return *values* with the years or months between them.

    Example:
        >>> _spread(["2019-12", "2020-02"])
        ['2019-12', '2020-01', '2020-02']
    """
    plain = [value for value in values if value.replace("-", "").isdigit()]
    if not plain:
        return []
    if len(plain[0]) == len("2020"):
        return [f"{year:04}" for year in range(int(plain[0]), int(plain[-1]) + 1)]
    first, last = (int(v[:4]) * 12 + int(v[5:7]) - 1 for v in (plain[0], plain[-1]))
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(first, last + 1)]
