"""Pages that look as if something was redacted badly, and on which nothing was, or nothing is left of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pymupdf
from PIL import Image

from tests.check.sheets import (
    AT,
    BLACK,
    BLUE,
    GRAY,
    LINES,
    NAME,
    PLACE,
    WHITE,
    YELLOW,
    Draw,
    box,
    carried_out,
    form,
    grown,
    marked,
    multiplied,
    named,
    pen,
    png,
    removed,
    sections,
    sheet,
)


def night() -> bytes:
    with pymupdf.open() as document:
        page = document.new_page(width=612, height=792)
        box(page, page.rect)
        for row, line in enumerate((*LINES, NAME)):
            page.insert_text((72, 80 + 30 * row), line, color=WHITE)
        return bytes(document.tobytes())


def table(page: Any, ink: Any, ground: Any) -> None:
    for row in range(4):
        place = pymupdf.Rect(72, 400 + 24 * row, 540, 422 + 24 * row)
        box(page, place, ground if row == 0 else WHITE)
        page.insert_text(
            (80, 416 + 24 * row), "Date       Test        Result       Unit", color=ink if row == 0 else BLACK
        )


def shapes(colour: Any) -> Draw:
    """Arrows and rings that point something out."""

    def draw(document: Any, page: Any) -> None:
        page.draw_circle((250, 296), 30, color=colour, width=2)
        page.draw_line((300, 296), (400, 296), color=colour, width=3)
        page.draw_rect(PLACE, color=colour, width=1)

    return draw


def bars(document: Any, page: Any) -> None:
    for number, height in enumerate((60, 100, 40, 80)):
        place = pymupdf.Rect(100 + 60 * number, 700 - height, 140 + 60 * number, 700)
        box(page, place, (0.1, 0.2, 0.5))
        page.insert_text((108 + 60 * number, 694), str(height), color=WHITE)
        page.insert_text((108 + 60 * number, 690 - height), str(height))


def logo(page: Any) -> None:
    for row in range(6):
        box(page, pymupdf.Rect(400, 40 + 8 * row, 480, 45 + 8 * row))
    box(page, pymupdf.Rect(490, 36, 560, 92))
    page.insert_text((496, 70), "HARBOR", fontsize=14, color=WHITE)


def watermark(page: Any, opacity: float) -> None:
    page.insert_text(
        (120, 560), "DRAFT", fontsize=140, fill_opacity=opacity, morph=(pymupdf.Point(300, 400), pymupdf.Matrix(40))
    )


def shadowed(page: Any) -> None:
    page.insert_text((73, 301), NAME, fontsize=20, color=(0.6, 0.6, 0.6))
    page.insert_text((72, 300), NAME, fontsize=20)


def code_and_number(page: Any) -> None:
    rng = np.random.default_rng(3)
    x = 300.0
    while x < 500:
        wide = float(rng.integers(1, 5))
        box(page, pymupdf.Rect(x, 400, x + wide, 440))
        x += wide + float(rng.integers(1, 4))
    page.insert_text((340, 452), "4006381333931")


def marked_up(page: Any) -> None:
    page.add_squiggly_annot(PLACE)
    page.add_strikeout_annot(PLACE)
    page.draw_line((72, 296), (190, 296), color=(1, 0, 0), width=1.5)


def icons(page: Any) -> None:
    for number in range(4):
        middle = pymupdf.Point(90 + 40 * number, 420)
        page.draw_circle(middle, 12, color=None, fill=(0.1, 0.1, 0.1))
        page.insert_text((middle.x - 7, middle.y + 4), f"{10 + number}", color=WHITE)


def drawing_of_shapes(page: Any) -> None:
    """A plan: rooms, symbols, and walls drawn over them."""
    for number in range(12):
        middle = pymupdf.Point(100 + 30 * number, 500)
        page.draw_polyline(
            [middle + pymupdf.Point(8 * np.cos(a), 8 * np.sin(a)) for a in np.arange(0, 6.3, 0.9)],
            color=BLACK,
            fill=GRAY,
        )
    box(page, pymupdf.Rect(90, 460, 450, 540), fill_opacity=0.2, fill=BLUE)
    for x in (90, 200, 330, 450):
        box(page, pymupdf.Rect(x, 460, x + 6, 540))
    box(page, pymupdf.Rect(90, 455, 456, 462))


def head_in_a_picture(page: Any) -> None:
    """White print on a picture that is black: a slide's head."""
    page.insert_image(pymupdf.Rect(72, 400, 540, 440), stream=png(Image.new("L", (90, 30), 10)), keep_proportion=False)
    page.insert_text((90, 425), "Annual report of the ward", color=WHITE, fontsize=16)


SAID_UNDER: Final = (
    "Name redacted", "Filed under seal", "Redacted for publication", "Attorney-client privileged", "Exemption 6",
    "Personal information withheld", "Non-responsive", "(b)(6), (b)(7)(C)", "Ex. 6", "DELETED", "MMMMMMMM",
    "000-00-0000",
)  # fmt: skip
"""What programs and people put where the text was, before the box comes over it."""


def reasons_under_boxes(page: Any) -> None:
    for row, words in enumerate(SAID_UNDER):
        page.insert_text((80, 260 + 30 * row), words)
        box(page, pymupdf.Rect(76, 248 + 30 * row, 300, 265 + 30 * row))


def drawn_again(page: Any) -> None:
    """A bill's last line, of which the words were there before their ground."""
    page.insert_text((310, 416), "TOTAL DUE")
    box(page, pymupdf.Rect(300, 400, 540, 424))
    page.insert_text((310, 416), "TOTAL DUE", color=WHITE)


def ticked_over_letters(page: Any) -> None:
    """Boxes of a form, filled over the mark that a typist put there, in lines with their question."""
    for row, mark in enumerate("XxoOnlq0"):
        y = 300 + 20 * row
        page.insert_text((72, y), f"Was it seen before?  Yes  {mark}  No", fontsize=9)
        left = 72 + pymupdf.get_text_length("Was it seen before?  Yes  ", fontsize=9)
        box(page, pymupdf.Rect(left - 2, y - 8, left + 8, y + 2))


def answer_sheet(page: Any) -> None:
    """Bubbles with letters in them, one of each line filled."""
    for row in range(8):
        y = 300 + 22 * row
        page.insert_text((72, y), f"{row + 1}. Which of these is right?", fontsize=9)
        for number, letter in enumerate("ABCD"):
            middle = pymupdf.Point(240 + 24 * number, y - 3)
            page.insert_text((middle.x - 3, y), letter, fontsize=9)
            filled = BLACK if number == row % 4 else None
            page.draw_circle(middle, 7, color=BLACK, fill=filled)


def marks_of_a_chart(page: Any) -> None:
    """Points of a chart, of which one stands over its neighbour's label."""
    for number in range(10):
        x, y = 90 + 40 * number, 400 + 9 * (number % 4)
        page.insert_text((x, y), f"{number + 11}", fontsize=7)
        box(page, pymupdf.Rect(x + 4, y - 7, x + 11, y + 1))


def dense(page: Any) -> None:
    """Lines so close that a box over an empty one touches the letters above and below."""
    for row in (0, 2):
        page.insert_text((72, 300 + 10 * row), f"Line {row} of a dense paragraph of gypsy type", fontsize=10)
    box(page, pymupdf.Rect(72, 302.5, 300, 312))


def squares_of_a_font(page: Any) -> None:
    page.insert_text((72, 300), "nnnnnn gggg oooo", fontname="zadb", fontsize=14)


def crossword(page: Any) -> None:
    for number in range(64):
        x, y = 100 + 22 * (number % 8), 300 + 22 * (number // 8)
        place = pymupdf.Rect(x, y, x + 22, y + 22)
        if number % 5 in (1, 3):
            box(page, place)
        else:
            page.draw_rect(place, color=BLACK)
            page.insert_text((x + 2, y + 8), f"{number}", fontsize=6)


def calendar(page: Any) -> None:
    for day in range(28):
        place = pymupdf.Rect(0, 0, 50, 40) + (72 + 50 * (day % 7), 300 + 40 * (day // 7)) * 2
        dark = day % 7 in (0, 6)
        page.draw_rect(place, color=BLACK, fill=BLACK if dark else WHITE)
        page.insert_text((place.x0 + 4, place.y0 + 14), f"{day + 1}", color=WHITE if dark else BLACK)


def schedule(page: Any) -> None:
    for row in range(8):
        page.insert_text((72, 310 + 20 * row), f"Step {row} of the plan")
        box(page, pymupdf.Rect(190 + 30 * row, 301 + 20 * row, 260 + 30 * row, 313 + 20 * row), (0.2, 0.2, 0.2))


def not_shown(document: Any, page: Any) -> None:
    """A square of a viewer's that is switched off (ISO 32000-2, 12.5.3)."""
    annotation = page.add_rect_annot(PLACE)
    marked(annotation, BLACK)
    annotation.set_flags(pymupdf.PDF_ANNOT_IS_HIDDEN)


GOOD: Final[dict[str, Callable[[], bytes]]] = {
    "print": lambda: sheet(lambda d, p: None),
    "print with a name": lambda: named(lambda d, p: None),
    "a name removed": removed,
    "a name removed on a page that lies on its side": lambda: removed(rotation=90),
    "a name removed, and a label put there": lambda: removed(
        lambda d, p: (carried_out(d, p), p.insert_text((90, 300), "REDACTED", fontsize=9, color=WHITE))
    ),
    "a black box over nothing": lambda: sheet(lambda d, p: box(p)),
    "X for each letter, under a box": lambda: sheet(lambda d, p: (p.insert_text(AT, "XXXXXX XXXXXXXXX"), box(p))),
    "a word for it, under a box": lambda: sheet(lambda d, p: (p.insert_text(AT, "REDACTED"), box(p))),
    "a table with a black head": lambda: sheet(lambda d, p: table(p, WHITE, BLACK)),
    "a table with a blue head": lambda: sheet(lambda d, p: table(p, WHITE, (0.1, 0.2, 0.5))),
    "a table with a gray head": lambda: sheet(lambda d, p: table(p, BLACK, GRAY)),
    "white print on a black page": night,
    "yellow marker": lambda: named(lambda d, p: multiplied(p, YELLOW)),
    "blue marker": lambda: named(lambda d, p: multiplied(p, BLUE)),
    "green marker to see through": lambda: named(lambda d, p: box(p, fill=(0, 0.8, 0), fill_opacity=0.3)),
    "a shaded line": lambda: named(lambda d, p: box(p, fill=BLACK, fill_opacity=0.12)),
    "a gray ground under a line": lambda: named(lambda d, p: box(p, fill=GRAY, overlay=False)),
    "underlined and struck out": lambda: named(
        lambda d, p: (p.add_underline_annot(PLACE), p.add_strikeout_annot(PLACE))
    ),
    "rings and arrows": lambda: named(shapes((1, 0, 0))),
    "a thin pen": lambda: named(lambda d, p: pen(p, [(66, 290), (120, 310), (195, 290)], 1.5)),
    "a bar chart": lambda: sheet(bars),
    "ticked boxes": lambda: sheet(
        lambda d, p: [
            (p.draw_rect(pymupdf.Rect(72, y, 84, y + 12), color=BLACK), box(p, pymupdf.Rect(74, y + 2, 82, y + 10)))
            for y in (400, 420, 440)
        ]
    ),
    "bold headings and rules": lambda: sheet(
        lambda d, p: (
            p.insert_text((72, 300), "ILLNESS III", fontname="hebo", fontsize=30),
            box(p, pymupdf.Rect(72, 306, 540, 309)),
        )
    ),
    "a logo of bars": lambda: sheet(lambda d, p: logo(p)),
    "a form with black heads": lambda: sheet(lambda d, p: sections(p)),
    "a pale watermark": lambda: sheet(lambda d, p: watermark(p, 0.15)),
    "a strong watermark": lambda: sheet(lambda d, p: watermark(p, 0.5)),
    "print with its shadow": lambda: sheet(lambda d, p: shadowed(p)),
    "a code and its number": lambda: sheet(lambda d, p: code_and_number(p)),
    "marks of an editor": lambda: named(lambda d, p: marked_up(p)),
    "numbers in dark circles": lambda: sheet(lambda d, p: icons(p)),
    "a head on a black picture": lambda: sheet(lambda d, p: head_in_a_picture(p)),
    "print with an outline": lambda: sheet(
        lambda d, p: p.insert_text(AT, NAME, fontsize=30, render_mode=2, fill=WHITE, color=BLACK)
    ),
    "a mark for removal over nothing": lambda: sheet(lambda d, p: p.add_redact_annot(pymupdf.Rect(300, 600, 400, 620))),
    "a box over blanks and a rule": lambda: sheet(lambda d, p: (p.insert_text(AT, "   ______   -  . "), box(p))),
    "a note with a gray ground beside print": lambda: named(
        lambda d, p: p.add_freetext_annot(pymupdf.Rect(300, 280, 500, 310), "See chart", fill_color=GRAY)
    ),
    "a drawing with black shapes": lambda: sheet(lambda d, p: drawing_of_shapes(p)),
    "a box that touches the words beside it": lambda: removed(
        lambda d, p: (
            p.insert_text((194, 300), "was seen."),
            p.add_redact_annot(PLACE),
            p.apply_redactions(),
            box(p, grown(0, 0, 12, 0)),
        )
    ),
    "a form with a value": lambda: sheet(form),
    "what stands for the text under each box": lambda: sheet(lambda d, p: reasons_under_boxes(p)),
    "words drawn again on their ground": lambda: sheet(lambda d, p: drawn_again(p)),
    "ticks over letters": lambda: sheet(lambda d, p: ticked_over_letters(p)),
    "an answer sheet": lambda: sheet(lambda d, p: answer_sheet(p)),
    "marks of a chart over its labels": lambda: sheet(lambda d, p: marks_of_a_chart(p)),
    "a box that touches the lines above and below": lambda: sheet(lambda d, p: dense(p)),
    "a thick line through print": lambda: named(lambda d, p: p.draw_line((72, 296), (175, 296), color=BLACK, width=3)),
    "squares of a font": lambda: sheet(lambda d, p: squares_of_a_font(p)),
    "a crossword": lambda: sheet(lambda d, p: crossword(p)),
    "a calendar": lambda: sheet(lambda d, p: calendar(p)),
    "a schedule": lambda: sheet(lambda d, p: schedule(p)),
    "a square that is not shown": lambda: named(not_shown),
}
