"""hkextract: raw Chinese news articles in; tables of amounts, dates and organisations out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hkextract.api import extract as extract
    from hkextract.frames import read_tables as read_tables
    from hkextract.pipeline import Pipeline as Pipeline
    from hkextract.rules import load as load_rules

__all__ = ["Pipeline", "extract", "load_rules", "read_tables"]

_PLACES = {
    "extract": ("api", "extract"),
    "read_tables": ("frames", "read_tables"),
    "Pipeline": ("pipeline", "Pipeline"),
    "load_rules": ("rules", "load"),
}


def __getattr__(name: str) -> Any:
    """The public names, imported when they are first asked for, so that `import hkextract` costs nothing."""
    if name not in _PLACES:
        raise AttributeError(f"module 'hkextract' has no attribute {name!r}")
    from importlib import import_module

    module, attribute = _PLACES[name]
    return getattr(import_module(f"hkextract.{module}"), attribute)
