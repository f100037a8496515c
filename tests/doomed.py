"""Work for the tests of the cluster: workers that end themselves when they first meet an article named `doom`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress

from distributed import WorkerPlugin

from hkextract.inputs import Input
from hkextract.worker import Worker


class Doom(WorkerPlugin):  # type: ignore[misc]
    """Put into every worker, also into those that are started in the place of dead ones."""

    name = "doom"

    def setup(self, worker: object) -> None:
        del worker
        process = Worker.process

        def ends(self: Worker, inputs: Sequence[Input], *rest: object) -> object:
            for given in inputs:
                if given.article_id.startswith("doom"):
                    with suppress(FileExistsError):
                        given.path.with_name(".met").touch(exist_ok=False)
                        os._exit(1)
            return process(self, inputs, *rest)  # type: ignore[arg-type]

        Worker.process = ends  # type: ignore[method-assign, assignment]
