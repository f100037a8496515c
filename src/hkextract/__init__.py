"""hkextract: raw Chinese news articles in, tables that can be checked out."""
