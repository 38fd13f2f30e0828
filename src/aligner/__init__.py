"""Turns Chinese–Vietnamese bilingual documents into translation memories and glossaries.

Importing this package reads no file and loads no model.
"""

__version__ = "0.1.0"
