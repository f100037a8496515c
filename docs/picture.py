"""Makes docs/images/show.svg: an article of the corpus as `hkextract show` prints it.

Usage: picture.py [OUTPUT] [ARTICLE]   (after `make run`)
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from rich.console import Console

from hkextract.report import show_article


def main() -> None:
    """Writes the picture."""
    output = Path(sys.argv[1] if len(sys.argv) > 1 else "output")
    article = sys.argv[2] if len(sys.argv) > 2 else "press-release"
    console = Console(record=True, width=96, file=io.StringIO(), force_terminal=True, highlight=False)
    show_article(output, article, console)
    lines = console.export_text(clear=False, styles=False)
    assert lines.strip()
    console.save_svg(str(Path(__file__).parent / "images" / "show.svg"), title=f"hkextract show {article}")


if __name__ == "__main__":
    main()
