"""The one error of the readers."""

from __future__ import annotations


class ReadError(Exception):
    """A file that cannot be read as an article; the message says why and what the user can do about it.

    `encoding` is the encoding that was found or asked for, as far as one was.
    """

    def __init__(self, message: str, encoding: str = "") -> None:
        super().__init__(message)
        self.encoding = encoding
