"""Whether a finished copy is built as it may be, page by page, and solid where the masker says that it burned."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

import pymupdf

from detectors.errors import Reason, RedoubtError
from policies.attack.finished.allowed import Image, Walk
from policies.attack.finished.below import alone, grown, is_below
from policies.attack.finished.pdf import Finished, Name, Ref, held, parse
from policies.attack.finished.raster import FinishedPage, finished_page, solid
from policies.attack.report import Claim


@dataclass(frozen=True, slots=True)
class _Page:
    """A page's object, its image, and the numbers of the objects that make it up."""

    kid: Ref
    image: Image
    objects: Set[int]


def check_structure(finished: bytes | Finished, claim: Claim) -> tuple[Reason, ...]:
    """Every reason not to release the file by its structure; empty where it is as claimed.

    Looks at objects, page count and sizes, and at the pixels of every burned region and of the notice below each page,
    which no later look is shown; holds one page at a time.
    """
    copy = held(finished)
    try:
        walk = Walk(copy, parse(copy))
        pages = _pages(walk)
    except RedoubtError as error:
        return (error.reason,)
    except zlib.error:
        return (Reason.FORBIDDEN_OBJECT,)
    sizes = [(page.image.width, page.image.height) for page in pages]
    wanted = [grown(size, claim.notice) for size in claim.page_sizes]
    counted = sizes == wanted and len(claim.burned) == len(sizes)
    if not counted or not _same_count(walk, len(sizes)):
        return (Reason.PAGE_COUNT_CHANGED,)
    reasons: list[Reason] = []
    for number, burned in enumerate(claim.burned):
        try:
            page = _shown(walk, pages[number])
        except RedoubtError as error:
            reasons.append(error.reason)
            continue
        except zlib.error:
            reasons.append(Reason.FORBIDDEN_OBJECT)
            continue
        height, width = page.pixels.shape[:2]
        if (width, height) != wanted[number]:
            reasons.append(Reason.PAGE_COUNT_CHANGED)
        elif claim.notice is not None and not is_below(page, claim.page_sizes[number], claim.notice):
            reasons.append(Reason.FORBIDDEN_OBJECT)
        elif not solid(alone(page, claim.page_sizes[number]), burned):
            reasons.append(Reason.REGION_NOT_SOLID)
    return tuple(dict.fromkeys(reasons))


def sheets(finished: bytes | Finished, pages: Iterable[int]) -> Iterator[bytes]:
    """A file of its own for each of these pages of a finished copy, which count from 0.

    Its objects are the page's, byte for byte as they lie in the copy: who reads one page needs not the rest of a chart.
    What its image holds `check_structure` has seen.
    Raises RedoubtError(FORBIDDEN_OBJECT) where the copy has another form, or no such page.
    """
    copy = held(finished)
    walk = Walk(copy, parse(copy))
    kids, tree = walk.kids(), walk.tree()
    for page in pages:
        if not 0 <= page < len(kids):
            raise RedoubtError(Reason.FORBIDDEN_OBJECT)
        try:
            yield _sheet(walk, _page(walk, kids[page], tree), tree)
        except zlib.error:
            raise RedoubtError(Reason.FORBIDDEN_OBJECT) from None


def _same_count(walk: Walk, pages: int) -> bool:
    """Whether a common viewer, too, sees so many pages; images tell it nothing, and it is given none."""
    images = {number for number, stored in walk.parsed.objects.items() if _is_image(stored.value)}
    hollow = _file(walk, set(walk.parsed.objects), dict.fromkeys(images, b"null"))
    try:
        with pymupdf.open(stream=hollow, filetype="pdf") as document:
            return int(document.page_count) == pages and not document.is_repaired
    except (RuntimeError, ValueError):
        return False


def _is_image(value: object) -> bool:
    return isinstance(value, dict) and value.get("Subtype") == Name("Image")


def _pages(walk: Walk) -> list[_Page]:
    """All of a copy. Raises RedoubtError(FORBIDDEN_OBJECT), where an object is of no page, too, and zlib.error."""
    kids, tree = walk.kids(), walk.tree()
    found = [_page(walk, kid, tree) for kid in kids]
    if walk.seen.union(*(page.objects for page in found)) != set(walk.parsed.objects):
        raise RedoubtError(Reason.FORBIDDEN_OBJECT)
    return found


def _page(walk: Walk, kid: Ref, tree: Ref) -> _Page:
    alone = Walk(walk.copy, walk.parsed)
    return _Page(kid, alone.image(kid, tree), alone.seen)


def _shown(walk: Walk, page: _Page) -> FinishedPage:
    """The page as a viewer shows it. Raises RedoubtError(FORBIDDEN_OBJECT, UNREADABLE_PAGE), zlib.error."""
    samples = walk.samples(page.image)
    if samples is None:
        return finished_page(_sheet(walk, page, walk.tree()), 0)
    return FinishedPage(samples, page.image.dpi, False)


def _sheet(walk: Walk, page: _Page, tree: Ref) -> bytes:
    """A file of that page alone."""
    return _file(walk, page.objects, {tree.number: b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % page.kid.number})


def _file(walk: Walk, numbers: Set[int], instead: Mapping[int, bytes]) -> bytes:
    """A file of these objects and the catalog, as they lie in the copy but for those that have something `instead`."""
    root = walk.parsed.trailer.get("Root")
    if not isinstance(root, Ref):
        raise RedoubtError(Reason.FORBIDDEN_OBJECT)
    chosen = sorted({root.number, *numbers, *instead})
    out, table = bytearray(b"%PDF-1.7\n"), bytearray(b"xref\n0 1\n0000000000 65535 f \n")
    for number in chosen:
        table += b"%d 1\n%010d 00000 n \n" % (number, len(out))
        if number in instead:
            out += b"%d 0 obj\n%s\nendobj\n" % (number, instead[number])
        else:
            out += walk.copy.read(*walk.parsed.objects[number].extent) + b"\n"
    entries = (chosen[-1] + 1, root.number, len(out))
    return bytes(out + table) + b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % entries
