"""Encodings: right readings are found, UTF-8 is never mistaken for another, the user has the last word."""

import json
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.documents import html, read
from aligner.documents.encodings import decode_as, detect, font_encoding, sense
from aligner.documents.legacy import converter_of, from_tcvn3, from_vni
from aligner.documents.loading import decode
from aligner.errors import EncodingError, InputError

CASES = json.loads((Path(__file__).parents[1] / "cases" / "encodings.json").read_text(encoding="utf-8"))
TEXTS = [(case["lang"], case["text"]) for case in CASES["written for these tests"]]
VIETNAMESE = [text for lang, text in TEXTS if lang == "vi"]
CHINESE = [text for lang, text in TEXTS if lang != "vi"]

TCVN3: dict[str, str] = CASES["TCVN3 codes in hexadecimal (TCVN 5712:1993, table VN3)"]
VNI: dict[str, str] = CASES["VNI for Windows, as typed in Windows-1252"]


def to_tcvn3(text: str) -> bytes:
    codes = {letter: bytes.fromhex(code) for letter, code in TCVN3.items()}
    codes |= {letter.upper(): code for letter, code in codes.items() if letter.upper() not in codes}
    return b"".join(codes.get(c) or c.encode("cp1252") for c in text)


def to_vni(text: str) -> bytes:
    codes = VNI | {letter.upper(): code.upper() for letter, code in VNI.items()}
    return "".join(codes.get(c, c) for c in text).encode("cp1252")


def to_cp1258(text: str) -> bytes:
    """A letter that has no code is written as its base and its tone."""
    out = b""
    for letter in text:
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", letter)
            tone = next(mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323")
            out += (unicodedata.normalize("NFC", parts.replace(tone, "")) + tone).encode("cp1258")
    return out


def plain(codec: str) -> Callable[[str], bytes]:
    return lambda text: text.encode(codec)


ENCODERS = [
    *[
        (name, VIETNAMESE, encode)
        for name, encode in [("TCVN3", to_tcvn3), ("VNI", to_vni), ("cp1258", to_cp1258)]
    ],
    ("gb18030", CHINESE, plain("gb18030")),
    ("big5hkscs", [text for lang, text in TEXTS if lang == "zh-Hant"], plain("big5hkscs")),
    *[(codec, VIETNAMESE + CHINESE, plain(codec)) for codec in ("utf-8", "utf-16-le", "utf-16-be")],
]
ENCODED = [
    pytest.param(name, text, encode(text), id=f"{name}-{n}")
    for name, texts, encode in ENCODERS
    for n, text in enumerate(texts)
]


@pytest.mark.parametrize(("name", "text", "data"), ENCODED)
def test_the_encoding_is_found_and_read(name: str, text: str, data: bytes) -> None:
    assert detect(data) == name
    assert decode_as(data, name) == text
    found, notes = decode(data, "a.txt")
    assert found == text
    assert bool(notes) == (name != "utf-8")
    assert all(name.upper() in note for note in notes)


@pytest.mark.parametrize(("name", "text", "data"), [p for p in ENCODED if "utf" not in str(p.id)])
def test_right_and_wrong_readings_lie_far_apart(name: str, text: str, data: bytes) -> None:
    assert sense(text) >= 0.72
    others = {"gb18030", "big5hkscs", "cp1258", "utf-16-le", "utf-16-be"} - {name}
    assert max(sense(data.decode(other, "replace")) for other in others) <= 0.6


@pytest.mark.parametrize("codec", ["tcvn3", "VNI", "cp1258", "gb18030", "big5"])
def test_the_user_has_the_last_word(tmp_path: Path, codec: str) -> None:
    encode = {"tcvn3": to_tcvn3, "VNI": to_vni, "cp1258": to_cp1258}.get(codec) or plain(codec)
    text = CHINESE[-1] if codec in ("gb18030", "big5") else VIETNAMESE[0]
    path = tmp_path / "a.txt"
    path.write_bytes(encode(text))
    document = read(path, encoding=codec)
    assert document.text == text
    assert document.notes == (f"read as {codec.upper()}, as asked",)


def test_a_font_encoding_that_was_saved_as_utf_8_is_read_on_demand() -> None:
    text = VIETNAMESE[0]
    assert decode_as(to_vni(text).decode("cp1252").encode(), "vni") == text
    assert decode_as(to_tcvn3(text).decode("cp1252").encode(), "tcvn3") == text


@pytest.mark.parametrize("encode", [to_tcvn3, to_vni])
def test_a_page_that_keeps_the_code_of_its_font_is_converted(encode: Callable[[str], bytes]) -> None:
    letters = encode(VIETNAMESE[0]).decode("cp1252")
    found = html.read_content(f"<p>{letters}</p><p>{CHINESE[0]}</p>".encode(), path="a.html", encoding=None)
    assert "".join(found.text.split()) == "".join((VIETNAMESE[0] + CHINESE[0]).split())
    assert "converted" in found.notes[0]


@pytest.mark.parametrize(
    "text",
    [
        *VIETNAMESE,
        *CHINESE,
        "L’été dernier, où étiez-vous ? À côté de la forêt, là-bas, près du château.",
        "Die Straße führt über die Brücke zum größten Hügel, wo früher Bäume wüchsen.",
        "naïve café",
        unicodedata.normalize("NFD", VIETNAMESE[0]),
    ],
)
def test_text_that_is_what_it_seems_is_not_converted(text: str) -> None:
    assert font_encoding(text) is None


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=40))
def test_valid_utf_8_is_never_taken_for_anything_else(text: str) -> None:
    assert detect(text.replace("\0", "").encode("utf-8", "replace")) == "utf-8"


def test_decomposed_text_stays_as_it_is() -> None:
    text = unicodedata.normalize("NFD", VIETNAMESE[0])
    assert decode(text.encode(), "a.txt") == (text, ())
    assert sense(text) > 0.95


@pytest.mark.parametrize(
    "data",
    [
        "Die Straße führt über die Brücke zum größten Hügel.".encode("cp1252"),
        "L’été dernier, où étiez-vous ? À côté de la forêt.".encode("cp1252"),
        "Он жил у самого моря.".encode("koi8-r"),
        "村".encode("gb18030")[:1] + b"!",
        bytes(range(128, 256)),
        b"\x81\x80\xfd\x80\x81 abc",
        "Straße".encode("latin-1"),
        "한국어 문장은 여기에 없습니다. 마을의 꽃이 모두 피었습니다.".encode("euc-kr"),
        "村の花がみんな咲いた。".encode("shift-jis"),
    ],
)
def test_what_makes_no_sense_is_refused(data: bytes) -> None:
    assert detect(data) is None
    with pytest.raises(EncodingError, match="not UTF-8"):
        decode(data, "a.txt")


@pytest.mark.parametrize("data", [b"\0" * 100, bytes(range(256)) * 4, b"abc\0def"])
def test_binary_data_is_no_text(data: bytes) -> None:
    with pytest.raises(InputError):
        decode(data, "a.txt")


def test_wide_text_of_ascii_letters_only() -> None:
    assert detect("Plain English, nothing else.".encode("utf-16-le")) == "utf-16-le"
    assert detect("Plain English, nothing else.".encode("utf-16-be")) == "utf-16-be"


def test_a_page_that_begins_with_much_ascii() -> None:
    data = b"var x = 1;\n" * 20_000 + to_vni(VIETNAMESE[0])
    assert detect(data) == "VNI"


def test_a_broken_byte_in_a_known_encoding_is_named() -> None:
    data = CHINESE[0].encode("gb18030") + b"\xff\n" + CHINESE[1].encode("gb18030")
    with pytest.raises(EncodingError, match=f"not GB18030 at byte {len(CHINESE[0].encode('gb18030'))}"):
        decode(data, "a.txt")


def test_every_letter_of_the_tables() -> None:
    letters = "".join(TCVN3)
    assert from_tcvn3(to_tcvn3(letters).decode("cp1252")) == letters
    for letter in VNI:
        assert from_vni(to_vni(letter).decode("cp1252")) == letter
        assert from_vni(to_vni(letter.upper()).decode("cp1252")) == letter.upper()
    assert len(VNI) == 67


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Céng hoµ x· héi", "Cộng hoà xã hội"),
        ("TØNH H¶I D¦¥NG", "TỈNH HẢI DƯƠNG"),
        ("Tù do", "Tự do"),
        ("Tõ EU sang", "Từ EU sang"),
    ],
)
def test_capitals_of_tcvn3(text: str, expected: str) -> None:
    assert from_tcvn3(text) == expected


@pytest.mark.parametrize(
    ("font", "text", "expected"),
    [
        (".VnTime", "ViÖt", "Việt"),
        (".VnArialH", "viÖt", "VIỆT"),
        ("VNI-Times", "Vieät", "Việt"),
        ("vni-helve", "Vieät", "Việt"),
    ],
)
def test_fonts_that_are_encodings(font: str, text: str, expected: str) -> None:
    convert = converter_of(font)
    assert convert is not None
    assert convert(text) == expected


@pytest.mark.parametrize("font", ["Times New Roman", "SimSun", "VnTimes", ""])
def test_fonts_that_are_not(font: str) -> None:
    assert converter_of(font) is None


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=60))
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    with suppress(InputError):
        text, notes = decode(data, "a.txt")
        assert text.strip()
        assert notes or text.encode() == data
