"""What starting the program costs: the light commands import neither spaCy nor pandas."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"spacy", "pandas", "rjieba", "jieba", "lxml", "pypinyin", "httpx", "starlette", "watchfiles", "protego"}


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["rules", "list"],
        ["rules", "show", "money"],
        ["rules", "show", "org-register"],
        ["rules", "check"],
        ["orgs", "find", "科大"],
        ["orgs", "propose", "--help"],
        ["add", "--help"],
        ["corpus", "list", "--help"],
    ],
)
def test_light_commands_import_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom hkextract.cli import main\n"
        f"try:\n    main({arguments!r}, standalone_mode=True)\nexcept SystemExit:\n    pass\n"
        f"print('HEAVY', sorted({HEAVY!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "HEAVY []"


def test_a_run_imports_neither_spacy_nor_pandas() -> None:
    code = "import sys, hkextract.run, hkextract.worker\nprint({'spacy', 'pandas', 'thinc'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_package_itself_imports_nothing() -> None:
    code = "import sys, hkextract\nprint([m for m in sys.modules if m.startswith('hkextract')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['hkextract']"


def test_the_function_is_there_whatever_was_imported_before() -> None:
    for first in ("hkextract", "hkextract.extract.register", "hkextract.api"):
        code = f"import {first}, hkextract\nfor _ in range(2): print(hkextract.extract('获港科大拨款')['amounts'])"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.split() == ["[]", "[]"]
