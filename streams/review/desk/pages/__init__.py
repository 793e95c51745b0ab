"""The desk's pages: what the templates beside this are filled with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from detectors.errors import Reason
from detectors.findings import Kind
from policies import profile
from streams.events import Place, ReviewChoice, ReviewRequested, SampleDrawn
from streams.pipeline.answers import ANSWERABLE
from streams.review.desk import words
from streams.review.desk.desks import Opened, Saw, Waiting, What
from streams.review.desk.form import Said
from streams.review.desk.sitting import Ending, Look
from streams.review.reviewer import Decision
from streams.review.rules import GROUNDS

_REFUSED: Final = {
    403: "This desk does not answer here. Its address works once, in one browser: start the command again for a new "
    "one, and paste it into the browser's address bar.",
    404: "There is no such page at this desk, or the copy is no longer open.",
    405: "This cannot be asked for in this way.",
    413: "The form is too large.",
    415: "Only the desk's own forms are taken.",
    421: "This is not the desk's address: use the one that the terminal shows.",
}


class Pages:
    """Answers as HTML. Nothing here is logged, and no title or address says anything of a document."""

    def __init__(self, at: str, csrf: str, actor: str, idle_s: float) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters |= {"plain": words.plain, "sentence": words.sentence}
        self._all = {"at": at, "csrf": csrf, "actor": actor, "idle_s": round(idle_s)}

    def listed(self, waiting: Sequence[Waiting], is_open: str | None) -> web.Response:
        held = [each for each in waiting if not each.is_second_look]
        drawn = [each for each in waiting if each.is_second_look]
        told = [reason for each in held if isinstance(each.event, ReviewRequested) for reason in each.event.reasons]
        return self._page("list.html", held=held, drawn=drawn, reasons=list(dict.fromkeys(told)), is_open=is_open)

    def unopened(self, id: str) -> web.Response:
        return self._page("unopened.html", 404, id=id)

    def copy(self, look: Look, said: Said, problem: str = "", status: int = 200) -> web.Response:
        """The open copy with its form; `said` as it was sent where it has a `problem`."""
        opened = look.opened
        event = opened.waiting.event
        filled = {"look": look.id, "opened": opened, "event": event, "said": said, "problem": problem}
        filled |= {"data": data(opened), "places": places(opened.waiting)}
        filled |= {"kinds": [kind.value for kind in Kind if kind not in (Kind.INK, Kind.UNREADABLE)]}
        if isinstance(event, SampleDrawn):
            title = profile.load(event.profile).title if event.profile in profile.names() else ""
            choices = [(saw.value, *words.SAW[saw]) for saw in Saw]
            return self._page("second_look.html", status, **filled, choices=choices, title=title)
        return self._page(
            "copy.html",
            status,
            **filled,
            anywhere=[reason for reason in event.reasons if reason not in {p.reason for p in event.places}],
            answerable=[reason for reason in event.reasons if reason in ANSWERABLE],
            unanswerable=[reason for reason in event.reasons if reason not in ANSWERABLE],
            choices=[
                (choice.value, *words.CHOICES[choice], [(g.value, words.GROUNDS[g]) for g in sorted(GROUNDS[choice])])
                for choice in ReviewChoice
            ],
        )

    def came(self, ending: Ending, waiting: Sequence[Waiting]) -> web.Response:
        """What came of a decision, and what to look at next: what was held again last of all."""
        others = [each for each in waiting if each.id != ending.waiting.id]
        again = next((each for each in waiting if each.id == ending.waiting.id), None)
        title, sentence = words.CAME[ending.came.what]
        choice = ending.decision.choice if isinstance(ending.decision, Decision) else None
        if (ending.came.what, choice) == (What.HELD_AGAIN, ReviewChoice.RELEASE):
            sentence = words.SIGNED if Reason.SECOND_SIGN_OFF in ending.came.reasons else words.NOT_AS_SHOWN
        is_unasked = ending.came.what is What.WITHHELD and choice is not ReviewChoice.WITHHOLD
        return self._page(
            "came.html",
            ending=ending,
            title=title,
            told=sentence,
            is_unasked=is_unasked,
            again=again if ending.came.what is What.HELD_AGAIN else None,
            next=others[0] if others else None,
            left=len(waiting),
        )

    def failed(self, told: str, status: int) -> web.Response:
        return self._page("said.html", status, told=told, is_known=status != 200)

    def refused(self, status: int) -> web.Response:
        return self._page("said.html", status, told=_REFUSED.get(status, _REFUSED[403]), is_known=False)

    def _page(self, name: str, status: int = 200, **filled: Any) -> web.Response:
        text = self._templates.get_template(name).render(**self._all, **filled)
        return web.Response(text=text, status=status, content_type="text/html")


def places(waiting: Waiting) -> list[dict[str, Any]]:
    """Where to look, page by page from the top, each box once with all that is said of it."""
    again, found = set(waiting.again), dict[tuple[int, int, int, int, int], list[Place]]()
    for place in waiting.places:
        found.setdefault((place.page, place.top, place.left, place.right, place.bottom), []).append(place)
    return [
        {
            "page": page + 1,
            "box": (left, top, right, bottom),
            "kinds": ", ".join(dict.fromkeys(words.plain(place.kind.value) for place in there)),
            "reasons": list(dict.fromkeys(_reason(place, place in again) for place in there)),
        }
        for (page, top, left, right, bottom), there in sorted(found.items())
    ]


def _reason(place: Place, shows_again: bool) -> tuple[str, str]:
    """A short name and a sentence."""
    if shows_again:
        return "shows again", "Was black in the copy before and is not now: burn it, or look."
    return words.plain(place.reason.value), words.sentence(Reason(place.reason))


def data(opened: Opened) -> Mapping[str, Any]:
    """For the script: sizes of the pictures and of what can be marked on them, and the black boxes."""
    return {
        "pictures": opened.pictures,
        "sizes": opened.sizes,
        "boxes": [
            [box.page + 1, box.left, box.top, box.right, box.bottom, words.plain(box.kind.value), words.why(box)]
            for box in opened.boxes
        ],
    }
