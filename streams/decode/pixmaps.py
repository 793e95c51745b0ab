"""What MuPDF draws of a page, as samples: in gray where nothing on the page has a colour."""

from __future__ import annotations

from typing import Any

import numpy as np
import pymupdf

from detectors.pages import Pixels


def rendered(listed: Any, dpi: float) -> Any:
    """The pixmap of a page's display list: gray where nothing on it has a colour, RGB otherwise.

    The gray levels are those that all three channels would have, at a third of the samples: most of what it takes to
    render a page is to fill, to look through and to hand on what says the same three times.
    """
    space = pymupdf.csGRAY if is_colourless(listed) else pymupdf.csRGB
    return listed.get_pixmap(pymupdf.Matrix(dpi / 72, dpi / 72), space, alpha=False)


def is_colourless(listed: Any) -> bool:
    """Whether a page's display list asks for gray alone. Pictures and shadings that are not of gray count as coloured:
    nobody looks at their samples."""
    mupdf = pymupdf.mupdf
    # MuPDF writes its answer there as long as the device lives; the wrapper that returns it frees it before.
    answer = mupdf.ll_fz_new_test_device_outparams()
    device = mupdf.FzDevice(mupdf.ll_fz_new_test_device_outparams_fn(0.0, 0, None, answer))
    everywhere = mupdf.FzRect(mupdf.FzRect.Fixed_INFINITE)
    try:
        mupdf.fz_run_display_list(listed.this, device, mupdf.FzMatrix(), everywhere, mupdf.FzCookie())
        mupdf.fz_close_device(device)
    except mupdf.FzErrorBase:
        return False  # it is drawn as ever, and says then what is the matter
    return not answer.is_color


def view(pixmap: Any) -> Pixels:
    """The pixmap's own samples, as long as it lives, of shape (height, width, channels)."""
    rows = np.frombuffer(pixmap.samples_mv, np.uint8).reshape(pixmap.height, pixmap.stride)
    return rows[:, : pixmap.width * pixmap.n].reshape(pixmap.height, pixmap.width, pixmap.n)
