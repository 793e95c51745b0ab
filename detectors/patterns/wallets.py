"""Wallets of digital money: account numbers by 45 CFR 164.514(b)(2)(i)(J), told by their own alphabets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from detectors.findings import Kind
from detectors.patterns.base import Match, TextRecognizer
from detectors.patterns.search.searcher import Searcher

_BECH32: Final = Searcher(r"(?<![\w/])(?i:bc1|ltc1|tb1|addr1)[ac-hj-np-z02-9]{20,90}(?!\w)")
"""Segregated witness (BIP 173): no 1, b, i, o behind the prefix."""
_HEX: Final = Searcher(r"(?<![\w/])0x[0-9a-fA-F]{40}(?!\w)")
"""Ethereum and its kin: twenty bytes."""
_BASE58: Final = Searcher(r"(?<![\w/+=.-])[13LMDTrX][1-9A-HJ-NP-Za-km-z]{25,34}(?![\w/+=-])")
"""Bitcoin of the first years and its kin: neither 0, O, I nor l."""


class WalletRecognizer(TextRecognizer):
    """bc1q..., 0x and forty hexadecimal digits, 1BvBMSEYst...; a code of base 58 has all three kinds of signs."""

    KINDS = (Kind.ACCOUNT,)

    def find(self, text: str) -> Iterator[Match]:
        for rule in (_BECH32, _HEX):
            for hit in rule.finditer(text):
                yield Match(hit.start(), hit.end(), Kind.ACCOUNT, 0.9)
        for hit in _BASE58.finditer(text):
            if all(re.search(kind, hit[0]) for kind in (r"[a-z]", r"[A-Z]", r"[2-9]")):
                yield Match(hit.start(), hit.end(), Kind.ACCOUNT, 0.8)
