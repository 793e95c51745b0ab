"""What the readable pages are made of: one style, tables, figures in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

STYLE: Final = """
body { font-family: Helvetica, Arial, sans-serif; font-size: 9.5pt; color: #1d2731; line-height: 1.35; }
h1 { font-size: 20pt; margin: 0 0 4pt 0; } h2 { font-size: 13pt; margin: 16pt 0 4pt 0; color: #12507b; }
h3 { font-size: 10.5pt; margin: 10pt 0 2pt 0; } p { margin: 3pt 0 6pt 0; }
table { border-collapse: collapse; width: 100%; margin: 4pt 0 8pt 0; }
th { text-align: left; font-weight: bold; color: #12507b; }
th, td { border: 0.6pt solid #b7c4ce; padding: 2.5pt 4pt; vertical-align: top; font-size: 8.5pt; }
.small { font-size: 8pt; color: #55626d; } code { font-size: 7.5pt; }
"""

Cells = Sequence[object]


def page(title: str, parts: Iterable[str]) -> str:
    body = "\n".join(parts)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"/><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head>\n<body>\n{body}\n</body></html>\n"
    )


def table(head: Cells, rows: Iterable[Cells]) -> str:
    top = "".join(f"<th>{escape(str(cell))}</th>" for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>\n" for row in rows)
    return f"<table><tr>{top}</tr>\n{body}</table>"


def share(value: float) -> str:
    return f"{100 * value:.1f} %" if value >= 0.01 else f"{100 * value:.2f} %"
