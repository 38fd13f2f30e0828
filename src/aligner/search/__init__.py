"""The parallel concordance: every bead that holds a word or a phrase, in either language and any spelling.

    Query ──▶ index (SQLite, beside the corpus, kept up to date with the files) ──▶ Hit…

The index proposes beads, `phrases` finds the places in their texts; so what is found does not depend on
how the index cuts words.
"""
