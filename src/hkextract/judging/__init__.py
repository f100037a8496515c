"""What reviewers' decisions and the rules themselves are asked: scores, statistics, comparisons, why and why not."""
