"""Curves as SVG: one line a series over sizes that grow tenfold, readable on light and dark.

Only text, lines and circles, and no program: a file that a browser, a forge and an editor all draw.
"""

from collections.abc import Mapping, Sequence
from html import escape
from math import log10

WIDTH, HEIGHT = 860, 380
LEFT, RIGHT, TOP, BOTTOM = 56, 250, 44, 44
LINE = 17  # between two names on the right
# Told apart by lightness and dashes too, for whoever sees few colours.
COLOURS = ("#1f77b4", "#d9730d", "#2f9e44", "#c2255c", "#7950f2", "#0c8599", "#a0522d", "#868e96")
DASHES = ("", "7 3", "2 3")
STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #222 }
  .title { font-size: 14px; font-weight: 600 }
  .grid { stroke: #ccc; stroke-width: 1 }
  .curve { fill: none; stroke-width: 2 }
  @media (prefers-color-scheme: dark) { text { fill: #ddd } .grid { stroke: #444 } }
"""


def drawn(
    title: str, unit: str, sizes: Sequence[int], series: Mapping[str, Sequence[float]]
) -> str:
    """An SVG. Each series has one value for each size, of which there are two at least."""
    most = _round_up(max(max(values) for values in series.values()))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        ' aria-labelledby="title description">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="description">{escape(in_words(unit, sizes, series))}</desc>',
        f"<style>{STYLE}</style>",
        f'<text class="title" x="{LEFT}" y="22">{escape(f"{title}, {unit}")}</text>',
        *_grid(sizes, most),
        *_curves(sizes, series, most),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def in_words(unit: str, sizes: Sequence[int], series: Mapping[str, Sequence[float]]) -> str:
    """What the curves show, for whoever does not see them."""
    ends = "; ".join(
        f"{name} from {values[0]:.1f} to {values[-1]:.1f}" for name, values in series.items()
    )
    return f"From {sizes[0]:,} to {sizes[-1]:,} reservations, {unit}: {ends}."


def _grid(sizes: Sequence[int], most: float) -> list[str]:
    lines = []
    for step in range(5):
        value = most * step / 4
        y = _y(value, most)
        lines.append(
            f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>'
        )
    for size in sizes:
        lines.append(
            f'<text x="{_x(size, sizes):.1f}" y="{HEIGHT - BOTTOM + 20}"'
            f' text-anchor="middle">{size:,}</text>'
        )
    return lines


def _curves(sizes: Sequence[int], series: Mapping[str, Sequence[float]], most: float) -> list[str]:
    """The lines, and their names on the right in the order of their ends."""
    lines = []
    ordered = sorted(series.items(), key=lambda item: -item[1][-1])
    for place, (name, values) in enumerate(ordered):
        look = (
            f'stroke="{COLOURS[place % len(COLOURS)]}"'
            f' stroke-dasharray="{DASHES[place // len(COLOURS) % len(DASHES)]}"'
        )
        points = " ".join(
            f"{_x(size, sizes):.1f},{_y(value, most):.1f}"
            for size, value in zip(sizes, values, strict=True)
        )
        y = TOP + 6 + place * LINE
        x = WIDTH - RIGHT + 16
        lines.append(
            f'<polyline class="curve" {look} points="{points}"/>'
            f'<line class="curve" {look} x1="{x}" x2="{x + 24}" y1="{y}" y2="{y}"/>'
            f'<text x="{x + 30}" y="{y + 4}">{escape(name)} · {values[-1]:.1f}</text>'
        )
    return lines


def _x(size: int, sizes: Sequence[int]) -> float:
    share = log10(size / sizes[0]) / log10(sizes[-1] / sizes[0])
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _y(value: float, most: float) -> float:
    return HEIGHT - BOTTOM - value / most * (HEIGHT - TOP - BOTTOM)


def _round_up(value: float) -> float:
    """To a number of which a quarter is a round one."""
    unit = 10.0 ** int(log10(max(value, 1)))
    return next(n * unit for n in (1, 2, 4, 6, 8, 12) if n * unit >= value)
