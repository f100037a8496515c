"""Full-width figures stay as they are printed; what is found in them and its value do not depend on the width."""

from __future__ import annotations

import hkextract
from hkextract.article import Source
from hkextract.pipeline import Pipeline, Result

PAGE = """渡輪加班２０％
２００５年７月２日　來源：海港日報

渡輪公司７月１日宣布，撥款３,０００萬港元，佔開支的１２．５％，ＡＢＣ渡輪有限公司也參加。
"""


def test_the_clean_text_shows_what_the_page_shows(pipeline: Pipeline) -> None:
    wide = pipeline.process(Source("a", "a.txt", PAGE, "utf-8"))
    narrow = pipeline.process(
        Source("a", "a.txt", PAGE.translate({n: n - 0xFEE0 for n in range(0xFF10, 0xFF5B)}), "utf-8")
    )
    assert isinstance(wide, Result)
    assert isinstance(narrow, Result)
    assert wide.article.text.chars.split("\n") == [
        "渡轮加班２０％",
        "渡轮公司７月１日宣布，拨款３,０００万港元，占开支的１２．５％，ＡＢＣ渡轮有限公司也参加。",
    ]
    assert (wide.article.meta.title, wide.article.meta.published_at) == ("渡轮加班２０％", "2005-07-02")
    assert wide.mentions == narrow.mentions
    assert "".join(wide.tokens) == wide.article.text.chars
    assert [amount.low for amount in wide.mentions.amounts[1:]] == [30_000_000, 12.5]


def test_the_surface_of_an_extracted_text_is_as_printed() -> None:
    (found,) = hkextract.extract("撥款３億港元")["amounts"]
    assert (found["surface"], found["low"]) == ("３亿港元", 300_000_000)
