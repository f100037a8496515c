"""Keeping an article: its file and its sidecar come into the corpus both or not at all, and overwrite nothing.

The bytes wait in a folder of the program (`stage`). Under a lock the two names are written down (`plan`), the sidecar
is put in place, then the article, and the plan is taken away. Where a program is killed in between, the next one finds
the plan and takes back what has no article. A run never sees an article without its sidecar.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hkextract.adding.files import FOLDER
from hkextract.locking import locked
from hkextract.output import is_alive
from hkextract.read.sidecar import SUFFIX

PLAN = "adding.json"
STAGE = "stage"


class KeepError(Exception):
    """The corpus cannot be written to; the message says why and what to do."""


class Keeper:
    """Puts files into a corpus. Use as a context; `stage` is a folder for files on their way in.

    With `dry` nothing is ever put into the corpus, and the stage is somewhere else.
    """

    def __init__(self, corpus: Path, *, dry: bool = False) -> None:
        self.corpus = corpus
        self.own = corpus / FOLDER
        try:
            if dry:
                self.stage = Path(tempfile.mkdtemp(prefix="hkextract-"))
            else:
                (self.own / STAGE).mkdir(parents=True, exist_ok=True)
                self._sweep_stages()
                self.stage = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=self.own / STAGE))
        except OSError as error:
            place = error.filename or corpus
            raise KeepError(f"Nothing can be written to {place}: {error.strerror}.") from None

    def __enter__(self) -> Keeper:
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.stage, ignore_errors=True)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """One program at a time; what a killed one left half done is taken back first."""
        with locked(self.own / "lock"):
            self.take_back()
            yield

    def keep(self, staged: Path, sidecar: str, names: Iterator[str], suffix: str) -> Path:
        """Moves a staged file into the corpus under the first of the stems that is free, with its sidecar beside it.

        Call it under `lock`.
        """
        beside = staged.with_name(staged.name + SUFFIX)
        beside.write_text(sidecar, encoding="utf-8", newline="\n")
        for path in (staged, beside):
            on_disk(path)
        for stem in names:
            article, place = self.corpus / f"{stem}{suffix}", self.corpus / f"{Path(f'{stem}{suffix}').stem}{SUFFIX}"
            self._write_plan({"article": article.name, "sidecar": place.name, "text": sidecar})
            try:
                claim(beside, place)
                try:
                    claim(staged, article)
                except FileExistsError:
                    place.unlink()
                    raise
            except FileExistsError:
                continue
            finally:
                (self.own / PLAN).unlink(missing_ok=True)
            return article
        raise AssertionError("unreachable")

    def take_back(self) -> None:
        """Takes back the sidecar that a killed program put in place without its article."""
        try:
            plan = json.loads((self.own / PLAN).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return
        article, sidecar = self.corpus / plan["article"], self.corpus / plan["sidecar"]
        with suppress(FileNotFoundError):
            if article.stat().st_size == 0:
                article.unlink()  # claimed on a file system without links, not yet filled
        with suppress(OSError):
            if not article.exists() and sidecar.read_text(encoding="utf-8") in (plan["text"], ""):
                sidecar.unlink()
        (self.own / PLAN).unlink(missing_ok=True)

    def _write_plan(self, plan: dict[str, str]) -> None:
        new = self.stage / PLAN
        new.write_text(json.dumps(plan, ensure_ascii=False), encoding="utf-8")
        new.replace(self.own / PLAN)

    def _sweep_stages(self) -> None:
        """Takes away what killed programs left on its way in."""
        for stale in (self.own / STAGE).iterdir():
            pid = stale.name.partition("-")[0]
            if not (pid.isdigit() and is_alive(int(pid))):
                shutil.rmtree(stale, ignore_errors=True)


def on_disk(path: Path) -> None:
    """Waits until a file is on the disk, so that no failure of power leaves an empty one under its name."""
    with path.open("rb") as file, suppress(OSError):
        os.fsync(file.fileno())


def claim(new: Path, place: Path) -> None:
    """Moves a file to a place that is free, in one step; `FileExistsError` where it is not."""
    try:
        os.link(new, place)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        new.replace(place)
        return
    new.unlink()


_NO_LINKS = frozenset(
    {errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EACCES, errno.EINVAL}
)
"""What file systems without hard links answer."""
