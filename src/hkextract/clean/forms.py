"""Characters in a form that only sets type: vertical and small punctuation, radicals, ligatures, as the ordinary ones.

Never NFKC over a text, which would turn ㎡ into m2: only characters that a rule's pattern names are changed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from hkextract.clean.byteshift import Repair
from hkextract.rules import Words


def ordinary(chars: str, pattern: re.Pattern[str], known: Words) -> Iterable[Repair]:
    """Each character that the pattern matches, as the word list has it, else as Unicode says what it stands for."""
    for match in pattern.finditer(chars):
        new = "".join(known.category(char) or unicodedata.normalize("NFKC", char) for char in match[0])
        if new != match[0]:
            yield Repair(match.start(), match.end(), new)
