"""Invented places, streets, facilities and firms."""

from __future__ import annotations

from detectors.model.training.draw import Draw, capital, lists
from detectors.model.training.people import given, sounded, surname

_ENGLISH_TOWN_ENDS = 20
"""Of the endings of towns, these first ones make a town of an English word."""


def _town_end(draw: Draw) -> str:
    return draw.of(lists()["town_end"][:_ENGLISH_TOWN_ENDS])


def name_word(draw: Draw) -> str:
    """What places and firms are called after."""
    return draw.form(
        [
            (0.3, lambda: surname(draw)),
            (0.2, lambda: capital(sounded(draw, "town_end"))),
            (0.3, lambda: capital(draw.any("common"))),
            (0.2, lambda: capital(draw.any("common")) + _town_end(draw)),
        ]
    )


def town(draw: Draw) -> str:
    return draw.form(
        [
            (0.5, lambda: " ".join(map(capital, draw.any("cities").split()))),
            (0.15, lambda: capital(sounded(draw, "town_end"))),
            (0.15, lambda: surname(draw).split()[-1] + _town_end(draw)),
            (0.1, lambda: f"{name_word(draw)} {draw.word('town_last')}"),
            (0.1, lambda: f"{draw.word('town_first')} {name_word(draw)}"),
        ]
    )


def _unit(draw: Draw) -> str:
    n = draw.number
    return draw.of(
        [
            *("", "", "", ""),
            *(f" Apt {n(1, 99)}", f" Apt. {n(1, 999)}", f" #{n(1, 40)}"),
            *(f", Unit {draw.shaped('A')}", f" Suite {n(100, 900)}", f" Ste {n(1, 90)}"),
        ]
    )


def street(draw: Draw) -> str:
    number, unit, other = str(draw.number(1, 19_999)), _unit(draw), draw.number(1, 140)

    def foreign() -> str:
        return capital(sounded(draw, "")) + draw.word("foreign_street_end")

    def american() -> str:
        parts = [number, draw.word("direction"), name_word(draw), draw.word("way")]
        return " ".join(filter(None, parts)) + unit

    return draw.form(
        [
            (0.6, american),
            (0.06, lambda: f"{number} {other}{draw.of(['th', 'st', 'nd', 'rd'])} {draw.word('way')}{unit}"),
            (0.1, lambda: f"{number} {foreign()} {other}{unit}"),
            (0.06, lambda: f"{foreign()} {other}"),
            (0.04, lambda: f"{number} {_after(draw)} {other}{unit}"),
            (0.04, lambda: f"{_after(draw)} {other}"),
            (0.04, lambda: f"{draw.of(['PO Box', 'P.O. Box', 'P. O. Box', 'Box'])} {draw.number(10, 9999)}"),
            (0.06, lambda: f"{number} {name_word(draw)} {name_word(draw)}{unit}"),
        ]
    )


def _after(draw: Draw) -> str:
    return f"{draw.word('foreign_street_first')} {capital(sounded(draw, 'town_end'))}"


def zip_code(draw: Draw) -> str:
    return draw.shaped("00000-0000" if draw.chance(0.1) else "00000")


def care(draw: Draw) -> str:
    """A facility that gives care."""
    last = draw.word("care")
    saint = ["St.", "Saint", "St", "Our Lady of", "Mount", "Holy"]
    of = ["University of", "Hospital of", "Clinic of", "VA"]
    return draw.form(
        [
            (0.2, lambda: f"{draw.of(saint)} {given(draw)} {last}"),
            (0.15, lambda: f"{town(draw)} {last}"),
            (0.1, lambda: f"{draw.of(of)} {town(draw)} {draw.of([last, 'Hospitals', ''])}".strip()),
            (0.55, lambda: f"{_names(draw)} {last}"),
        ]
    )


def school(draw: Draw) -> str:
    return f"{_names(draw)} {draw.word('school')}"


def agency(draw: Draw) -> str:
    """An office, a shelter, a church: no facility of care, but it tells where somebody was."""
    first = town(draw) if draw.chance(0.5) else name_word(draw)
    return f"{first} {draw.word('agency')}"


def _names(draw: Draw) -> str:
    return name_word(draw) + (f" {name_word(draw)}" if draw.chance(0.3) else "")


def firm(draw: Draw) -> str:
    return draw.form(
        [
            (0.5, lambda: f"{name_word(draw)} {draw.word('firm_end')}"),
            (0.15, lambda: f"{surname(draw)}, {surname(draw)} and {surname(draw)}"),
            (0.15, lambda: f"{name_word(draw)} {name_word(draw)}"),
            (0.1, lambda: draw.shaped("A" * draw.number(2, 4))),
            (0.1, lambda: capital(sounded(draw, draw.of(["", "drug_ends"])))),
        ]
    )
