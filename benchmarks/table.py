"""Tables for a terminal that can be pasted into a Markdown file as they are."""

from collections.abc import Sequence


def drawn(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table with its columns in line."""
    lines = [list(head), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(head))]
    cells = [" | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
             for line in lines]  # fmt: skip
    rule = " | ".join("-" * width for width in widths)
    return "\n".join(f"| {line} |" for line in [cells[0], rule, *cells[1:]])
