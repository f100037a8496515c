"""The extractors: from a cleaned article to its mentions.

The package bears the name of the function `hkextract.extract`, which its import would hide; called, it is the function.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _Package(ModuleType):
    """This package as a function, so that `hkextract.extract(text)` works whatever has been imported before."""

    def __call__(self, *arguments: Any, **options: Any) -> dict[str, list[dict[str, Any]]]:
        from hkextract.api import extract

        return extract(*arguments, **options)


sys.modules[__name__].__class__ = _Package
