"""Resolvers of quantities: a number, or several, with units."""

from __future__ import annotations

from decimal import Decimal

from hkextract.extract import numerals
from hkextract.extract.drafts import Draft, Lexicon, qualified_by
from hkextract.extract.matching import Found
from hkextract.extract.sums import money

HALF = Decimal("0.5")
DAY = 86400
"""Seconds; a night beside as many days adds nothing."""


def quantity(found: Found, lexicon: Lexicon) -> Draft | None:
    """A number with a unit, `m` between them, `t` after them."""
    read = numerals.bounds(found.part("n"))
    if read is None:
        return None
    unit = lexicon.units.get(found.part("u"))
    low, high, qualifier = read
    if found.part("half"):
        low, high = (None if end is None else end + HALF for end in (low, high))
    kind = found.rule.kind if found.rule.kind != "quantity" else unit.kind
    draft = Draft(kind, found.start, found.end, low, high, qualifier, unit.name, si=unit)
    after = found.part("a")
    if kind == "duration" and after in lexicon.words["within"]:
        draft.end -= len(after)
        return draft
    return qualified_by(draft, found, lexicon, "m", "t", "a")


def halves(found: Found, lexicon: Lexicon) -> Draft | None:
    """`半年`, `一个半小时`, `个半钟`: a half, after a whole number or after a 个 that means one."""
    number = found.part("n") or found.part("minutes")
    whole = numerals.parse(number) if number else Decimal(0)
    start = found.start
    for one in ("one", "one_minute"):
        if found.part(one):
            whole, start = Decimal(1), found.match.start(one)
    if whole is None:
        return None
    in_minutes = found.part("minutes") or found.part("one_minute")
    unit = (
        lexicon.units.minute(next(iter(lexicon.words["minute"]))) if in_minutes else lexicon.units.get(found.part("u"))
    )
    value = whole + HALF
    draft = Draft(unit.kind, start, found.end, value, value, "exact", unit.name, si=unit)
    return qualified_by(draft, found, lexicon, "m", "a")


def part_of_unit(found: Found, lexicon: Lexicon) -> Draft | None:
    """`四分之一公升` is 0.25 公升."""
    share = numerals.fraction(found.part("n"), found.part("whole"))
    if share is None or (not found.part("of") and len(found.part("n")) > 1):
        return None
    unit = lexicon.units.get(found.part("u"))
    draft = Draft(unit.kind, found.start, found.end, share / 100, share / 100, unit=unit.name, si=unit)
    return qualified_by(draft, found, lexicon, "a")


def height(found: Found, lexicon: Lexicon) -> Draft | None:
    """`1米8`, `1米75`, `46秒40`: the digits after the unit are its decimals."""
    whole, digits = numerals.parse(found.part("n")), found.part("d")
    decimals = numerals.parse(digits)
    if whole is None or decimals is None:
        return None
    value = whole + decimals.scaleb(-len(digits))
    unit = lexicon.units.get(found.part("u"))
    draft = Draft(unit.kind, found.start, found.end, value, value, unit=unit.name, si=unit)
    return qualified_by(draft, found, lexicon, "a")


def value_range(found: Found, lexicon: Lexicon) -> Draft | None:
    """Two numbers; the second lends the first its scale, its unit or its currency."""
    first, second = found.part("n"), found.part("n2")
    is_money = found.rule.kind == "money"
    unit2 = lexicon.units.get(found.part("u2"))
    unit1 = lexicon.units.get(found.part("u")) if found.part("u") else unit2
    shares = not (found.part("cur1") if is_money else found.part("u"))
    low = numerals.bounds(numerals.share_scale(first, second) if shares else first)
    high = numerals.bounds(second)
    if low is None or high is None or low[0] is None:
        return None
    top = high[1] if high[1] is not None else high[0]
    if not is_money and unit1.size and unit2.size and unit1.size != unit2.size and top is not None:
        top = numerals.rounded(top * unit2.size / unit1.size, 6)
    if signed := _below_zero(found, lexicon, low[0], top):
        signed.unit, signed.si = unit1.name, unit1
        return signed
    if top is None or low[0] > top or unit1.kind != unit2.kind or found.part("below"):
        return None
    if unit1.kind == "percent" and unit1.name != unit2.name:
        return None
    kind = found.rule.kind if found.rule.kind != "quantity" else unit1.kind
    draft = Draft(kind, found.start, found.end, low[0], top, "range", si=None if is_money else unit1)
    if is_money:
        draft.currency = lexicon.currency(found.part("cur"))
    else:
        draft.unit = unit1.name
    after = lexicon.after(found.part("a"))
    return draft.qualified(after) if after != "approx" else draft


def _below_zero(found: Found, lexicon: Lexicon, first: Decimal, second: Decimal | None) -> Draft | None:
    """`零下5摄氏度至10摄氏度`: temperatures with a sign at either end; 零下 before two bare numbers holds for both."""
    words = lexicon.words
    unit = found.part("u2")
    if second is None or not (lexicon.units.get(unit).kind == "temperature" or unit in words["degree"]):
        return None
    before = found.match.string[max(0, found.start - 2) : found.start]
    sign = next((word for word in words["below_zero"] if before.endswith(word)), "")
    if not sign and not found.part("below"):
        return None
    shared = not found.part("u") and words["below_zero"].category(sign) == "both"
    ends = [-first if sign else first, -second if found.part("below") or shared else second]
    return Draft("temperature", found.start - len(sign), found.end, min(ends), max(ends), "range")


def compound(found: Found, lexicon: Lexicon) -> Draft | None:
    """Several units of one kind, each smaller than the one before it; the value is in the first unit."""
    units = lexicon.units
    first = units.minute(found.part("u"))
    total = numerals.parse(found.part("n"))
    size = first.size
    for name, number in (("u2", "n2"), ("u3", "n3")):
        word, value = found.part(name), numerals.parse(found.part(number))
        if not word:
            continue
        if total is None or value is None:
            return None
        if word in lexicon.words["night"]:
            if first.size != DAY:
                return None
            continue
        unit = units.minute(word)
        if unit.kind != first.kind or not unit.size or not size or unit.size >= size:
            return None
        total, size = total + value * unit.size / first.size, unit.size
    if total is None or not first.size:
        return None
    total = numerals.rounded(total, 9)
    draft = Draft(first.kind, found.start, found.end, total, total, unit=first.name, si=first)
    return qualified_by(draft, found, lexicon, "a")


def minutes_half(found: Found, lexicon: Lexicon) -> Draft | None:
    """`五分半` is 5.5 minutes."""
    value = numerals.parse(found.part("n"))
    if value is None:
        return None
    unit = lexicon.units.minute(found.part("u"))
    draft = Draft("duration", found.start, found.end, value + HALF, value + HALF, unit=unit.name, si=unit)
    return qualified_by(draft, found, lexicon, "a")


def listed(found: Found, lexicon: Lexicon) -> Draft | None:
    """A number whose unit stands after the last number of its list."""
    if found.part("cur"):
        return money(found, lexicon)
    return quantity(found, lexicon)


def plain(found: Found, lexicon: Lexicon) -> Draft | None:
    """A number without a unit."""
    read = numerals.bounds(found.part("n"))
    if read is None:
        return None
    draft = Draft(found.rule.kind, found.start, found.end, *read)
    return qualified_by(draft, found, lexicon, "m", "a")


def vague(found: Found, lexicon: Lexicon) -> Draft | None:  # noqa: ARG001
    """`数以千计`: a count that states only its scale."""
    read = numerals.several(found.part("n"))
    return None if read is None else Draft("count", found.start, found.end, *read)
