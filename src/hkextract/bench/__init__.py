"""How fast the whole path is, beside other tools on the same text in the same run: `hkextract bench`."""
