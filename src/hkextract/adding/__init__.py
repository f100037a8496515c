"""Adding articles to a corpus, and keeping a corpus in order."""
