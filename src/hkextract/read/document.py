"""What office documents state of themselves, as far as it can be believed.

The information of a document is mostly left over from a template or a file's name, and its date is the day on which it
was written or printed. So a title counts where it heads the text too, and a date where the text has none of its own.
"""

from __future__ import annotations

import datetime as dt
import re

from hkextract.article import Meta
from hkextract.read.markdown import iso_date
from hkextract.read.recorddates import OUTLETS_ZONE, iso_of

HEAD = 600
"""Characters from the beginning of a text in which its title stands and its own date would."""
SHORTEST = 4
"""Characters of a title; shorter ones are names of sections."""

_SPACE = re.compile(r"\s+")
_YEAR = re.compile(r"(?<![\d.,])((?:19|20)\d{2})(?=\s?[年/.-])")
_PDF_DATE = re.compile(r"D?:?(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?(?:([+-])(\d{2})'?(\d{2})?'?|(Z).*)?")


def document_meta(text: str, title: str, created: str) -> Meta:
    """The title and the day of a document where its text bears them out.

    `created` is ISO 8601 or a PDF's date. It counts where the head of the text holds no full date and the text names
    that year or the one before, if it names any.

    >>> document_meta("渔港翻新动工\\n工程周一开始。", "渔港翻新动工", "D:20241203090500+08'00'").published_at
    '2024-12-03'
    """
    head = _SPACE.sub("", text[:HEAD])
    title = _SPACE.sub(" ", title).strip("\0 ")
    if len(title) < SHORTEST or _SPACE.sub("", title) not in head:
        title = ""
    day = _day(created)
    if day and (iso_date(head) or not _fits(day, text)):
        day = ""
    return Meta(title=title, published_at=day, published_basis="file metadata" if day else "none")


def _fits(day: str, text: str) -> bool:
    years = {int(year) for year in _YEAR.findall(text)}
    return not years or bool(years & {int(day[:4]) - 1, int(day[:4])})


def _day(created: str) -> str:
    """The day of an instant in the zone of the outlets; empty for what is no date."""
    match = _PDF_DATE.fullmatch(created.strip())
    if match is None:
        return iso_of(created)[:10]
    year, month, day, hour, minute, _, sign, hours, minutes, utc = match.groups()
    shift = dt.timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
    zone = dt.timezone(shift) if hours else dt.UTC if utc else OUTLETS_ZONE
    try:
        begun = dt.datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), tzinfo=zone)
        return begun.astimezone(OUTLETS_ZONE).date().isoformat()
    except (ValueError, OverflowError):
        return ""
