"""The output folder: written beside its place, then swapped in whole.

A run that is killed leaves the old output or the new one, never a half. What a user keeps in the folder besides the
tables of a run is carried over.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from pathlib import Path

from hkextract.tables import TABLES

OWN = frozenset({table.file for table in TABLES} | {"text", "raw", "datapackage.json", "run.json", "facts.csv"})
"""What a run writes; anything else in the folder is the user's."""


class OutputError(Exception):
    """The output folder cannot be used; the message says why and what to do."""


class OutputFolder:
    """A place for a run's files that becomes the output folder in one step (`commit`)."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.new = place.parent / f".{place.name}.new-{os.getpid()}"

    def check(self) -> None:
        """Raises `OutputError` where the place is a file or holds other files than a run's."""
        place = self.place
        if place.exists() and not place.is_dir():
            raise OutputError(f"{place} is a file; name a folder for the output with -o.")
        if place.is_dir() and not (place / "run.json").exists():
            strangers = sorted(p.name for p in place.iterdir() if p.name != "README.md" and not p.name.startswith("."))
            if strangers:
                raise OutputError(
                    f"{place} holds files that are not from a run ({strangers[0]} …); name a new folder with -o."
                )

    def open(self) -> Path:
        """Makes the empty folder that the run writes to; `OutputError` where that cannot be done."""
        self.check()
        try:
            self.place.parent.mkdir(parents=True, exist_ok=True)
            self._sweep()
            self.new.mkdir()
        except OSError as error:
            raise OutputError(f"Nothing can be written beside {self.place}: {error.strerror}.") from None
        return self.new

    def commit(self) -> None:
        """Puts the new folder in the place of the old one; the user's own files go with it."""
        if not self.place.exists():
            self.new.rename(self.place)
            return
        for entry in self.place.iterdir():
            if entry.name not in OWN:
                (shutil.copytree if entry.is_dir() else shutil.copy2)(entry, self.new / entry.name)
        shutil.copymode(self.place, self.new)
        _exchange(self.new, self.place)
        shutil.rmtree(self.new, ignore_errors=True)

    def discard(self) -> None:
        """Takes away what the run has written so far."""
        shutil.rmtree(self.new, ignore_errors=True)

    def _sweep(self) -> None:
        """Takes away what killed runs left beside the place; a folder whose process lives is left alone."""
        for stale in self.place.parent.glob(f".{self.place.name}.new-*"):
            pid = stale.name.rpartition("-")[2]
            if not (pid.isdigit() and int(pid) != os.getpid() and is_alive(int(pid))):
                old_is_here = (self.place / "run.json").exists()
                if not old_is_here and (stale / "run.json").exists() and not self.place.exists():
                    stale.rename(self.place)
                else:
                    shutil.rmtree(stale, ignore_errors=True)


def is_alive(pid: int) -> bool:
    """True while a process of this number runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError as error:
        return error.errno == errno.EPERM
    return True


def _exchange(one: Path, other: Path) -> None:
    """Swaps two folders in one step where the system can, else in two renames."""
    first, second = os.fsencode(one), os.fsencode(other)
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        if sys.platform.startswith("linux"):
            here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE of renameat2(2)
            if libc.renameat2(here, first, here, second, exchange) == 0:
                return
        elif sys.platform == "darwin":
            swap = 2  # RENAME_SWAP of renamex_np(2)
            if libc.renamex_np(first, second, swap) == 0:
                return
    except (AttributeError, OSError, TypeError):
        pass
    aside = one.with_name(one.name.replace(".new-", ".old-"))
    other.rename(aside)
    one.rename(other)
    aside.rename(one)
