"""Reading for a run: what cannot be read is told, and the rest goes on."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from aligner.scale.plan import make_plan
from aligner.scale.reading import Columns, read_item
from aligner.scale.records import Failure, Record, records_of, table_of

ZH, VI = "学生们可以借书。", "Học sinh có thể mượn sách."


def read_all(folder: Path, columns: Columns | None = None) -> tuple[list[Record], list[Failure]]:
    plan = make_plan(str(folder), shard_size=100)
    found = [
        f for shard in plan.shards for item in shard for f in read_item(item, plan.url, columns or Columns())
    ]
    return [f for f in found if isinstance(f, Record)], [f for f in found if isinstance(f, Failure)]


def test_a_bilingual_document_is_two_that_belong_together(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{ZH}\n{VI}\n", "utf-8")
    records, failures = read_all(tmp_path)
    assert [(r.document.lang, r.pair) for r in records] == [("zh-Hans", "a.txt"), ("vi", "a.txt")]
    assert failures == []


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(ZH, "utf-8")
    (tmp_path / "empty.txt").write_text("", "utf-8")
    (tmp_path / "english.txt").write_text("This is an English text without any of the two.", "utf-8")
    (tmp_path / "broken.docx").write_bytes(b"PK\x03\x04 no zip")
    (tmp_path / "x.zh.txt").write_text(ZH, "utf-8")
    (tmp_path / "x.vi.txt").write_text(ZH, "utf-8")
    records, failures = read_all(tmp_path)
    assert [record.id for record in records] == ["good.txt"]
    named = {failure.document for failure in failures}
    assert named == {"empty.txt", "english.txt", "broken.docx", "x.zh.txt | x.vi.txt"}
    assert all(failure.problem for failure in failures)


def test_rows_of_tables(tmp_path: Path) -> None:
    rows = [
        {"zh": ZH, "vi": VI, "url": "http://a.example/1"},
        {"text": VI, "id": "alone"},
        {"zh": ZH, "vi": 3},
        {"title": "no text"},
        "not an object",
    ]
    (tmp_path / "t.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows) + "{broken\n", "utf-8")
    records, failures = read_all(tmp_path)
    assert [(r.id, r.pair) for r in records] == [
        ("http://a.example/1", "http://a.example/1"),
        ("http://a.example/1", "http://a.example/1"),
        ("alone", ""),
    ]
    assert [failure.document for failure in failures] == ["t.jsonl#2", "t.jsonl#3", "t.jsonl#4", "t.jsonl#5"]


def test_columns_can_be_named(tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_text(json.dumps({"chu": ZH, "viet": VI, "zh": "x", "key": "k"}), "utf-8")
    records, _ = read_all(tmp_path, Columns(zh="chu", vi="viet", id="key"))
    assert [(r.id, r.document.text) for r in records] == [("k", ZH), ("k", VI)]


@pytest.mark.parametrize("data", [b"", b"\x1f\x8b broken", b"PAR1 nothing"])
@pytest.mark.parametrize("name", ["t.jsonl.gz", "t.parquet"])
def test_a_broken_file_of_rows_is_one_failure(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    (tmp_path / "good.txt").write_text(ZH, "utf-8")
    records, failures = read_all(tmp_path)
    assert [record.id for record in records] == ["good.txt"]
    assert len(failures) <= 1
    assert all(failure.document.startswith(name) for failure in failures)
    assert failures or (name == "t.jsonl.gz" and not data)


# warcio leaves the temporary file of its writer to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_web_archive_is_read_by_the_engine(tmp_path: Path) -> None:
    warcio = pytest.importorskip("warcio", reason="warcio is not installed")
    pytest.importorskip("magic", reason="python-magic is not installed", exc_type=ImportError)
    with (tmp_path / "crawl.warc.gz").open("wb") as file:
        writer = warcio.warcwriter.WARCWriter(file, gzip=True)
        for number, text in enumerate((ZH, VI)):
            page = f"<html><head><meta charset=utf-8></head><body><p>{text}</p></body></html>".encode()
            headers = warcio.statusandheaders.StatusAndHeaders(
                "200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.0"
            )
            url = f"http://site.example/{number}"
            writer.write_record(
                writer.create_warc_record(url, "response", payload=io.BytesIO(page), http_headers=headers)
            )
    records, failures = read_all(tmp_path)
    assert failures == []
    assert [(r.id, r.document.lang) for r in records] == [
        ("http://site.example/0", "zh-Hans"),
        ("http://site.example/1", "vi"),
    ]


def test_records_survive_the_table(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"标题\n\n{ZH}\n{VI}\n", "utf-8")
    records, _ = read_all(tmp_path)
    again = list(records_of(table_of(records)))
    assert [(r.id, r.pair, r.document.text, r.document.blocks) for r in again] == [
        (r.id, r.pair, r.document.text, r.document.blocks) for r in records
    ]
