"""Reading for a run: what cannot be read is told, and the rest goes on."""

from __future__ import annotations

import gzip
import io
import json
import re
from pathlib import Path

import pytest

from aligner.cli.run import run
from aligner.scale.plan import make_plan
from aligner.scale.reading import Columns, ReadOptions, read_item
from aligner.scale.records import Failure, Record, records_of, table_of

ZH, VI = "学生们可以借书。", "Học sinh có thể mượn sách."


def read_all(folder: Path, columns: Columns | None = None) -> tuple[list[Record], list[Failure]]:
    plan = make_plan(str(folder), shard_size=100)
    options = ReadOptions(columns or Columns())
    found = [f for shard in plan.shards for item in shard for f in read_item(item, plan.url, options)]
    failures = [*plan.failures, *(f for f in found if isinstance(f, Failure))]
    return [f for f in found if isinstance(f, Record)], failures


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
    known = {option for parameter in run.params for option in parameter.opts}
    for failure in failures:
        assert set(re.findall(r"--[a-z-]+", failure.remedy)) <= known, "a remedy that the command has"


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
        ("http://a.example/1", "t.jsonl#0"),
        ("http://a.example/1", "t.jsonl#0"),
        ("alone", ""),
    ]
    assert [failure.document for failure in failures] == ["t.jsonl#2", "t.jsonl#3", "t.jsonl#4", "t.jsonl#5"]


@pytest.mark.parametrize(
    ("ids", "names"),
    [
        ([{"a": 1}, [1], None, ""], ["t.jsonl#0", "t.jsonl#1", "t.jsonl#2", "t.jsonl#3"]),
        ([7, 0, 1.5, "x"], ["7", "0", "1.5", "x"]),
        (["x", "x", "x", "x"], ["x", "x", "x", "x"]),
    ],
)
def test_whatever_the_id_no_row_is_lost(tmp_path: Path, ids: list[object], names: list[str]) -> None:
    """Ids that stand twice, that are missing or that are no word."""
    rows = [{"id": key, "zh": ZH, "vi": VI} for key in ids]
    (tmp_path / "t.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    records, failures = read_all(tmp_path)
    assert failures == []
    assert [record.id for record in records[::2]] == names
    assert [record.pair for record in records] == [f"t.jsonl#{n}" for n in range(4) for _ in ("zh", "vi")]


def test_a_value_that_is_missing_is_as_if_its_column_were(tmp_path: Path) -> None:
    rows = [{"zh": None, "vi": None, "text": VI}, {"zh": ZH, "vi": None, "text": None}]
    (tmp_path / "t.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    records, failures = read_all(tmp_path)
    assert [(r.id, r.pair) for r in records] == [("t.jsonl#0", "")]
    assert [f.document for f in failures] == ["t.jsonl#1"]
    assert "one side of the pair is empty" in failures[0].problem


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
    assert [failure.document for failure in failures] == [name]
    assert failures[0].remedy
    assert "Error" not in failures[0].problem


def test_a_file_of_rows_that_breaks_off_says_where(tmp_path: Path) -> None:
    lines = "".join(json.dumps({"id": n, "text": f"{ZH}{n * 7919}"}) + "\n" for n in range(3000))
    packed = gzip.compress(lines.encode())
    (tmp_path / "t.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    records, failures = read_all(tmp_path)
    assert 100 < len(records) < 3000
    assert [record.id for record in records] == [str(n) for n in range(len(records))]
    assert [failure.document for failure in failures] == [f"t.jsonl.gz#{len(records)}"]
    assert failures[0].remedy
    assert failures[0].detail


def test_files_of_another_encoding(tmp_path: Path) -> None:
    """Two characters that could be many things: the encoding is named."""
    (tmp_path / "a.txt").write_bytes("书架".encode("gb18030"))
    plan = make_plan(str(tmp_path), shard_size=1)
    found = list(read_item(plan.shards[0][0], plan.url, ReadOptions(encoding="gb18030")))
    assert [r.document.text for r in found if isinstance(r, Record)] == ["书架"]


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(2 << 20)
    plan = make_plan(str(tmp_path), shard_size=1)
    (found,) = read_item(plan.shards[0][0], plan.url, ReadOptions(max_size=1))
    assert isinstance(found, Failure)
    assert "larger than 1 MB" in found.problem


@pytest.fixture(params=[True, False], ids=["packed", "plain"])
def archive(request: pytest.FixtureRequest) -> tuple[str, bytes]:
    """The name and the bytes of a web archive of three pages, one of them long."""
    warcio = pytest.importorskip("warcio", reason="warcio is not installed")
    pytest.importorskip("magic", reason="python-magic is not installed", exc_type=ImportError)
    file = io.BytesIO()
    writer = warcio.warcwriter.WARCWriter(file, gzip=request.param)
    long = "".join(f"图书馆{n}号晚上{n * 7919 % 24}点关门。" for n in range(400))
    for number, text in enumerate((ZH, VI, long)):
        page = f"<html><head><meta charset=utf-8></head><body><p>{text}</p></body></html>".encode()
        headers = warcio.statusandheaders.StatusAndHeaders(
            "200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.0"
        )
        url = f"http://site.example/{number}"
        writer.write_record(
            writer.create_warc_record(url, "response", payload=io.BytesIO(page), http_headers=headers)
        )
    return "crawl.warc.gz" if request.param else "crawl.warc", file.getvalue()


# warcio leaves the temporary file of its writer to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_web_archive_is_read_by_the_engine(tmp_path: Path, archive: tuple[str, bytes]) -> None:
    name, data = archive
    (tmp_path / name).write_bytes(data)
    records, failures = read_all(tmp_path)
    assert failures == []
    assert [(r.id, r.document.lang) for r in records] == [
        ("http://site.example/0", "zh-Hans"),
        ("http://site.example/1", "vi"),
        ("http://site.example/2", "zh-Hans"),
    ]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("missing", [5, 100, 900])
def test_a_web_archive_that_breaks_off(tmp_path: Path, archive: tuple[str, bytes], missing: int) -> None:
    """What is whole is read, what is not is told."""
    name, data = archive
    (tmp_path / name).write_bytes(data[:-missing])
    records, failures = read_all(tmp_path)
    assert len(data) > 2 * missing
    assert {r.id for r in records} >= {"http://site.example/0", "http://site.example/1"}
    (failure,) = failures
    assert failure.document.startswith(name)
    assert "breaks off" in failure.problem


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.ndjson", "a.warc", "a.warc.gz"])
def test_an_empty_file_of_documents_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")
    (tmp_path / "good.txt").write_text(ZH, "utf-8")
    records, failures = read_all(tmp_path)
    assert [record.id for record in records] == ["good.txt"]
    assert [(failure.document, failure.problem) for failure in failures] == [(name, "holds no rows")]


def test_records_survive_the_table(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"标题\n\n{ZH}\n{VI}\n", "utf-8")
    records, _ = read_all(tmp_path)
    again = list(records_of(table_of(records)))
    assert [(r.id, r.pair, r.document.text, r.document.blocks) for r in again] == [
        (r.id, r.pair, r.document.text, r.document.blocks) for r in records
    ]
