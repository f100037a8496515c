"""`hkextract add`: what is kept, under which name, what is told before, and that nothing is ever half there."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hkextract.adding import session
from hkextract.adding.fetch import Fetcher, Limits
from hkextract.adding.naming import article_stem, own_stem
from hkextract.adding.sources import member_name
from hkextract.cli import main
from hkextract.read.sidecar import SUFFIX, load_sidecar, sidecar_path
from server import ARTICLE, Site, serving
from stories import STORIES, docx, json_lines, markdown, mhtml, parquet, pdf, table, traditional, warc, zipped

QUICK = Limits(size=300_000, connect=2, read=2, total=5, redirects=4, pause=0.0, longest_pause=0.5)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(session, "Fetcher", partial(Fetcher, limits=QUICK))
    with serving() as found:
        yield found


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, `corpus` below it."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def add(*arguments: str, piped: str | bytes | None = None) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["add", *arguments], input=piped)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def told(*arguments: str, piped: str | bytes | None = None, code: int = 0) -> list[dict[str, Any]]:
    """What `--json --yes` says of each source."""
    found, out, err = add(*arguments, "--json", "--yes", piped=piped)
    assert found == code, out + err
    return [json.loads(line) for line in out.splitlines()]


def articles(corpus: Path) -> list[str]:
    return sorted(p.name for p in corpus.iterdir() if p.is_file() and not p.name.endswith(SUFFIX))


def assert_whole(corpus: Path) -> None:
    """Every article has its sidecar with the digest of its bytes, every sidecar its article."""
    files = [path for path in corpus.iterdir() if path.is_file()]
    sidecars = {path for path in files if path.name.endswith(SUFFIX)}
    for path in set(files) - sidecars:
        place = sidecar_path(path)
        assert place, path.name
        assert load_sidecar(path).values["sha256"] == sha256(path.read_bytes()).hexdigest()
        sidecars.remove(place)
    assert sidecars == set()


def write_sources(folder: Path) -> list[str]:
    """Files of every kind that a run reads, each with another story (0 to 17); the arguments that name them."""
    s = STORIES
    (folder / "plain.txt").write_text(s[0].text, encoding="utf-8")
    (folder / "mainland.txt").write_bytes(s[1].text.encode("gb18030"))
    (folder / "harbour.txt").write_bytes(traditional(s[2].text).encode("big5hkscs"))
    (folder / "wide.txt").write_bytes(s[3].text.encode("utf-16"))
    (folder / "page.html").write_text(s[4].page, encoding="utf-8")
    (folder / "page-without-suffix").write_text(s[5].page, encoding="utf-8")
    (folder / "saved.mht").write_bytes(mhtml(s[6]))
    (folder / "notes.md").write_text(markdown(s[7]), encoding="utf-8")
    (folder / "print.pdf").write_bytes(pdf(s[8]))
    (folder / "letter.docx").write_bytes(docx(s[9]))
    (folder / "lines.jsonl").write_text(json_lines(s[10:12]), encoding="utf-8")
    (folder / "sheet.csv").write_text(table(s[12:14]), encoding="utf-8")
    parquet(folder / "columns.parquet", s[14:16])
    (folder / "crawl.warc").write_bytes(warc(s[16:18]))
    zipped(folder / "packed.zip", {"报纸/寒山.txt": s[19].text.encode(), "__MACOSX/._x": b"x", "b/.hidden": b"x"})
    (folder / "more" / "deep").mkdir(parents=True)
    (folder / "more" / "deep" / "told.txt").write_text(s[20].body, encoding="utf-8")
    (folder / "more" / "deep" / "told.meta.toml").write_text(
        'title = "会修收音机的人"\npublished_at = 2025-01-15\ntags = ["夜校"]\n', encoding="utf-8"
    )
    (folder / "2025-02-07-scan.txt").write_text(s[21].body, encoding="utf-8")
    return [*(str(path) for path in sorted(folder.iterdir()) if path.name[0] != "2"), str(folder / "2025-*.txt")]


NAMES = {
    "plain.txt": "2024-01-05_东湾日报_菜市场装上太阳能顶棚.txt",
    "mainland.txt": "2024-01-18_山城晚报_索道检修停运两周.txt",
    "harbour.txt": "2024-02-02_北岸时报_盲人乐队首登音乐厅.txt",
    "wide.txt": "2024-02-20_渔港周刊_牡蛎养殖户改用竹筏.txt",
    "page.html": "2024-03-09_平原新闻_乡村邮局兼卖咖啡.html",
    "page-without-suffix": "2024-03-27_江心早报_古桥修缮用回糯米灰浆.html",
    "saved.mht": "2024-04-11_南洲导报_图书馆借出第一台望远镜.mhtml",
    "notes.md": "2024-04-30_云岭通讯_茶农学会看卫星云图.md",
    "print.pdf": "2024-05-16_石桥快报_钢琴搬进地铁站.pdf",
    "letter.docx": "2024-06-03_海角日报_灯塔改成民宿仍亮灯.docx",
    "lines.jsonl": "lines.jsonl",
    "sheet.csv": "sheet.csv",
    "columns.parquet": "columns.parquet",
    "crawl.warc": "crawl.warc",
    "packed.zip/报纸/寒山.txt": "2024-12-03_寒山日报_雪场员工转岗修步道.txt",
    "told.txt": "2025-01-15_会修收音机的人.txt",
    "2025-02-07-scan.txt": "2025-02-07_2025-02-07-scan.txt",
}


def test_twenty_sources_of_every_kind_with_one_command(here: Path, site: Site) -> None:
    folder = here / "sources"
    folder.mkdir()
    named = write_sources(folder)
    links = [site.url("moved/article"), site.url("text")]
    piped = STORIES[18].text.encode()
    found = told(*named, *links, "-", "--tag", "probe", piped=piped)
    assert len(found) == 20
    assert {one["state"] for one in found} == {"added"}
    by_origin = {one["origin"]: one for one in found}
    for origin, name in NAMES.items():
        [one] = [one for known, one in by_origin.items() if known.endswith(f"/{origin}")]
        assert one["file"] == name
    assert by_origin["standard input"]["file"] == "2024-11-12_橘县新闻_果农合伙买下榨汁厂.txt"
    page = by_origin[links[0]]
    assert page["file"] == "2024-05-06_海港日报_电动渡轮明年启航.html"
    assert (page["url"], page["title"], page["published_at"]) == (site.url("article"), "电动渡轮明年启航", "2024-05-06")
    assert by_origin[links[1]]["file"].endswith(".txt")
    assert by_origin[links[1]]["repeats"] == page["file"]
    warned = {one["file"]: [text.split()[0] for text in one["warnings"]] for one in found if one["warnings"]}
    assert warned == {by_origin[links[1]]["file"]: ["No", "No"], NAMES["2025-02-07-scan.txt"]: ["No"]}
    corpus = here / "corpus"
    assert len(articles(corpus)) == 20
    assert_whole(corpus)
    assert (corpus / NAMES["mainland.txt"]).read_bytes() == STORIES[1].text.encode("gb18030")
    assert (corpus / page["file"]).read_bytes() == ARTICLE.encode()
    for path in map(corpus.joinpath, articles(corpus)):
        sidecar = load_sidecar(path)
        assert "probe" in sidecar.tags
        assert sidecar.values["added_from"] in by_origin or Path(sidecar.values["added_from"]).is_absolute()
        assert max(len(p.name.encode()) for p in (path, Path(sidecar_path(path) or ""))) < 120
    assert load_sidecar(corpus / NAMES["told.txt"]).tags == ("夜校", "probe")
    assert "published_at" not in load_sidecar(corpus / NAMES["plain.txt"]).values

    before = {path.name: path.stat().st_mtime_ns for path in corpus.iterdir() if path.is_file()}
    again = told(*named, *links, "-", piped=piped)
    assert [one["state"] for one in again] == ["already there"] * 20
    assert [one["file"] for one in again] == [one["file"] for one in found]
    assert {path.name: path.stat().st_mtime_ns for path in corpus.iterdir() if path.is_file()} == before


def test_what_cannot_be_added_is_named_with_the_way_out_and_the_rest_goes_on(here: Path, site: Site) -> None:
    (here / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(100))
    (here / "empty.txt").write_bytes(b"\n")
    (here / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    (here / "broken.zip").write_bytes(b"PK\x03\x04 nothing")
    (here / "list.jsonl").write_text("not json\n", encoding="utf-8")
    (here / "side.txt").write_text("x", encoding="utf-8")
    (here / "side.meta.toml").write_text("titel = 'x'", encoding="utf-8")
    (here / "good.txt").write_text(STORIES[0].text, encoding="utf-8")
    names = ["photo.jpg", "empty.txt", "old.doc", "broken.zip", "list.jsonl", "side.txt", "none.txt", "no*.html"]
    found = told(*names, site.url("consent"), site.url("status/404"), "good.txt", code=1)
    assert [one["state"] for one in found] == ["failed"] * 10 + ["added"]
    words = ["a picture", "is empty", "save it as .docx", "Unpack it", "not JSON", "side.meta.toml", "no such file"]
    for one, word in zip(found, [*words, "pattern", "asks for consent", "404"], strict=False):
        assert word in one["message"], one
    assert articles(here / "corpus") == ["2024-01-05_东湾日报_菜市场装上太阳能顶棚.txt"]
    code, out, _ = add("photo.jpg", "good.txt", "--yes")
    assert code == 1
    assert "! photo.jpg · " in out
    assert "0 articles added to corpus; 1 already there; 1 could not be added." in out


def test_what_the_user_says_goes_into_the_sidecar_and_the_name(here: Path) -> None:
    [one] = told(
        "-", "--title", "讲稿：“慢走”", "--date", "2025-03-01", "--source", "自家", "--url", "https://x.example/1",
        "--note", "会后\n补录", "--tag", "甲", "--tag", "乙", piped=STORIES[19].body,
    )  # fmt: skip
    assert one["file"] == "2025-03-01_自家_讲稿：“慢走”.txt"
    assert (one["published_basis"], one["url"]) == ("user", "https://x.example/1")
    path = here / "corpus" / one["file"]
    values = dict(load_sidecar(path).values)
    assert values.pop("added_at").isoformat()[:2] == "20"
    assert values == {
        "title": "讲稿：“慢走”", "published_at": "2025-03-01", "source": "自家", "url": "https://x.example/1",
        "note": "会后\n补录", "tags": ["甲", "乙"], "added_from": "standard input",
        "sha256": sha256(path.read_bytes()).hexdigest(),
    }  # fmt: skip
    text = (sidecar_path(path) or path).read_text(encoding="utf-8")
    assert '# currency = "HKD"' in text
    for options, word in (
        (("--date", "3/12/2024"), "--date '3/12/2024' is no ISO date"),
        (("--encoding", "big6"), "big6"),
    ):
        code, _, err = add("-", *options, "--yes", piped="x")
        assert code == 2
        assert word in err
    code, _, err = add(str(path), str(path), "--title", "x", "--yes")
    assert code == 2
    assert "--title can be said of one article only" in err


def test_without_a_terminal_and_without_yes_nothing_is_done(here: Path) -> None:
    code, _, err = add("-", piped=STORIES[0].text)
    assert code == 2
    assert "--yes" in err
    code, out, _ = add("-", "--dry-run", piped=STORIES[0].text)
    assert code == 0
    assert "1 article would be added to corpus." in out
    assert not (here / "corpus").exists()
    code, _, err = add()
    assert code == 2


def test_the_preview_tells_what_was_found(here: Path) -> None:
    text = "网站导航\n\n" + "更多新闻 >>\n" * 30 + "\n渡口\n\n渡船昨日停航，乘客约40人。\ufffd\ufffd\n"
    code, out, _ = add("-", "--dry-run", piped=text)
    assert code == 0
    flat = " ".join(out.replace("│", " ").split())
    for word in (
        "date no date",
        "source none found",
        "utf-8",
        "1 amount,",
        "--date",
        "damaged",
    ):
        assert word in flat, out
    assert "characters are left after cleaning" in flat
    (here / "a.txt").write_text(STORIES[4].text, encoding="utf-8")
    code, out, _ = add("a.txt", "--dry-run")
    assert "2024-03-09 (from the line below the title" in " ".join(out.split())
    assert "warning" not in out
    (here / "login.html").write_text(
        "<html><body><h1>會員登入</h1><p>請先登入後閱讀全文。</p></body></html>", encoding="utf-8"
    )
    assert any("log in" in text for one in told("login.html") for text in one["warnings"])


def test_reprints_are_marked_or_refused(here: Path) -> None:
    first = STORIES[9]
    (here / "corpus").mkdir()
    (here / "corpus" / "by-hand.txt").write_text(first.text, encoding="utf-8")
    other = traditional(first.text).replace(traditional(first.title), "燈塔夜話").replace("店主", "\ufffd主")
    (here / "reprint.txt").write_text(other, encoding="utf-8")
    [refused] = told("reprint.txt", "--no-reprints")
    assert (refused["state"], refused["repeats"]) == ("refused", "by-hand.txt")
    assert "by-hand.txt" in refused["message"]
    [added] = told("reprint.txt", "--note", "mine")
    assert (added["state"], added["repeats"]) == ("added", "by-hand.txt")
    assert added["overlap"] > 0.8
    note = load_sidecar(here / "corpus" / added["file"]).values["note"]
    assert note.startswith("mine The same story as by-hand.txt")
    (here / "copy.txt").write_text(first.text, encoding="utf-8")
    [there] = told("copy.txt")
    assert (there["state"], there["file"]) == ("already there", "by-hand.txt")
    assert there["overlap"] == 1


def test_a_page_whose_frame_changes_at_each_visit_is_the_same_page(here: Path, site: Site) -> None:
    [first] = told(site.url("article"))
    page = here / "corpus" / first["file"]
    page.write_bytes(page.read_bytes() + b"<!-- another visit -->")
    [again] = told(site.url("article"))
    assert (again["state"], again["file"]) == ("already there", first["file"])


def test_names_that_are_taken_get_a_number_and_never_change_another_articles_id(here: Path) -> None:
    for number in range(3):
        (here / f"{number}.txt").write_text(STORIES[number].body, encoding="utf-8")
    said = ("--date", "2024-12-03", "--source", "新华社", "--title", "同题")
    for number in range(2):
        told(f"{number}.txt", *said)
    (here / "2.html").write_text(STORIES[2].page, encoding="utf-8")
    [third] = told("2.html", *said)
    assert articles(here / "corpus") == [f"2024-12-03_新华社_同题{end}" for end in ("-2.txt", "-3.html", ".txt")]
    assert third["file"].endswith("-3.html")
    [kept] = told("2.txt", "--keep-names")
    assert kept["file"] == "2.txt"


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("", "", "CON"), "x-CON"),
        (("", "", "nul.txt..."), "x-nul.txt"),
        (("", "", "  a/b\\c:d*e?f\"g<h>i|j\t\u200b\u202e. "), "a-b-c-d-e-f-g-h-i-j"),
        (("", "", "cafe\u0301#~"), "café"),
        (("", "", "20230506号文件"), "2023年5月6日号文件"),
        (("2024", "", ""), "2024_article"),
        (("2024-12-03T09:00+08:00", "新华社", "从0到1再到N"), "2024-12-03_新华社_从0到1再到N"),
    ],
)  # fmt: skip
def test_names_are_safe_on_every_file_system(parts: tuple[str, str, str], name: str) -> None:
    assert article_stem(*parts) == name


def test_long_names_are_cut_between_characters() -> None:
    stem = article_stem("2024-12-03", "一" * 40, "二" * 90)
    assert len(stem.encode()) <= 104
    assert stem.endswith("二…")
    assert stem.count("一") == 11
    assert len(own_stem("é" * 200 + ".txt").encode()) <= 104


def test_names_in_archives_are_read_in_their_encoding(here: Path) -> None:
    import zipfile

    zipped(here / "a.zip", {"新闻/渡轮公司增加班次.txt": b"x", "../up.txt": b"y"})
    with zipfile.ZipFile(here / "a.zip") as archive:
        assert [member_name(info) for info in archive.infolist()] == ["新闻/渡轮公司增加班次.txt", "up.txt"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems know no such names")
def test_names_that_are_no_text(here: Path) -> None:
    folder = here / "old"
    folder.mkdir()
    Path(os.fsdecode(os.fsencode(folder) + b"/\xb4\xe5.txt")).write_text(STORIES[3].body, encoding="utf-8")
    [one] = told("old")
    assert one["file"] == "article.txt"
    assert "?" in one["origin"]
    assert_whole(here / "corpus")
    Path(os.fsdecode(os.fsencode(here / "corpus") + b"/\xb4\xe5.txt")).write_text(STORIES[4].body, encoding="utf-8")
    listed = CliRunner().invoke(main, ["corpus", "list"])
    assert listed.exit_code == 0, listed.output
    assert "article.txt" in listed.stdout
    checked = CliRunner().invoke(main, ["corpus", "check"])
    assert "has a name that is no text" in checked.stdout


def test_archives_that_hold_traps(here: Path) -> None:
    zipped(here / "inner.zip", {"a.txt": STORIES[0].text.encode()})
    data = (here / "inner.zip").read_bytes()
    zipped(here / "outer.zip", {"inner.zip": data, "b.txt": STORIES[1].text.encode()})
    found = told("outer.zip", code=1)
    assert {one["state"] for one in found} == {"failed", "added"}
    locked = bytearray(data)
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(signature) + place] |= 1
    (here / "locked.zip").write_bytes(locked)
    [one] = told("locked.zip", code=1)
    assert "password" in one["message"]
    (here / "cut.zip").write_bytes(data[:40])
    [one] = told("cut.zip", code=1)
    assert "damaged" in one["message"]


def test_a_list_of_links_goes_on_where_it_stopped(here: Path, site: Site) -> None:
    links = here / "links.csv"
    links.write_text(
        f"url,title,tag\n{site.url('article')},渡轮,甲;乙\n{site.url('status/404')},,\n{site.url('gbk')},,\n",
        encoding="utf-8",
    )
    found = told("--list", str(links), code=1)
    assert [one["state"] for one in found] == ["added", "failed", "added"]
    assert load_sidecar(here / "corpus" / found[0]["file"]).tags == ("甲", "乙")
    assert found[0]["title"] == "渡轮"
    assert found[2]["repeats"] == found[0]["file"]
    site.asked.clear()
    code, _, err = add("--list", str(links), "--yes")
    assert code == 1
    assert "2 of 3 links" in err
    assert site.asked["/status/404"] == 1
    assert site.asked["/article"] == 0


def test_add_and_run_in_one_command(here: Path) -> None:
    (here / "a.txt").write_text(STORIES[8].text, encoding="utf-8")
    code, out, _ = add("a.txt", "--yes", "--run")
    assert code == 0, out
    table = (here / "output" / "articles.csv").read_text(encoding="utf-8-sig")
    assert "2024-05-16_石桥快报_钢琴搬进地铁站.txt" in table
    found = told("a.txt", "--run")
    assert found[0]["state"] == "already there"


def on_a_terminal(here: Path, arguments: list[str], answer: bytes, piped: bytes | None = None) -> tuple[int, str]:
    """Runs the command with a terminal to sit at; `piped` comes on standard input in its place."""
    import pty

    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(here)
        if piped is not None:
            read, write = os.pipe()
            os.write(write, piped)
            os.close(write)
            os.dup2(read, 0)
        os.execv(sys.executable, [sys.executable, "-m", "hkextract", "add", *arguments])
    shown = b""
    asked = False
    while True:
        try:
            data = os.read(terminal, 4096)
        except OSError:
            break
        if not data:
            break
        shown += data
        if b"[Y/n]" in shown and not asked:
            asked = True
            os.write(terminal, answer)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode("utf-8", "replace")


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_on_a_terminal_the_user_is_asked(here: Path) -> None:
    (here / "a.txt").write_text(STORIES[0].text, encoding="utf-8")
    (here / "b.txt").write_text(STORIES[1].text, encoding="utf-8")
    code, shown = on_a_terminal(here, ["a.txt"], b"n\n")
    assert code == 0, shown
    assert "Nothing was added." in shown
    assert articles(here / "corpus") == []
    code, shown = on_a_terminal(here, ["a.txt", "b.txt"], b"y\n")
    assert code == 0, shown
    assert "Add 2 articles to corpus?" in shown
    assert len(articles(here / "corpus")) == 2
    code, shown = on_a_terminal(here, ["-"], b"y\n", STORIES[2].text.encode())
    assert code == 0, shown
    assert len(articles(here / "corpus")) == 3
    assert_whole(here / "corpus")


def many(folder: Path, first: int, count: int) -> None:
    folder.mkdir()
    for number in range(first, first + count):
        story = STORIES[number % len(STORIES)]
        (folder / f"{number}.txt").write_text(story.text.replace("\n\n", f"\n\n第{number}号。", 1), encoding="utf-8")


def start(here: Path, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "hkextract", "add", *arguments, "--yes", "--json"]
    return subprocess.Popen(command, cwd=here, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_a_kill_at_any_moment_leaves_each_article_whole_or_not_there(here: Path) -> None:
    many(here / "in", 0, 40)
    corpus = here / "corpus"
    chance = random.Random(7)
    for _ in range(4):
        process = start(here, "in")
        assert process.stdout
        for _ in range(chance.randrange(1, 12)):
            if not process.stdout.readline():
                break
        time.sleep(chance.random() * 0.02)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        if (corpus / ".hkextract" / "adding.json").exists():
            CliRunner().invoke(main, ["corpus", "list"])  # any command takes back what was left
        assert_whole(corpus)
    process = start(here, "in")
    out, err = process.communicate()
    assert process.returncode == 0, err
    assert len(out.splitlines()) == 40
    assert len(articles(corpus)) == 40
    assert_whole(corpus)
    assert list((corpus / ".hkextract" / "stage").iterdir()) == []


@pytest.mark.parametrize("moment", ["sidecar", "article", "plan"])
def test_a_kill_between_sidecar_and_article(here: Path, moment: str) -> None:
    (here / "a.txt").write_text(STORIES[0].text, encoding="utf-8")
    code = (
        "import os, sys\nfrom hkextract.adding import keep\nfrom hkextract.cli import main\nreal = keep.claim\n"
        "def claim(new, place):\n"
        "    end = place.name.endswith('.toml')\n"
        f"    if {moment!r} == 'plan': os._exit(9)\n"
        "    real(new, place)\n"
        f"    if ({moment!r} == 'sidecar') == end: os._exit(9)\n"
        "keep.claim = claim\nmain(['add', 'a.txt', '--yes'])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=here, capture_output=True, check=False)
    assert done.returncode == 9, done.stderr
    assert (here / "corpus" / ".hkextract" / "adding.json").exists()
    result = CliRunner().invoke(main, ["corpus", "list", "--json"])
    assert len(result.stdout.splitlines()) == (moment == "article")
    assert_whole(here / "corpus")
    [one] = told("a.txt")
    assert one["state"] == ("already there" if moment == "article" else "added")
    assert_whole(here / "corpus")


def test_two_adds_at_once_lose_and_overwrite_nothing(here: Path) -> None:
    many(here / "one", 0, 40)
    many(here / "two", 30, 40)
    for folder in ("one", "two"):
        for path in (here / folder).iterdir():
            path.write_text(path.read_text(encoding="utf-8") + f"{path.name}\n", encoding="utf-8")
    both = [
        start(here, folder, "--title", "", "--source", "同一来源", "--date", "2024-05-05") for folder in ("one", "two")
    ]
    found = []
    for process in both:
        out, err = process.communicate()
        assert process.returncode == 0, err
        found += [json.loads(line) for line in out.splitlines()]
    assert len(found) == 80
    assert sorted(one["state"] for one in found) == ["added"] * 70 + ["already there"] * 10
    assert len(articles(here / "corpus")) == 70
    assert_whole(here / "corpus")
    kept = {sha256((here / "corpus" / name).read_bytes()).digest() for name in articles(here / "corpus")}
    given = {sha256(path.read_bytes()).digest() for folder in ("one", "two") for path in (here / folder).iterdir()}
    assert kept == given


def test_a_corpus_that_cannot_be_written_to_is_told(here: Path) -> None:
    (here / "a.txt").write_text(STORIES[0].text, encoding="utf-8")
    (here / "corpus").write_text("a file", encoding="utf-8")
    code, _, err = add("a.txt", "--yes")
    assert code == 2
    assert "--corpus" in err
