"""Characters that Chinese news hardly uses: the sign by which damaged text is noticed."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import pairwise

from hkextract.clean.plausible import rank
from hkextract.clean.simplify import to_simplified
from hkextract.kept import Kept

NEAR = 6
"""Characters after an odd one in which damaged text has the next."""
_SOUND = "\\x00->\x7f-\u036f\u2000-\u206f\u2190-\u21ff\u2460-\u24ff\u25a0-\u25ff\u3000-\u303f\uff00-\uff5e℃㎡№"
"""Latin, marks, arrows, numbers in circles, forms, full width: everything but Chinese that news uses freely."""
_ALONE = "(?:(?<=[^?-~])|(?<=[\u3400-\u9fff].)(?![\\x00-\\x09\\x0b\\x0c\\x0e-~]))"
_HANZI = "".join(map(chr, (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))))


@cache
def odd() -> re.Pattern[str]:
    """One character that is neither of daily use, in either script, nor one of the common marks, or an ASCII one that
    stands between Chinese ones like a second byte.

    News has one in 300 characters (names mostly), text read one byte off one in two.
    """
    kept = Kept("odd characters")
    found = kept.regex(kept.get("odd", "", lambda: f"[^{_SOUND}{_common()}]{_ALONE}"))
    kept.save()
    return found


@lru_cache(maxsize=4)
def odd_places(chars: str) -> tuple[int, ...]:
    """The places of all odd characters of a text, in order."""
    return tuple(match.start() for match in odd().finditer(chars))


@lru_cache(maxsize=4)
def crowded(chars: str) -> tuple[int, ...]:
    """The places of the odd characters that have another one `NEAR`; a name that stands alone has none.

    >>> crowded("他姓犇，住在这里。"), len(crowded("他住在鑫鑫园。")) > 1
    ((), True)
    """
    places = odd_places(chars)
    found = [False] * len(places)
    for number, (first, second) in enumerate(pairwise(places)):
        if second - first < NEAR:
            found[number] = found[number + 1] = True
    return tuple(place for place, close in zip(places, found, strict=True) if close)


@cache
def odd_or_ascii() -> re.Pattern[str]:
    """One character that may be an odd one by its place or by itself: the trigger of rules that look for odd ones."""
    kept = Kept("odd characters")
    found = kept.regex(kept.get("odd or ASCII", "", lambda: f"[^{_SOUND}{_common()}]"))
    kept.save()
    return found


@cache
def notable() -> re.Pattern[str]:
    """One character that is neither Chinese in daily use nor one of the commonest marks: all that wakes a rule."""
    kept = Kept("odd characters")
    found = kept.regex(kept.get("notable", "", lambda: f"[^0-9\\n，。、：“”《》{_common()}]"))
    kept.save()
    return found


def _common() -> str:
    return "".join(char for char, simple in zip(_HANZI, to_simplified(_HANZI), strict=True) if rank(simple) == 1)
