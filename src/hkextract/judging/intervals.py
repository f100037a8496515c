"""How far a measured share can be from the true one: intervals of 95 % confidence."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

Z = 1.959963984540054
"""The quantile of the normal distribution that leaves 2.5 % on each side."""
DRAWS = 1000
"""Samples of articles that a bootstrap draws."""
SEED = 20240605
"""The bootstrap's seed, so that the same counts give the same interval."""

Interval = tuple[float, float]


def wilson(right: int, of: int) -> Interval:
    """Wilson's score interval of a share (E. B. Wilson, 1927); of nothing at all from 0 to 1.

    >>> [round(edge, 3) for edge in wilson(8, 10)]
    [0.49, 0.943]
    """
    if not of:
        return 0.0, 1.0
    share = right / of
    middle = share + Z * Z / (2 * of)
    reach = Z * math.sqrt(share * (1 - share) / of + Z * Z / (4 * of * of))
    whole = 1 + Z * Z / of
    return max(0.0, (middle - reach) / whole), min(1.0, (middle + reach) / whole)


def bootstrap_f1(articles: Sequence[tuple[int, int, int]]) -> Interval | None:
    """The interval of F1 over articles drawn again and again with replacement (percentiles).

    None for fewer than two articles, and where no article has an error: draws of them cannot tell how likely one is.

    An article is its counts of right mentions, of found ones and of those that should be found. Mentions of one article
    are alike, so whole articles are drawn.
    """
    if len(articles) < 2 or all(right == found == wanted for right, found, wanted in articles):
        return None
    chance = random.Random(SEED)
    scores = sorted(_f1(chance.choices(articles, k=len(articles))) for _ in range(DRAWS))
    return scores[round(0.025 * (DRAWS - 1))], scores[round(0.975 * (DRAWS - 1))]


def _f1(articles: Sequence[tuple[int, int, int]]) -> float:
    right = sum(counts[0] for counts in articles)
    both = sum(counts[1] + counts[2] for counts in articles)
    return 2 * right / both if both else 1.0
