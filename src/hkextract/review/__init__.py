"""What people decide about the tables: the log of it, where a decision stands in a text, and its replay in each run."""
