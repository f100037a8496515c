"""What a mention beat, and what settled its value: the rivals of its contest, the cues of a date and of a currency."""

from __future__ import annotations

from collections.abc import Iterator

from hkextract.extract.currency import SENTENCE_REACH, Cue, Currencies
from hkextract.extract.drafts import Lexicon
from hkextract.extract.masks import masker
from hkextract.extract.matching import GUARD, Found, Matcher
from hkextract.extract.register import Register
from hkextract.mention import Amount, DateMention, Mention
from hkextract.pipeline import Result
from hkextract.rules import Rule, Rules

BEFORE = 20
"""Characters before and behind a mention in which a rival may begin and end."""
SORTS = ("place", "currency", "place_weak")
"""The lists of names that speak for a currency, the strongest first."""


def rivals_of(rules: Rules, register: Register, result: Result, table: str, mention: Mention) -> list[str]:
    """A line for each match that overlapped a mention and lost to it, or was refused, with the reason.

    What other rules made of the same stretch is one line each, the longest first.
    """
    if table == "organisations":
        return list(_other_names(register, result, mention))
    text = result.article.text.chars
    read = masker(rules[table])(text) if table == "amounts" else text
    low, high = max(0, mention.start - BEFORE), min(len(text), mention.end + BEFORE)
    winner = rules.by_id(mention.rule)
    found = Matcher(rule for rule in rules[table].rules if rule.pattern).candidates(read, low, high)
    over = [one for one in found if one.start < mention.end and mention.start < one.end and one.rule is not winner]
    over.sort(key=lambda one: one.start - one.end)
    return list(
        dict.fromkeys(f"{text[one.start : one.end]} ({one.rule.id}): {_lost(one, winner, mention)}" for one in over)
    )


def _lost(one: Found, winner: Rule | None, mention: Mention) -> str:
    guard = "a guard, " if one.rule.kind == GUARD else ""
    if winner and one.rule.priority < winner.priority:
        return f"{guard}of lower priority"
    size, own = one.end - one.start, mention.end - mention.start
    if size > own:
        return f"{guard}longer, but its conditions were not met"
    if size < own:
        return f"{guard}shorter"
    return f"{guard}as long, but it stands later in its file or its conditions were not met"


def _other_names(register: Register, result: Result, mention: Mention) -> Iterator[str]:
    """Names of the register that overlap a mention of an organisation."""
    text = result.article.text.chars
    low, high = max(0, mention.start - BEFORE), min(len(text), mention.end + BEFORE)
    own = getattr(mention, "canonical", "")
    for start in range(low, mention.end):
        for end in range(max(start, mention.start) + 1, high + 1):
            if (start, end) == (mention.start, mention.end) and len(register.aliases.get(text[start:end], ())) < 2:
                continue
            for alias in register.aliases.get(text[start:end], ()):
                if alias.body.name != own:
                    yield f"{text[start:end]} ({alias.body.name}): {_name_lost((start, end), mention, alias.context)}"


def _name_lost(span: tuple[int, int], mention: Mention, context: tuple[str, ...]) -> str:
    needs = f"; it needs one of {', '.join(context)} in the article" if context else ""
    if span == (mention.start, mention.end):
        return f"another body of that name{needs}"
    return ("shorter" if span[1] - span[0] < mention.end - mention.start else "cut out of other words") + needs


def cues_of(rules: Rules, result: Result, mention: Mention) -> str:
    """The words that settled the day of a date or the currency of a sum; empty where there is nothing to settle."""
    if isinstance(mention, DateMention):
        return f"{mention.anchor}: {mention.cue}" if mention.cue else mention.anchor
    if isinstance(mention, Amount) and mention.kind == "money":
        return f"{mention.currency_basis}: {_ground(rules, result, mention)}"
    return ""


def _ground(rules: Rules, result: Result, mention: Amount) -> str:
    article, table = result.article, rules["amounts"]
    text = article.text.chars
    if mention.currency_basis == "unknown":
        return "no currency beside it, no declaration, no place in the article, no known outlet"
    if article.meta.currency and mention.currency_basis == "declared":
        return f"the article's own settings say {article.meta.currency}"
    if mention.currency_basis == "declared":
        found = table.compile("{declared}").search(text)
        return found[0] if found else "the article declares it"
    inside = [word for word in table.words["currency"] if word in text[mention.start : mention.end]]
    inside += [word for word in table.words["currency_sign"] if word in text[mention.start : mention.end]]
    if inside:
        return max(inside, key=len)
    cues = [cue for cue in Currencies(table, Lexicon(table)).cues(text) if cue.code == mention.currency]
    before = [cue for cue in cues if cue.start < mention.start]
    block = next((b for b in article.blocks if b.start <= mention.start < b.end), None)
    near = [cue for cue in before if block and cue.start >= max(block.start, mention.start - SENTENCE_REACH)]
    if near:
        return f"{_word(rules, text, near[-1])} before it in its paragraph"
    if cues:
        words = list(dict.fromkeys(_word(rules, text, cue) for cue in cues))
        return f"most names of places in the article ({', '.join(words[:4])})"
    return f"the outlet {article.meta.source}"


def _word(rules: Rules, text: str, cue: Cue) -> str:
    """The name that a cue is."""
    named = (word for words in SORTS for word in rules["amounts"].words[words] if text.startswith(word, cue.start))
    return max(named, key=len, default=text[cue.start : cue.start + 2])
