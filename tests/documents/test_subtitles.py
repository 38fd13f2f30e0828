"""Subtitles: times, sentences over several cues, dialogue, both formats."""

from pathlib import Path

import pytest

from aligner.documents import read, separate
from aligner.documents.subtitles import read_content
from aligner.errors import FormatError


def cues(text: str, name: str = "a.srt") -> list[tuple[str | None, str]]:
    content = read_content(text.encode(), path=name, encoding=None)
    return [(b.origin.time, content.text[b.start : b.end]) for b in content.blocks]


def srt(*cues: tuple[str, str, str]) -> str:
    return "\n".join(f"{n}\n00:00:{a} --> 00:00:{b}\n{text}\n" for n, (a, b, text) in enumerate(cues, 1))


def test_a_sentence_over_several_cues_is_one_block() -> None:
    text = srt(
        ("01,000", "02,500", "Hôm nay trời mưa to,"),
        ("02,600", "04,000", "cả làng không ai ra đồng."),
        ("05,000", "06,000", "Bà tôi kể chuyện."),
    )
    assert cues(text) == [
        ("00:00:01.000-00:00:04.000", "Hôm nay trời mưa to, cả làng không ai ra đồng."),
        ("00:00:05.000-00:00:06.000", "Bà tôi kể chuyện."),
    ]


def test_without_end_marks_every_cue_stands_for_itself() -> None:
    text = srt(
        ("01,000", "02,000", "今天下大雨"),
        ("02,100", "03,000", "没人去干活"),
        ("03,100", "04,000", "奶奶讲故事"),
    )
    assert [text for _, text in cues(text)] == ["今天下大雨", "没人去干活", "奶奶讲故事"]


def test_a_pause_ends_a_sentence() -> None:
    text = srt(("01,000", "02,000", "Hôm nay,"), ("09,000", "10,000", "trời mưa."))
    assert len(cues(text)) == 2


def test_two_speakers_are_two_blocks() -> None:
    text = srt(("01,000", "02,000", "- Anh đi đâu đấy?\n- Tôi ra chợ."))
    assert cues(text) == [("00:00:01.000-00:00:02.000", t) for t in ("Anh đi đâu đấy?", "Tôi ra chợ.")]


def test_markup_is_no_text() -> None:
    text = srt(("01,000", "02,000", r"{\an8}<i>Một</i> <font color='red'>hai</font> &amp; ba ♪"))
    assert [text for _, text in cues(text)] == ["Một hai & ba"]


def test_the_lines_of_a_cue_are_one_line_unless_the_language_changes() -> None:
    assert cues(srt(("01,000", "02,000", "Trời\nmưa.")))[0][1] == "Trời mưa."
    assert cues(srt(("01,000", "02,000", "下雨了。\nTrời mưa.")))[0][1] == "下雨了。\nTrời mưa."


def test_bilingual_subtitles_can_be_separated(tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    pairs = [("孩子们很高兴", "Trẻ con vui lắm"), ("村里的花都开了", "hoa trong làng đã nở")]
    path.write_text(
        srt(*((f"0{n}", f"0{n},900", f"{zh}\n{vi}") for n, (zh, vi) in enumerate(pairs, 1))), "utf-8"
    )
    zh, vi = separate(read(path))
    for document, side in ((zh, 0), (vi, 1)):
        assert [document.text[b.start : b.end] for b in document.blocks] == [pair[side] for pair in pairs]
    assert [b.origin.time for b in zh.blocks] == [b.origin.time for b in vi.blocks]


def test_webvtt() -> None:
    text = (
        "WEBVTT - chuyện\n\nSTYLE\n::cue { color: red }\n\nNOTE\nlời bàn\n\nmở đầu\n"
        "00:01.000 --> 00:02.000 align:start\n<v Bà>Ngày xưa...</v>\n\n"
        "01:00:03.500 --> 01:00:04.000\nCó một <00:03.600>ông lão.\n"
    )
    assert cues(text, "a.vtt") == [
        ("00:00:01.000-00:00:02.000", "Ngày xưa..."),
        ("01:00:03.500-01:00:04.000", "Có một ông lão."),
    ]


def test_a_missing_blank_line_and_missing_numbers() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nMột.\n2\n00:00:03,000 --> 00:00:04,000\nHai.\n"
    assert [text for _, text in cues(text)] == ["Một.", "Hai."]
    assert [text for _, text in cues(text.replace("1\n0", "0", 1).replace("\n", "\r\n"))] == ["Một.", "Hai."]


def test_what_has_no_times_is_refused() -> None:
    with pytest.raises(FormatError, match="no subtitles"):
        cues("Một câu chuyện.\n")


def test_a_cue_that_begins_another_sentence_is_parted() -> None:
    text = srt(
        ("01,000", "03,000", "昨天下了一场大雨，村里没有"),
        ("03,000", "05,000", "人去干活。奶奶坐在院"),
        ("05,000", "07,000", "子里讲故事"),
        ("07,000", "09,000", "。我们都喜欢 Hang"),
        ("09,000", "11,000", "村的故事。"),
    )
    assert cues(text) == [
        ("00:00:01.000-00:00:05.000", "昨天下了一场大雨，村里没有人去干活。"),
        ("00:00:03.000-00:00:09.000", "奶奶坐在院子里讲故事。"),
        ("00:00:07.000-00:00:11.000", "我们都喜欢 Hang 村的故事。"),
    ]


def test_what_stays_on_the_screen_is_read_once() -> None:
    lines = ["Hôm qua trời mưa", "cả làng ở nhà", "bà tôi kể chuyện", "chúng tôi ngồi nghe"]
    rolling = [("\n".join(lines[max(0, n - 1) : n + 1])) for n in range(4)]
    text = srt(*((f"0{n},000", f"0{n + 1},000", shown) for n, shown in enumerate(rolling, 1)))
    assert " ".join(text for _, text in cues(text)).split() == " ".join(lines).split()
    twice = srt(("01,000", "02,000", "Không!"), ("02,000", "03,000", "Không!"), ("03,000", "04,000", "Vâng."))
    assert [text for _, text in cues(twice)] == ["Không!", "Không!", "Vâng."]


def test_a_dash_inside_a_line_is_text() -> None:
    assert cues(srt(("01,000", "02,000", "Tàu Hà Nội - Huế đến rồi.")))[0][1] == "Tàu Hà Nội - Huế đến rồi."
    assert cues(srt(("01,000", "02,000", "- Tàu đến rồi.")))[0][1] == "Tàu đến rồi."
