"""The resolvers that rules of amounts can name, from the parts of a match to the values of an amount."""

from __future__ import annotations

from collections.abc import Mapping

from hkextract.extract import quantities, shares, sums
from hkextract.extract.drafts import Resolver

RESOLVERS: Mapping[str, Resolver] = {
    "quantity": quantities.quantity,
    "percent": quantities.quantity,
    "multiple": quantities.quantity,
    "duration": quantities.quantity,
    "halves": quantities.halves,
    "part_of_unit": quantities.part_of_unit,
    "height": quantities.height,
    "range": quantities.value_range,
    "compound": quantities.compound,
    "minutes_half": quantities.minutes_half,
    "listed": quantities.listed,
    "count": quantities.plain,
    "bare": quantities.plain,
    "cell": quantities.plain,
    "vague": quantities.vague,
    "money": sums.money,
    "english": sums.money,
    "prefixed": sums.prefixed,
    "coins": sums.coins,
    "coins_range": sums.coins_range,
    "small": sums.small,
    "cents": sums.cents,
    "percent_words": shares.percent_words,
    "tenths": shares.tenths,
    "fraction": shares.fraction,
    "half_share": shares.half_share,
    "half_tenth": shares.half_tenth,
    "doubling": shares.doubling,
    "ratio": shares.ratio,
    "rank": shares.rank,
    "top": shares.top,
}
"""By the option `resolve` of a rule, else by its kind."""
