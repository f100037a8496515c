"""Resolvers of money: sums with a currency, in ranges and with small change."""

from __future__ import annotations

from decimal import Decimal

from hkextract.extract import numerals
from hkextract.extract.drafts import Draft, Lexicon, qualified_by, scaled
from hkextract.extract.matching import Found


def money(found: Found, lexicon: Lexicon) -> Draft | None:
    """A number with a currency; an English scale multiplies it."""
    read = numerals.bounds(found.part("n"))
    if read is None:
        return None
    draft = Draft("money", found.start, found.end, *read, currency=lexicon.currency(found.part("cur")))
    if scale := found.part("scale"):
        draft = scaled(draft, Decimal(lexicon.words["english"].category(scale)))
    return qualified_by(draft, found, lexicon, "m", "a")


def prefixed(found: Found, lexicon: Lexicon) -> Draft | None:
    """A sum whose currency stands before it, one number or a range."""
    if not found.part("n2"):
        return money(found, lexicon)
    low = numerals.parse(numerals.share_scale(found.part("n"), found.part("n2")))
    high = numerals.parse(found.part("n2"))
    if low is None or high is None or low > high:
        return None
    return Draft("money", found.start, found.end, low, high, "range").qualified(lexicon.after(found.part("a")))


def coins(found: Found, lexicon: Lexicon) -> Draft | None:
    """`一块二`, `123元1角1分`: a sum with parts of its unit; a digit without its coin takes the next smaller one."""
    whole = numerals.parse(found.part("n"))
    part = numerals.parse(found.part("c1"))
    if whole is None or part is None:
        return None
    sizes = lexicon.words["coin"]
    coin = found.part("k1")
    if not coin and (lexicon.words["account"].category(found.part("cur")) != "spoken" or part >= 10):
        return None
    tenth = Decimal("0.1") if not found.part("zero") else Decimal("0.01")
    size = Decimal(sizes.category(coin)) if coin else tenth
    value = whole + part * size
    if found.part("c2"):
        value += (numerals.parse(found.part("c2")) or 0) * size / 10
    return Draft("money", found.start, found.end, value, value).qualified(lexicon.after(found.part("a")))


def coins_range(found: Found, lexicon: Lexicon) -> Draft | None:
    """Two sums with small change, each as it stands."""
    ends = [_change(lexicon, found.part(name)) for name in ("first", "second")]
    low, high = ends
    if low is None or high is None or low > high:
        return None
    return Draft("money", found.start, found.end, low, high, "range").qualified(lexicon.after(found.part("a")))


def _change(lexicon: Lexicon, text: str) -> Decimal | None:
    """The value of a sum with small change: 五元七毛八, 三毫, 五块六."""
    total, size = Decimal(0), Decimal(1)
    number = ""
    for char in text:
        if char in lexicon.words["account"]:
            value, number, size = numerals.parse(number), "", Decimal("0.1")
        elif coin := lexicon.words["coin"].category(char):
            value, number, size = numerals.parse(number), "", Decimal(coin) / 10
            value = None if value is None else value * Decimal(coin)
        else:
            number += char if char in numerals.DIGITS or char in numerals.SMALL or char.isdigit() or char == "." else ""
            size = Decimal("0.01") if char == "零" else size
            continue
        if value is None:
            return None
        total += value
    last = numerals.parse(number) if number else Decimal(0)
    return None if last is None else total + last * size


def cents(found: Found, lexicon: Lexicon) -> Draft | None:
    """`15美分`: hundredths of the unit of the currency they name."""
    read = numerals.bounds(found.part("n"))
    if read is None:
        return None
    currency = lexicon.words["cent"].category(found.part("cur"))
    draft = Draft("money", found.start, found.end, *read, currency=currency)
    return qualified_by(scaled(draft, Decimal("0.01")), found, lexicon, "m", "a")


def small(found: Found, lexicon: Lexicon) -> Draft | None:
    """`两角五分`, `五仙`: less than a unit of currency."""
    if cents := found.part("c3") or found.part("c4"):
        value = numerals.parse(cents)
        value = None if value is None else value / 100
    else:
        value = numerals.parse(found.part("c1"))
        size = Decimal(lexicon.words["coin"].category(found.part("k1")))
        if value is not None:
            value = value * size + (numerals.parse(found.part("c2")) or Decimal(0)) * size / 10
    return None if value is None else Draft("money", found.start, found.end, value, value)
