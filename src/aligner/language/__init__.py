"""What is known about Chinese and Vietnamese: script, normal forms, numerals, readings, tokens.

Nothing here knows of documents or alignments. Tables live in `aligner/data` and are read on first use.
"""
