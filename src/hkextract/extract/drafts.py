"""From the parts of a match to the values of an amount: one pure function a resolver, named in the rules.

A resolver takes what a rule matched and gives a `Draft`, or None where the match is no amount after all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from hkextract.extract import numerals
from hkextract.extract.matching import Found
from hkextract.extract.units import Unit, Units
from hkextract.rules import RuleSet

HALF = Decimal("0.5")
ROUNDED = {"多": "min", "余": "min", "有余": "min", "起": "min", "来": "approx"}


@dataclass(frozen=True, slots=True)
class Draft:
    """The values of a mention before what stands to its left and around it is read. Offsets are clean, half-open."""

    kind: str
    start: int
    end: int
    low: Decimal | None
    high: Decimal | None
    qualifier: str = "exact"
    unit: str = ""
    currency: str = ""
    si: Unit | None = None
    scoped: bool = False

    def qualified(self, qualifier: str) -> Draft:
        """With a qualifier added: a bound opens the other end, approx only marks what was exact."""
        if qualifier == "min":
            return replace(self, low=self.low if self.low is not None else self.high, high=None, qualifier="min")
        if qualifier == "max":
            return replace(self, low=None, high=self.high if self.high is not None else self.low, qualifier="max")
        if qualifier == "approx" and self.qualifier == "exact":
            return replace(self, qualifier="approx")
        return self


class Lexicon:
    """The word lists of the table of amounts that resolvers look things up in."""

    def __init__(self, table: RuleSet) -> None:
        self.units = Units(table)
        self.words = table.words
        self._currencies = sorted(
            ((word, code) for name in ("currency", "currency_sign") for code in table.words[name].categories
             for word in table.words[name].categories[code] if code != "unknown"),
            key=lambda item: -len(item[0]),
        )  # fmt: skip

    def currency(self, text: str) -> str:
        """The ISO 4217 code of the currency that a text names, empty where it names none (a bare 元)."""
        return next((code for word, code in self._currencies if word in text), "")

    def after(self, text: str) -> str:
        return ROUNDED.get(text) or self.words["after"].category(text)


Resolver = Callable[[Found, Lexicon], Draft | None]


def quantity(found: Found, lexicon: Lexicon) -> Draft | None:
    """A number with a unit, `m` between them, `t` after them."""
    read = numerals.bounds(found.part("n"))
    if read is None:
        return None
    unit = lexicon.units.get(found.part("u"))
    low, high, qualifier = read
    if found.part("t") == "半":
        low, high = (None if end is None else end + HALF for end in (low, high))
    kind = found.rule.kind if found.rule.kind != "quantity" else unit.kind
    draft = Draft(kind, found.start, found.end, low, high, qualifier, _unit_name(unit), si=unit)
    if kind == "percent" and unit.size not in (0, 1):
        draft = _scaled(draft, unit.size)
    after = found.part("a")
    if kind == "duration" and after in lexicon.words["within"]:
        return replace(draft, end=draft.end - len(after))
    for part in ("m", "t", "a"):
        draft = draft.qualified(lexicon.after(found.part(part)))
    return draft


def halves(found: Found, lexicon: Lexicon) -> Draft | None:
    """`半年`, `一个半小时`, `个半钟`: a half, after a whole number or after a 个 that means one."""
    number = found.part("n") or found.part("n1")
    whole = numerals.parse(number) if number else Decimal(0)
    start = found.start
    word = found.part("u")
    before = found.match.string[start - 1 : start]
    if not number and (before == "个" or (before == "分" and word == "钟")):
        whole, start = Decimal(1), start - 1
    if whole is None:
        return None
    unit = lexicon.units.get("分钟" if found.part("n1") or before == "分" else word)
    value = whole + HALF
    draft = Draft(unit.kind, start, found.end, value, value, "exact", _unit_name(unit), si=unit)
    for part in ("m", "a"):
        draft = draft.qualified(lexicon.after(found.part(part)))
    return draft


def part_of_unit(found: Found, lexicon: Lexicon) -> Draft | None:
    """`四分之一公升` is 0.25 公升."""
    share = numerals.fraction(found.part("n"), found.part("whole"))
    if share is None or ("之" not in found.match.group() and len(found.part("n")) > 1):
        return None
    unit = lexicon.units.get(found.part("u"))
    draft = Draft(unit.kind, found.start, found.end, share / 100, share / 100, unit=_unit_name(unit), si=unit)
    return draft.qualified(lexicon.after(found.part("a")))


def height(found: Found, lexicon: Lexicon) -> Draft | None:
    """`1米8`, `1米75`: the digits after 米 are its decimals."""
    whole, digits = numerals.parse(found.part("n")), found.part("d")
    decimals = numerals.parse(digits)
    if whole is None or decimals is None:
        return None
    value = whole + decimals.scaleb(-len(digits))
    unit = lexicon.units.get(found.part("u"))
    draft = Draft("length", found.start, found.end, value, value, unit=unit.name, si=unit)
    return draft.qualified(lexicon.after(found.part("a")))


def _scaled(draft: Draft, size: Decimal) -> Draft:
    low, high = (None if end is None else end * size for end in (draft.low, draft.high))
    return replace(draft, low=low, high=high)


def _unit_name(unit: Unit) -> str:
    return "%" if unit.name == "％" else unit.name


def money(found: Found, lexicon: Lexicon) -> Draft | None:
    """A number with a currency; an English scale multiplies it."""
    read = numerals.bounds(found.part("n"))
    if read is None:
        return None
    draft = Draft("money", found.start, found.end, *read, currency=lexicon.currency(found.part("cur")))
    if scale := found.part("scale"):
        draft = _scaled(draft, Decimal(lexicon.words["english"].category(scale)))
    for part in ("m", "a"):
        draft = draft.qualified(lexicon.after(found.part(part)))
    return draft


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
        top = (top * unit2.size / unit1.size).quantize(Decimal("1e-6")).normalize() + 0
    if top is None or low[0] > top or unit1.kind != unit2.kind or unit1.size != unit2.size and unit1.kind == "percent":
        return None
    kind = found.rule.kind if found.rule.kind != "quantity" else unit1.kind
    draft = Draft(kind, found.start, found.end, low[0], top, "range", si=None if is_money else unit1)
    if is_money:
        draft = replace(draft, currency=lexicon.currency(found.part("cur")))
    else:
        draft = replace(draft, unit=_unit_name(unit1))
    after = lexicon.after(found.part("a"))
    return draft.qualified(after) if after != "approx" else draft


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
            if first.name != "天":
                return None
            continue
        unit = units.minute(word)
        if unit.kind != first.kind or not unit.size or not size or unit.size >= size:
            return None
        total, size = total + value * unit.size / first.size, unit.size
    if total is None or not first.size:
        return None
    total = total.quantize(Decimal("1e-9")).normalize() + 0
    draft = Draft(first.kind, found.start, found.end, total, total, unit=first.name, si=first)
    return draft.qualified(lexicon.after(found.part("a")))


def minutes_half(found: Found, lexicon: Lexicon) -> Draft | None:
    value = numerals.parse(found.part("n"))
    if value is None:
        return None
    unit = lexicon.units.get("分钟")
    draft = Draft("duration", found.start, found.end, value + HALF, value + HALF, unit="分钟", si=unit)
    return draft.qualified(lexicon.after(found.part("a")))


def listed(found: Found, lexicon: Lexicon) -> Draft | None:
    """A number whose unit stands after the last number of its list."""
    if found.part("cur"):
        draft = money(found, lexicon)
        return None if draft is None else replace(draft, end=found.end)
    return quantity(found, lexicon)


def plain(found: Found, lexicon: Lexicon) -> Draft | None:
    """A number without a unit."""
    read = numerals.bounds(found.part("n"))
    if read is None:
        return None
    draft = Draft(found.rule.kind, found.start, found.end, *read)
    for part in ("m", "a"):
        draft = draft.qualified(lexicon.after(found.part(part)))
    return draft


def vague(found: Found, lexicon: Lexicon) -> Draft | None:  # noqa: ARG001
    read = numerals.bounds("数" + found.part("n"))
    return None if read is None else Draft("count", found.start, found.end, *read)


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
    if not coin and (found.part("cur") not in "块蚊" or part >= 10):
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
    draft = _scaled(Draft("percent", found.start, found.end, low, high, qualifier, "%"), 100 / whole)
    for part in ("t", "a"):
        draft = draft.qualified(lexicon.after(found.part(part)))
    return draft


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
        return _scaled(draft, Decimal(10)).qualified(lexicon.after(found.part("a")))
    value *= size
    if digit := found.part("d"):
        value += 5 if digit == "半" else numerals.parse(digit) or 0
    top = numerals.parse(found.part("n2")) if found.part("n2") else None
    high = value if top is None else top * 10
    if high < value:
        return None
    draft = Draft("percent", found.start, found.end, value, high, "exact" if top is None else "range", "%")
    for part in ("m", "t", "a"):
        draft = draft.qualified(lexicon.after(found.part(part)))
    return draft


def fraction(found: Found, lexicon: Lexicon) -> Draft | None:
    value = numerals.fraction(found.part("n"), found.part("whole"))
    whole = numerals.parse(found.part("whole"))
    if value is None or whole is None or value > 100 or value == 0:
        return None
    return Draft("percent", found.start, found.end, value, value, unit="%").qualified(lexicon.after(found.part("a")))


def doubling(found: Found, lexicon: Lexicon) -> Draft | None:  # noqa: ARG001
    """翻一番 is 2, 翻两番 is 4, 减半 is 0.5."""
    value = Decimal(2)
    if found.part("half"):
        value = HALF
    elif found.part("n"):
        value = Decimal(2) ** int(numerals.parse(found.part("n")) or 1)
    return Draft("multiple", found.start, found.end, value, value)


def ratio(found: Found, lexicon: Lexicon) -> Draft | None:  # noqa: ARG001
    """1:8 is 0.125."""
    first, second = numerals.parse(found.part("n")), numerals.parse(found.part("n2"))
    if first is None or not second:
        return None
    value = (first / second).quantize(Decimal("1e-10")).normalize() + 0
    return Draft("multiple", found.start, found.end, value, value)


def rank(found: Found, lexicon: Lexicon) -> Draft | None:  # noqa: ARG001
    value = numerals.parse(found.part("n"))
    if value is None:
        return None
    return Draft("rank", found.start, found.end, value, value, unit=found.part("u"), scoped=True)


def top(found: Found, lexicon: Lexicon) -> Draft | None:  # noqa: ARG001
    """All places down to a number: no lower bound."""
    value = numerals.parse(found.part("n"))
    if value is None or value < 2:
        return None
    return Draft("rank", found.start, found.end, None, value, "max", found.part("u"), scoped=True)


RESOLVERS: Mapping[str, Resolver] = {
    "quantity": quantity, "money": money, "english": money, "percent": quantity, "multiple": quantity, "duration": quantity,
    "range": value_range, "compound": compound, "minutes_half": minutes_half, "listed": listed, "count": plain,
    "bare": plain, "cell": plain, "vague": vague, "prefixed": prefixed, "coins": coins, "coins_range": coins_range, "small": small,
    "percent_words": percent_words, "halves": halves, "height": height, "part_of_unit": part_of_unit, "tenths": tenths, "fraction": fraction, "doubling": doubling, "ratio": ratio,
    "rank": rank, "top": top,
}  # fmt: skip
