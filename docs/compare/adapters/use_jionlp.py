"""JioNLP: sums of money, lengths of time and dates, brought to our columns.

Mapped: a bare 元 is yuan, as JioNLP reads it; `blur+` is a lower bound, `blur-` an upper one except after 近, which
is approximate; a length of time is an amount in the unit that its span names; a stretch up to now, opened by 起 or
以来, is open, and one that runs from now to 前 is open at the start; a recurring date has no ends.
"""

from __future__ import annotations

import re

import jionlp

PACKAGE = "jionlp"
UNIT = "clause"

CURRENCIES = {
    "元": "CNY", "人民币": "CNY", "角": "CNY", "分": "CNY", "港元": "HKD", "港币": "HKD", "美元": "USD", "欧元": "EUR",
    "英镑": "GBP", "日元": "JPY", "韩元": "KRW", "澳元": "AUD", "澳门元": "MOP", "新台币": "TWD", "台币": "TWD",
    "加元": "CAD", "新加坡元": "SGD", "瑞士法郎": "CHF", "法郎": "CHF", "卢布": "RUB", "泰铢": "THB", "卢比": "INR",
}  # fmt: skip


def load() -> dict:
    return {"amounts": amounts, "dates": dates}


def amounts(text: str, published_at: str) -> list[dict]:
    rows = [_money(found) for found in jionlp.ner.extract_money(text, with_parsing=True) or []]
    rows += [_duration(found) for found in _times(text, published_at) if found["type"] == "time_delta"]
    return rows


def dates(text: str, published_at: str) -> list[dict]:
    return [_date(found) for found in _times(text, published_at) if found["type"] != "time_delta"]


def _times(text: str, published_at: str) -> list[dict]:
    year, month, day = (int(part) for part in published_at.split("-"))
    base = {"year": year, "month": month, "day": day}
    return jionlp.ner.extract_time(text, time_base=base, with_parsing=True) or []


def _span(found: dict) -> dict:
    return {"start": found["offset"][0], "end": found["offset"][1]}


def _money(found: dict) -> dict:
    detail = found["detail"]
    number = detail["num"]
    low, high = (number[0], number[-1]) if isinstance(number, list) else (number, number)
    if detail["definition"] == "blur+":
        high = None
    elif detail["definition"] == "blur-" and not found["text"].startswith("近"):
        low = None
    elif isinstance(number, list) and re.search("[余多]", found["text"]):
        high = None
    return _span(found) | {
        "kind": "money",
        "low": low,
        "high": high,
        "currency": CURRENCIES.get(detail["case"], detail["case"]),
    }


def _duration(found: dict) -> dict:
    lengths = found["detail"]["time"]
    lengths = lengths if isinstance(lengths, list) else [lengths]
    unit = re.search(r"[^\d零一二三四五六七八九十百千万两半多余几数.]+$", found["text"])
    low, high = (sum(length.values()) if len(length) == 1 else None for length in (lengths[0], lengths[-1]))
    return _span(found) | {"kind": "duration", "low": low, "high": high, "unit": unit.group() if unit else ""}


def _date(found: dict) -> dict:
    row = _span(found) | {"date_start": None, "date_end": None}
    stretch = found["detail"]["time"]
    if found["type"] == "time_period" or not isinstance(stretch, list):
        return row
    start, end = (moment[:10] if re.match(r"\d{4}-", moment) else None for moment in stretch)
    if re.search("(?:起|以来|开始|至今)$", found["text"]):
        end = None
    if re.search(r"\d年?(?:以|之)?前$", found["text"]) and start != end:
        start = None
    return row | {"date_start": start, "date_end": end}
