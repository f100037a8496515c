"""The cluster engine: a corpus too large for one machine → partitioned Parquet, with dask.distributed over fsspec.

`run` starts from a driver (`driver.py`) that hands out tasks; everything between two stages stands in the output's own
storage and not in a worker's memory, so that a worker may die at any time. `open_tables` finds the current run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hkextract.cluster.driver import ClusterSettings, run_cluster
    from hkextract.cluster.reader import CurrentRun, export, open_tables

_HOMES = {
    "ClusterSettings": "driver",
    "run_cluster": "driver",
    "CurrentRun": "reader",
    "export": "reader",
    "open_tables": "reader",
}
__all__ = ["ClusterSettings", "CurrentRun", "export", "open_tables", "run_cluster"]

HINT = 'The cluster engine needs libraries that are not installed: pip install "hkextract[dask]".'


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
