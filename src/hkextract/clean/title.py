"""Which line of a page is the article's title."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from hkextract.clean.furniture import Body
from hkextract.clean.line import Drop, Line, squeeze
from hkextract.clean.lines import Shapes
from hkextract.extract.matching import Found

SHORTEST_DATED = 6
SHORTEST, SHORTEST_ABOVE_HEADER, LONGEST = 4, 2, 60
"""Characters of a title; most Chinese headlines have 10 to 35."""
GOOD_ENOUGH = 1.2
MOST_BETWEEN = 8
"""Lines between title and text beyond which distance tells nothing more."""
SUBTITLE_CHARS, SUMMARY_CHARS = 45, 20
SUMMARY_REACH = 6
LIKE_IN_BLOCK = 0.15
LIKE, LIKE_BELOW_TITLE = 0.4, 0.2
"""Share of a subtitle's pairs of characters that the text takes up; right below the title less is needed, of two
clauses that stand between title and header nothing."""
SHORTEST_COPY, SHORTEST_PLAIN_COPY = 6, 8
"""Letters of a title that speak for it where they stand on the page again: of one like the text, of any."""
DATING = ("published", "source", "byline")
REACH = 15
SAMPLE, SHORTEST_SAMPLE = 1500, 100
"""Characters of the text with which titles are compared."""
HEAD_ASKING = 35


def overlap(text: str, known: str) -> float:
    """The share of the distinct character pairs of a text that another text has too.

    >>> overlap("创科园区", "河套创科园")
    0.6666666666666666
    """
    pairs = {text[i : i + 2] for i in range(len(text) - 1)}
    return sum(map(known.__contains__, pairs)) / len(pairs) if pairs else 0.0


class Sheet:
    """A page on which the title is looked for: its lines, where the body stands, the shapes of lines."""

    def __init__(self, lines: Sequence[Line], body: Body, shapes: Shapes) -> None:
        self.lines, self.body, self.shapes = lines, body, shapes
        self._alike: dict[str, float] = {}

    @cached_property
    def prose(self) -> str:
        """The first sentences of the body, with which a title shares words."""
        inside = self.lines[self.body.first : self.body.stop]
        prose = "".join(line.text for line in inside if line.prose)
        if len(prose) < SHORTEST_SAMPLE:  # narrow columns: no line is a sentence
            prose = "".join(line.text for line in inside if not line.header and not line.rule)
        return prose[:SAMPLE]

    @cached_property
    def short(self) -> str:
        """The letters and digits of all lines that are not longer than a title with its label."""
        return squeeze("\n".join(line.text for line in self.lines if len(line) <= 2 * LONGEST))

    def likeness(self, line: Line) -> float:
        """How much of a line's text the body takes up, 0 to 1."""
        text = line.squeezed
        if text not in self._alike:
            self._alike[text] = overlap(text, self.prose)
        return self._alike[text]


def find_title(sheet: Sheet, stated: str) -> int | None:
    """The number of the title's line: the one that the container states, else the best line above the text."""
    lines, body, shapes = sheet.lines, sheet.body, sheet.shapes
    if stated and (number := _stated(lines, body, stated)) is not None:
        return number
    if body.whole:
        return _plain_title(lines, shapes)
    reach = range(max(0, body.first - REACH), min(body.first + 2, body.stop))
    able = [i for i in reach if _may_be_title(lines, i, body, shapes) and not _converses(lines, i, shapes)]
    best, number = max(((_score(sheet, i, able), i) for i in able), default=(0, 0))
    if best < GOOD_ENOUGH:
        return None
    return number - 1 if number - 1 in able and _is_first_half(sheet, number - 1) else number


def _is_first_half(sheet: Sheet, i: int) -> bool:
    """True for the first of two lines of a headline, which stand by themselves and are about as long."""
    above, line = sheet.lines[i : i + 2]
    if line.gap or not above.gap or above.rule or not 0.5 < len(above) / len(line) < 2:
        return False
    return sheet.likeness(above) >= 0.3


def _below_the_header(sheet: Sheet, i: int, able: Sequence[int]) -> bool:
    """True for a summary: above it the article's stamp or source, and above that a line that is a headline too."""
    for number in range(i - 1, max(-1, i - SUMMARY_REACH), -1):
        line = sheet.lines[number]
        if number in able and len(line) >= 2 * SHORTEST and sheet.likeness(line) >= 0.25:
            between = sheet.lines[number + 1 : i]
            return any(found.rule.kind in DATING for other in between if other.header for found in other.found)
    return False


def _stated(lines: Sequence[Line], body: Body, stated: str) -> int | None:
    """The last line up to the text that equals the stated title, or that it begins with (a site's name follows)."""
    want = squeeze(stated)
    found = None
    for i, line in enumerate(lines[: body.first + 3]):
        if line.text[0].isalnum() and line.text[0] != want[:1]:
            continue
        if line.squeezed == want or (len(line) >= 8 and want.startswith(line.squeezed) and not line.rule):
            found = i
    return found


def _plain_title(lines: Sequence[Line], shapes: Shapes) -> int | None:
    """Of a text without furniture: its first line, when it is short, no sentence, and a paragraph follows."""
    if len(lines) < 2 or not any(line.prose for line in lines[1:4]):
        return None
    first = lines[0]
    if _converses(lines, 0, shapes):
        return None
    if first.short and len(first) >= SHORTEST and not first.bullet and first.text[-1] not in shapes.open_end:
        return 0
    return 0 if _asks(first, shapes) and len(first) <= HEAD_ASKING and lines[1].prose else None


def _converses(lines: Sequence[Line], i: int, shapes: Shapes) -> bool:
    """True for a line of a conversation: it and the next one begin with a speaker, and one of them is a sentence."""
    both = lines[i : i + 2]
    if len(both) < 2 or any(line.header or line.rule for line in both) or not any(line.closed for line in both):
        return False
    return all(shapes.speaker.match(line.text) for line in both)


def _asks(line: Line, shapes: Shapes) -> bool:
    """True for what ends like a sentence and may be a headline: a question, a call, a quotation."""
    return line.closed and line.text[-1] in shapes.asking_end


def _may_be_title(lines: Sequence[Line], i: int, body: Body, shapes: Shapes) -> bool:
    line = lines[i]
    shortest = SHORTEST_ABOVE_HEADER if i + 1 < len(lines) and lines[i + 1].header else SHORTEST
    if line.role is None or line.header or line.loose or line.caption or line.tabbed:
        return False
    if line.stamped and dated_tail(line) is None:
        return False
    if not shortest <= len(line) <= LONGEST or line.squeezed.isdigit() or line.person:
        return False
    if shapes.document_number.fullmatch(line.text) or (
        line.rule and line.rule.kind not in ("site name", "series label")
    ):
        return False
    if i >= body.first and (i > body.first or not _opens_body(lines, i, shapes)):
        return False
    return (not line.closed or _asks(line, shapes)) and line.text[-1] not in shapes.open_end


def _opens_body(lines: Sequence[Line], i: int, shapes: Shapes) -> bool:
    """True for a headline that was taken for the first line of the text, for it asks or holds a comma."""
    line = lines[i]
    if len(line) > HEAD_ASKING or line.number or i + 1 >= len(lines) or not lines[i + 1].prose:
        return False
    return _asks(line, shapes) or not line.closed


def _score(sheet: Sheet, i: int, able: Sequence[int]) -> float:
    """Likeness to the text, header lines near, copies elsewhere, length, nearness to the text, no rival."""
    lines, line = sheet.lines, sheet.lines[i]
    text = line.squeezed
    like = sheet.likeness(line)
    score = 6 * like
    first, last = _block(i, able) if like >= LIKE_IN_BLOCK else (i, i)
    header = next((n for n, other in enumerate(lines[last + 1 : last + 4]) if other.header or other.loose), None)
    if header is not None:
        score += 2 - 0.4 * header if header else 2.6
    elif i and lines[i - 1].header:
        score += 1
    score += 2.5 * (
        len(text) >= (SHORTEST_COPY if like >= LIKE else SHORTEST_PLAIN_COPY) and sheet.short.count(text) > 1
    )
    score += 1 if 8 <= len(line) <= 40 else -1 if len(line) < 6 or len(line) > 40 else 0
    between = sum(map(_is_in_between, lines[last + 1 : sheet.body.first]))
    score += 1.5 if not between else -0.3 * min(between, MOST_BETWEEN)
    rivals = [other for other in lines[first:i] if len(other) >= 8 and other.rule is None]
    score -= 1.5 * sum(sheet.likeness(other) >= max(LIKE_IN_BLOCK, 0.7 * like) for other in rivals)
    score -= 3 * bool(line.rule) + 1.5 * (bool(line.bullet) or line.recurs or line.stamped)
    score -= 2 * ((header != 0 or last > i) and like < LIKE and _in_menu(lines, i))
    score -= 4 * bool(sheet.shapes.subtitle_mark.match(line.text) or _below_the_header(sheet, i, able))
    return score + (len(able) == 1)


def _block(i: int, able: Sequence[int]) -> tuple[int, int]:
    """The first and the last of the lines that may be headlines and stand one below the other, with line `i`."""
    first = last = i
    while first - 1 in able:
        first -= 1
    while last + 1 in able:
        last += 1
    return first, last


def _is_in_between(line: Line) -> bool:
    return not (line.header or line.loose or line.rule or line.caption or line.person)


def _in_menu(lines: Sequence[Line], i: int) -> bool:
    """True for a word or two with its like right above or below."""
    near = [other for other in (*lines[max(0, i - 1) : i], *lines[i + 1 : i + 2]) if not other.gap or other is lines[i]]
    if lines[i].closed:
        return False
    return len(lines[i]) < 2 * SHORTEST and any(len(other) < 2 * SHORTEST and not other.header for other in near)


def mark_title(sheet: Sheet, title: int) -> None:
    """Gives the title its role, the subtitle below it the same, and drops its other copies."""
    lines, body = sheet.lines, sheet.body
    lines[title].role = "title"
    lines[title].rule = None
    _cut_title(lines[title], sheet.shapes)
    below = lines[title + 1] if title + 1 < len(lines) else None
    if below and title + 1 < body.first:
        edge = title + 2 == body.first or lines[title + 2].header
        headline = edge and sheet.shapes.two_clauses.fullmatch(below.text) is not None
        if _is_subtitle(sheet, below, 0 if headline else LIKE_BELOW_TITLE):
            below.role = "title"
    for line in lines[title + 2 : body.first]:
        if line.role == "body" and not line.stamped and (_is_subtitle(sheet, line) or _is_summary(sheet, line)):
            line.role = "heading"
    text = lines[title].squeezed
    last = text[-1:]
    for line in lines:
        if last not in line.text or not len(text) <= len(line) <= 2 * LONGEST or line is lines[title] or line.kept:
            continue
        if line.squeezed == text and (not line.prose or line.gap):
            line.discard("repeated-title", "repeated title")


def dated_tail(line: Line) -> Found | None:
    """The day behind the headline on its line."""
    last = line.found[-1] if line.found else None
    if last is None or last.rule.kind != "published" or last.start < SHORTEST_DATED or last.end < len(line) - 1:
        return None
    return last


def _cut_title(line: Line, shapes: Shapes) -> None:
    """Cuts off the headline's end what is none of it: a day, a button, the names of the channel and the site."""
    end = len(line.text)
    if (tail := dated_tail(line)) is not None:
        end = len(line.text[: tail.start].rstrip(" \t\u3000(（["))
        line.cuts.append(Drop(line.start + end, line.end, tail.rule.id, "metadata: published"))
    for rule in shapes.title_tails:
        match = rule.regex.search(line.text[:end])
        if match and match.start() >= SHORTEST:
            line.cuts.append(Drop(line.start + match.start(), line.start + end, rule.id, rule.kind))
            end = match.start()
    line.text = line.text[:end]
    line.squeezed_text = ""


def _is_subtitle(sheet: Sheet, line: Line, like: float = LIKE) -> bool:
    if line.header or line.loose or line.rule or line.caption or line.closed or len(line) > SUBTITLE_CHARS:
        return False
    if sheet.shapes.subtitle_mark.match(line.text):
        return True
    return len(line) >= 8 and sheet.likeness(line) >= like


def _is_summary(sheet: Sheet, line: Line) -> bool:
    """True for a summary without a full stop: several clauses, some of the words of the text."""
    if line.header or line.loose or line.rule or not line.flowing or len(line) < SUMMARY_CHARS:
        return False
    return sheet.likeness(line) >= 0.2
