"""What the robots.txt of a site allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one site (RFC 9309, with the wildcards of paths and Crawl-delay)."""

    _parsed: Any

    def allows(self, name: str, url: str) -> bool:
        """True where a program of that name may fetch an address."""
        return bool(self._parsed.can_fetch(url, name))

    def pause(self, name: str) -> float:
        """Seconds between two requests that the site asks for, 0 where it asks for none."""
        return float(self._parsed.crawl_delay(name) or 0.0)


def robots_of(data: bytes) -> Robots:
    """The rules that a robots.txt holds; nothing in it, or no such file (empty bytes), allows everything."""
    from protego import Protego

    return Robots(Protego.parse(data.decode("utf-8-sig", "replace")))
