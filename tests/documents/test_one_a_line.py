"""Files segmented already: one segment a line, kept as it is."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.documents import segmented


def write(folder: Path, text: str) -> Path:
    path = folder / "a.txt"
    path.write_bytes(text.encode())
    return path


def test_segmented_lines_keep_their_numbers(tmp_path: Path) -> None:
    text = "Một.\n\n  Hai. Ba.  \r\n\u3000\nBốn\rnăm\u2028sáu\x85bảy\n"
    document, segments = segmented(write(tmp_path, text))
    assert document.text == text
    assert [s.text for s in segments] == ["Một.", "", "Hai. Ba.", "", "Bốn\rnăm\u2028sáu\x85bảy"]
    assert [s.id for s in segments] == [0, 1, 2, 3, 4]
    assert document.lang == "vi"
    assert len(document.blocks) == len(segments)
    for segment in segments:
        assert text[segment.start : segment.end] == segment.text


@pytest.mark.parametrize(
    ("text", "count"), [("a", 1), ("a\n", 1), ("a\n\n", 2), ("\na", 2), ("a\r\nb\r\n", 2)]
)
def test_segmented_counts_lines_as_other_programs_do(tmp_path: Path, text: str, count: int) -> None:
    assert len(segmented(write(tmp_path, text), lang="vi")[1]) == count


@settings(deadline=None, max_examples=200)
@given(
    st.text(alphabet=st.sampled_from("ab 。.\n\r\t\u2028\u3000花"), min_size=1, max_size=60).filter(str.strip)
)
def test_segmented_agrees_with_splitting_at_newlines(text: str) -> None:
    path = Path("x.txt")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "read_bytes", lambda _: text.encode())
        _, segments = segmented(path, lang="vi")
    assert [s.text for s in segments] == [line.strip() for line in text.removesuffix("\n").split("\n")]


def test_lone_carriage_returns_are_told(tmp_path: Path) -> None:
    assert segmented(write(tmp_path, "Một.\r\nHai.\n"), lang="vi")[0].notes == ()
    (note,) = segmented(write(tmp_path, "Một.\rHai.\n"), lang="vi")[0].notes
    assert "carriage returns" in note
