"""Resolvers of shares, multiples and ranks."""

from __future__ import annotations

from decimal import Decimal

from hkextract.extract import numerals
from hkextract.extract.drafts import Draft, Lexicon, qualified_by, scaled
from hkextract.extract.matching import Found

HALF = Decimal("0.5")


def percent_words(found: Found, lexicon: Lexicon) -> Draft | None:
    """`百分之三`: so many of a hundred, a thousand or ten thousand, in percent."""
    whole = numerals.parse(found.part("whole"))
    read = numerals.bounds(found.part("n"))
    top = numerals.parse(found.part("n2")) if found.part("n2") else None
    if read is None or not whole:
        return None
    low, high, qualifier = read
    if top is not None:
        high, qualifier = top, "range"
    draft = scaled(Draft("percent", found.start, found.end, low, high, qualifier, "%"), 100 / whole)
    return qualified_by(draft, found, lexicon, "t", "a")


def _hundredths(found: Found, digit: str, half: str) -> Decimal:
    """What stands behind 成: `三成四` has four, `三成半` five."""
    if text := found.part(digit):
        return numerals.parse(text) or Decimal(0)
    return Decimal(5 if found.part(half) else 0)


def tenths(found: Found, lexicon: Lexicon) -> Draft | None:
    """`三成半` is 35, `七五折` is 75, in percent."""
    text = found.part("n")
    value = numerals.parse(text)
    if value is None:
        return None
    size = 1 if value > 10 and len(text) == 2 else 10
    neighbours = numerals.bounds(text) if found.rule.id != "percent-discount" else None
    if neighbours and neighbours[2] == "range":
        low, high, qualifier = neighbours[0], neighbours[1], "range"
        draft = Draft("percent", found.start, found.end, low, high, qualifier, "%")
        return scaled(draft, Decimal(10)).qualified(lexicon.after(found.part("a")))
    value *= size
    top = numerals.parse(found.part("n2")) if found.part("n2") else None
    if top is None:
        high = value = value + _hundredths(found, "d", "half")
    else:
        value += _hundredths(found, "d1", "half1")
        high = top * 10 + _hundredths(found, "d", "half")
    if high < value:
        return None
    draft = Draft("percent", found.start, found.end, value, high, "exact" if top is None else "range", "%")
    return qualified_by(draft, found, lexicon, "m", "t", "a")


def fraction(found: Found, lexicon: Lexicon) -> Draft | None:
    """`三分之二`, `四分一`: a share below one, in percent; without 之 only of single numerals."""
    value = numerals.fraction(found.part("n"), found.part("whole"))
    whole = numerals.parse(found.part("whole"))
    if value is None or whole is None or value > 100 or value == 0:
        return None
    if not found.part("of") and not len(found.part("n")) == len(found.part("whole")) == 1:
        return None
    return Draft("percent", found.start, found.end, value, value, unit="%").qualified(lexicon.after(found.part("a")))


def half_share(found: Found, lexicon: Lexicon) -> Draft | None:
    """`一半`: 50 percent."""
    value = 100 * HALF
    draft = Draft("percent", found.start, found.end, value, value, unit="%")
    return qualified_by(draft, found, lexicon, "a")


def half_tenth(found: Found, lexicon: Lexicon) -> Draft | None:
    """`半成`: 5 percent; `半厘`: 0.5."""
    word = found.part("u")
    value = HALF if word else 10 * HALF
    unit = lexicon.units.get(word).name if word else "%"
    return qualified_by(Draft("percent", found.start, found.end, value, value, unit=unit), found, lexicon, "a")


def doubling(found: Found, lexicon: Lexicon) -> Draft | None:  # noqa: ARG001
    """翻一番 is 2, 翻两番 is 4, 减半 is 0.5."""
    value = Decimal(2)
    if found.part("half"):
        value = HALF
    elif found.part("n"):
        value = Decimal(2) ** int(numerals.parse(found.part("n")) or 1)
    return Draft("multiple", found.start, found.end, value, value)


def ratio(found: Found, lexicon: Lexicon) -> Draft | None:  # noqa: ARG001
    """`1:8` is 8, `2比1` is 2: how many times the larger number holds the smaller."""
    first, second = numerals.parse(found.part("n")), numerals.parse(found.part("n2"))
    if not first or not second:
        return None
    value = numerals.rounded(max(first, second) / min(first, second), 10)
    return Draft("multiple", found.start, found.end, value, value)


def _marked(found: Found) -> int:
    """Where a rank begins: with the 第 or 前 before its number, which the rule names `mark`."""
    return found.match.start("mark") if found.part("mark") else found.start


def rank(found: Found, lexicon: Lexicon) -> Draft | None:  # noqa: ARG001
    """A place in an order, with its 第."""
    value = numerals.parse(found.part("n"))
    if value is None:
        return None
    return Draft("rank", _marked(found), found.end, value, value, unit=found.part("u"), scoped=True)


def top(found: Found, lexicon: Lexicon) -> Draft | None:  # noqa: ARG001
    """All places down to a number: no lower bound."""
    value = numerals.parse(found.part("n"))
    if value is None or value < 2:
        return None
    return Draft("rank", _marked(found), found.end, None, value, "max", found.part("u"), scoped=True)
