"""`python -m hkextract`."""

from hkextract.cli import main

main()
