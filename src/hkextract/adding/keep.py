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
from hkextract.inputs import digest_of
from hkextract.locking import locked
from hkextract.output import is_alive
from hkextract.read.sidecar import SUFFIX, sidecar_places

PLAN = "adding.json"
STAGE = "stage"
LOCK = "lock"


def tidy(corpus: Path) -> None:
    """Takes back what a killed program left half done in a corpus; does nothing where that cannot be written to."""
    if (corpus / FOLDER / PLAN).exists():
        with suppress(OSError), locked(corpus / FOLDER / LOCK):
            take_back(corpus)


def take_back(corpus: Path) -> None:
    """Takes back the sidecar that was put in place without its article, and the plan of both."""
    plan_file = corpus / FOLDER / PLAN
    try:
        plan = json.loads(plan_file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return
    article, sidecar = corpus / plan["article"], corpus / plan["sidecar"]
    with suppress(OSError):
        if article.stat().st_size == 0:
            article.unlink()  # claimed on a file system without links, not yet filled
    with suppress(OSError):
        if digest_of(article) != plan["sha256"] and sidecar.read_text(encoding="utf-8") in (plan["text"], ""):
            sidecar.unlink()
    plan_file.unlink(missing_ok=True)


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
        with locked(self.own / LOCK):
            take_back(self.corpus)
            yield

    def keep(self, staged: Path, digest: str, sidecar: str, names: Iterator[str], suffix: str) -> Path:
        """Moves a staged file into the corpus under the first of the stems that is free, with its sidecar beside it.

        Call it under `lock`. `KeepError` where the corpus cannot be written to; then nothing of it is there.
        """
        beside = staged.with_name(staged.name + SUFFIX)
        try:
            on_disk(staged)
            for stem in names:
                article = self.corpus / f"{stem}{suffix}"
                place = sidecar_places(article)[1]
                beside.write_text(sidecar, encoding="utf-8", newline="\n")
                on_disk(beside)
                self._write_plan({"article": article.name, "sidecar": place.name, "text": sidecar, "sha256": digest})
                try:
                    claim(beside, place)
                    claim(staged, article)
                except FileExistsError:
                    continue
                finally:
                    take_back(self.corpus)
                return article
        except OSError as error:
            raise KeepError(f"{self.corpus} cannot be written to: {error.strerror or error}.") from None
        raise AssertionError("unreachable")

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
