"""What can go wrong, as one tree.

Every error says the problem and, where there is one, the remedy; the command line prints both in
one line. `AlignerError` is the root: catch it to catch all of them.

    AlignerError            exit code 1
    ├── InputError          a document, bitext or table that cannot be used
    │   ├── EncodingError   bytes that are no text in any encoding we know
    │   └── FormatError     a file of a known format that is broken, or newer than we are
    ├── OutputError         a result that cannot be written where it was asked for
    ├── MissingBackend      an extra that is not installed
    └── UsageError          exit code 2: the command's words contradict each other
"""

from __future__ import annotations


class AlignerError(Exception):
    """The root of all errors this package raises on purpose.

    Attributes:
        problem: what is wrong, naming the file and place where there is one.
        remedy: what to do about it; empty where nothing general can be said.
    """

    exit_code = 1

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(f"{problem}: {remedy}" if remedy else problem)
        self.problem = problem
        self.remedy = remedy


class InputError(AlignerError):
    """A document, bitext, glossary or table cannot be used."""


class EncodingError(InputError):
    """The bytes of a file are no text in any encoding we know."""


class FormatError(InputError):
    """A file of a known format is broken, or was written by a newer version."""


class OutputError(AlignerError):
    """A result cannot be written where it was asked for; what stood there is untouched."""


class MissingBackend(AlignerError):  # noqa: N818 - it names what is missing, not that something failed
    """An optional extra is not installed."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f"{feature} needs the extra '{extra}'", f'pip install "aligner-zhvi[{extra}]"')


class UsageError(AlignerError):
    """The words of a command contradict each other."""

    exit_code = 2
