"""The commands. Each imports what it runs when it runs, so that `--help` answers at once."""

from __future__ import annotations

import click

from hkextract.cli import adding, completion, corpus, judging, looking, orgs, reviewing, rulebook, running


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="hkextract")
def main() -> None:
    """Turns raw Chinese news articles into tables that can be checked.

    Start with: hkextract run corpus/
    """


for command in (
    running.run,
    adding.add,
    corpus.corpus,
    running.export,
    running.cache,
    looking.show,
    looking.explain,
    judging.why_not,
    judging.evaluate,
    reviewing.review,
    looking.score,
    looking.extract,
    rulebook.rules,
    orgs.orgs,
    running.bench,
    completion.completion,
):
    main.add_command(command)
for command in (judging.rules_diff, judging.rules_stats, judging.rules_learn):
    rulebook.rules.add_command(command)
