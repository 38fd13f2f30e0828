"""What speaks for or against a bead, in log2 odds: the lexical table, length and structure."""
