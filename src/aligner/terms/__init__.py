"""Terms: candidates on both sides, their association, termhood, entries of a glossary, and its upkeep."""
