"""Works on several articles step by step: each takes one step before any takes its next.

What a step looks things up in (jieba's dictionary, the automaton of the register, the patterns of a stage) is larger
than the processor's nearest caches. Taken article by article every step fetches its own anew; taken in turn only the
first article's does.
"""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")
Steps = Generator[None, None, T]
"""A work that stops after each of its steps and returns what came of it."""


def whole(work: Steps[T]) -> T:
    """What comes of a single work."""
    return in_turn([work])[0]


def in_turn(works: Iterable[Steps[T]]) -> list[T]:
    """What comes of each work, in order. All are held in memory at once.

    >>> def count(name):
    ...     for number in (1, 2):
    ...         print(name, number)
    ...         yield
    ...     return name.upper()
    >>> in_turn([count("a"), count("b")])
    a 1
    b 1
    a 2
    b 2
    ['A', 'B']
    """
    going = dict(enumerate(works))
    ended: dict[int, T] = {}
    with uncollected():
        while going:
            for number, work in [*going.items()]:
                try:
                    next(work)
                except StopIteration as end:
                    ended[number] = end.value
                    del going[number]
    return [result for _, result in sorted(ended.items(), key=lambda item: item[0])]


@contextmanager
def uncollected() -> Iterator[None]:
    """Keeps the garbage collector from going through what a batch holds again and again; nearly all of it goes away
    by itself in the end."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
