"""The Tab key: what a shell asks for (click's protocol), and a real bash where there is one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from hkextract.cli import main
from hkextract.cli.completion import SHELLS, VARIABLE

ARTICLES = (
    "article_id,file,title\na_2024-05-06_海港日报_渡轮,2024-05-06_海港日报_渡轮.html,渡轮公司增加班次\n"
    'a_2024-06-01_海港日报_市政,2024-06-01_海港日报_市政.txt,"市政厅, 翻新"\nnotes,notes.txt,笔记\n'
)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / "articles.csv").write_text("\ufeff" + ARTICLES, encoding="utf-8")
    (tmp_path / "corpus").mkdir()
    for name in ("ferry.txt", "ferry.meta.toml", "harbour.html"):
        (tmp_path / "corpus" / name).write_text("x", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def asked(shell: str, *words: str) -> list[list[str]]:
    """What the program answers to a shell that completes the last word: for each name, the pieces of its answer."""
    line = " ".join(("hkextract", *words))
    current = words[-1] if shell == "fish" else str(len(words))
    told = {VARIABLE: f"{shell}_complete", "COMP_WORDS": line, "COMP_CWORD": current}
    done = CliRunner().invoke(main, prog_name="hkextract", env=told)
    lines = list(filter(None, done.output.splitlines()))
    if shell == "zsh":
        return [lines[at : at + 3] for at in range(0, len(lines), 3)]
    return [line.replace("\t", ",").split(",") for line in lines]


def names(shell: str, *words: str) -> set[str]:
    return {answer[1] for answer in asked(shell, *words)}


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("shell", SHELLS)
def test_commands_options_and_articles(shell: str) -> None:
    assert {"run", "rules"} <= names(shell, "ru")
    assert names(shell, "rules", "te") == {"test"}
    assert names(shell, "run", "--wa") == {"--watch"}
    assert names(shell, "show", "n") == {"notes"}
    assert names(shell, "show", "2024-0") == {"a_2024-05-06_海港日报_渡轮", "a_2024-06-01_海港日报_市政"}
    assert names(shell, "show", "增加班次") == {"a_2024-05-06_海港日报_渡轮"}
    assert names(shell, "show", "没有") == set()
    assert names(shell, "corpus", "show", "fe") == {"ferry"}
    assert names(shell, "run", "--only", "no") == {"notes"}
    assert names(shell, "rules", "show", "wall-consent") == {"wall-consent", "wall-consent-english"}


@pytest.mark.usefixtures("place")
def test_zsh_and_fish_are_told_titles() -> None:
    assert asked("zsh", "show", "n") == [["plain", "notes", "笔记"]]
    assert asked("fish", "show", "n") == [["plain", "notes", "笔记"]]


def test_another_output_and_another_corpus(place: Path) -> None:
    (place / "output").rename(place / "tables")
    assert names("bash", "show", "-o", "tables", "n") == {"notes"}
    assert names("bash", "show", "") == {"ferry", "harbour"}
    (place / "corpus").rename(place / "mine")
    assert names("bash", "show", "") == set()
    assert names("bash", "corpus", "show", "--corpus", "mine", "h") == {"harbour"}


def test_tables_that_are_broken_are_no_matter(place: Path) -> None:
    (place / "output" / "articles.csv").write_bytes(b"\xff\xfe no table")
    assert names("bash", "show", "f") == {"ferry"}


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("words", [("run", "co"), ("add", "co"), ("show", "-o", "ou")])
def test_files_are_left_to_the_shell(words: tuple[str, ...]) -> None:
    assert {answer[0] for answer in asked("bash", *words)} <= {"file", "dir"}
    assert asked("bash", *words)


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_is_printed(shell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    done = CliRunner().invoke(main, ["completion", shell])
    assert done.exit_code == 0
    assert VARIABLE in done.output
    monkeypatch.setenv("SHELL", f"/usr/bin/{shell}")
    assert CliRunner().invoke(main, ["completion"]).output == done.output


def test_an_unknown_shell_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/bin/tcsh")
    done = CliRunner().invoke(main, ["completion"])
    assert done.exit_code == 2
    assert "bash, zsh, fish" in done.output


@pytest.mark.parametrize(
    ("shell", "files"),
    [
        ("bash", {".config/hkextract/completion.bash", ".bashrc"}),
        ("zsh", {".config/hkextract/completion.zsh", ".zshrc"}),
        ("fish", {".config/fish/completions/hkextract.fish"}),
    ],
)
def test_it_is_installed_once(shell: str, files: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    for name in ("XDG_CONFIG_HOME", "ZDOTDIR"):
        monkeypatch.delenv(name, raising=False)
    if shell == "bash":
        (tmp_path / ".bashrc").write_text("alias ll='ls -l'", encoding="utf-8")
    for _ in range(2):
        done = CliRunner().invoke(main, ["completion", shell, "--install"])
        assert done.exit_code == 0
        assert "press Tab" in done.output
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert written == files
    if shell == "bash":
        start = (tmp_path / ".bashrc").read_text(encoding="utf-8").splitlines()
        assert start == ["alias ll='ls -l'", f". '{tmp_path}/.config/hkextract/completion.bash'"]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file"))
    done = CliRunner().invoke(main, ["completion", "fish", "--install"])
    assert done.exit_code == 2
    assert "could not be written" in done.output


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash here")
@pytest.mark.parametrize(
    ("line", "wanted"),
    [("hkextract show no", "notes"), ("hkextract sh", "show"), ("hkextract corpus show fe", "ferry")],
)
def test_in_a_real_bash(place: Path, line: str, wanted: str) -> None:
    folder = place / "bin"
    folder.mkdir()
    program = folder / "hkextract"
    start = "from hkextract.cli import main\nmain(prog_name='hkextract')\n"
    program.write_text(f"#!{sys.executable}\n{start}", encoding="utf-8")
    program.chmod(0o755)
    words = line.split()
    script = (
        "source <(hkextract completion bash)\n"
        f"COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; COMP_LINE='{line}'\n"
        "complete -p hkextract | grep -q _hkextract_completion || exit 3\n"
        "_hkextract_completion hkextract\n"
        'printf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    env = os.environ | {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["bash", "--norc", "-c", script], capture_output=True, text=True, env=env, check=True)
    assert done.stdout.split() == [wanted]
