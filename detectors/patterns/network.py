"""E-mail addresses, web addresses, IP and hardware addresses. Nothing here asks the network for anything."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from detectors.findings import Kind
from detectors.patterns.base import Match, TextRecognizer, follows
from detectors.patterns.search.searcher import Searcher

_KNOWN = r"(?:com|org|net|edu|gov|mil|info|health|biz|io|co|us|uk|ca|de|fr|eu|me|app|care|med|clinic)"
"""Top-level domains trusted where an engine put blanks round the dot."""
_LOCAL_LIMIT = 80
"""Characters before the at sign that are looked at: RFC 5321 allows 64, the rest is for stray blanks."""


class MailAddressRecognizer(TextRecognizer):
    """Looks out from each at sign, so that blanks and line breaks inside an address do not hide it."""

    KINDS = (Kind.EMAIL,)
    _at = Searcher(r"\s{0,2}(?:[@\u00a9\u00ae\uff20]|[(\[{]\s?at\s?[)\]}])\s{0,2}", re.I)
    _local_reversed = re.compile(
        r"[\w%+'*\-]{1,64}(?:(?:(?!\n\.oN(?!\w))\s?\.\s?|\s?[\])}]\s?(?i:tod)\s?[\[({]\s?|-\n|(?<=_)[ ](?=\w)"
        r"|[ ](?=_))[\w%+'*\-]{1,64}){0,6}"
    )
    _domain = re.compile(
        r"[\w](?:[\w]|-\n?(?=\w)){0,62}(?:\s?[\[({]\s?dot\s?[\])}]\s?[\w-]{1,63}|\.[\w](?:[\w]|-\n?(?=\w)){0,62}){0,5}"
        rf"(?:(?:\s{{0,2}}[.,]\s{{0,2}}|(?<=gmail)\s|(?<=yahoo)\s|(?<=hotmail)\s|(?<=outlook)\s){_KNOWN}(?!\w)){{0,2}}",
        re.I,
    )
    _dot = re.compile(r"[\[({]dot[\])}]", re.I)
    _tail = re.compile(r"[a-z]{2,24}$", re.I)
    _labelled = Searcher(
        r"(?<!\w)e-?\s?mail(?:\s+address)?\s?[:=]\s{0,3}(?P<value>[\w.%+\-]{2,64}[\s@.\u00a9]{1,3}[\w.\-]{2,64}\.\w{2,12})",
        re.I,
    )

    def find(self, text: str) -> Iterator[Match]:
        for at in self._at.finditer(text):
            left = self._local_reversed.match(text[max(0, at.start() - _LOCAL_LIMIT) : at.start()][::-1])
            right = self._domain.match(text, at.end())
            if left is None or right is None:
                continue
            host = re.sub(r"\s", "", right.group())
            if "." not in host and not self._dot.search(host) and not re.search(rf"\s{_KNOWN}$", right.group(), re.I):
                # No dot at all: still an address where the sign is a true one and nothing but letters stand round it.
                if "@" not in at.group() or len(at.group()) > 1 or not self._tail.search(host):
                    continue
                yield Match(at.start() - left.end(), right.end(), Kind.EMAIL, 0.5)
                continue
            yield Match(at.start() - left.end(), right.end(), Kind.EMAIL, 0.95 if "@" in at.group() else 0.7)
        for hit in self._labelled.finditer(text):
            yield Match(hit.start("value"), hit.end("value"), Kind.EMAIL, 0.7)


class WebAddressRecognizer(TextRecognizer):
    """Addresses with a scheme or www, and bare host names under well-known domains."""

    KINDS = (Kind.URL,)
    _full = Searcher(
        r"(?<![a-z])(?:(?:https?|ftps?)\s?[:;]\s?/\s?/\s?|www\s?\.\s?)[^\s<>\"')\]]{3,300}"
        rf"(?:\s?\.\s?{_KNOWN}(?![\w])[^\s<>\"')\]]{{0,200}})?",
        re.I,
    )
    _bare = Searcher(
        rf"(?<![\w@.\-])[a-z0-9](?:[a-z0-9\-]{{0,62}})(?:\.[a-z0-9\-]{{1,63}}){{0,4}}\.{_KNOWN}(?![\w@\-])(?!\.\w)(?:/[^\s<>\"')\]]{{0,200}})?",
        re.I,
        needs=rf"(?i:\.{_KNOWN}(?![\w@\-]))",
        within=400,
    )

    def find(self, text: str) -> Iterator[Match]:
        for hit in self._full.finditer(text):
            yield Match(hit.start(), hit.start() + len(hit.group().rstrip(".,;:!?")), Kind.URL, 0.9)
        for hit in self._bare.finditer(text):
            if re.match(r"[a-z0-9\-]*[a-z]{2}", hit.group(), re.I):
                yield Match(hit.start(), hit.end(), Kind.URL, 0.6)


class NetworkAddressRecognizer(TextRecognizer):
    """IPv4 and IPv6 as `ipaddress` accepts them (ports and prefixes left outside), and hardware addresses."""

    KINDS = (Kind.IP_ADDRESS, Kind.DEVICE)
    _v4 = Searcher(r"(?<![\w.])\d{1,3}(?:\s?\.\s?\d{1,3}){3}(?![\w]|\.\d)")
    _v6 = Searcher(
        r"(?<![\w:.])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:\.\d{1,3}){0,3}(?![\w:])",
        re.I,
        needs=r":[\dA-Fa-f]{0,4}:",
        within=4,
    )
    _mac = Searcher(r"(?<![\w:\-])[0-9a-f]{2}([:\-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}(?![\w:\-])", re.I)
    _version = re.compile(r"(?:version|\bver\.?|\bv|release|build|section|oid)\W{0,2}$", re.I)

    def find(self, text: str) -> Iterator[Match]:
        for hit in self._v4.finditer(text):
            if all(int(part) <= 255 for part in re.findall(r"\d+", hit.group())) and not follows(
                self._version, text, hit.start(), 12
            ):
                yield Match(hit.start(), hit.end(), Kind.IP_ADDRESS, 0.8 if " " not in hit.group() else 0.5)
        for hit in self._v6.finditer(text):
            value = hit.group()
            if sum(c != ":" for c in value) >= 2 and _is_v6(value):
                yield Match(hit.start(), hit.end(), Kind.IP_ADDRESS, 0.8)
        for hit in self._mac.finditer(text):
            yield Match(hit.start(), hit.end(), Kind.DEVICE, 0.8)


def _is_v6(value: str) -> bool:
    try:
        ipaddress.IPv6Address(value)
    except ValueError:
        return False
    return True
