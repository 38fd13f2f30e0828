"""The plan: every document once, in shards that depend on the input alone."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aligner.errors import InputError
from aligner.scale.plan import Plan, make_plan, plan_of
from aligner.scale.reading import ReadOptions, read_item
from aligner.scale.records import Record


def names(plan: Plan) -> list[str]:
    """Names of all documents a plan reads."""
    found = [f for shard in plan.shards for item in shard for f in read_item(item, plan.url, ReadOptions())]
    assert all(isinstance(record, Record) for record in found), found
    return [record.id for record in found if isinstance(record, Record)]


def test_files_pairs_and_tables_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "a.zh.txt").write_text("图书馆晚上九点关门。", "utf-8")
    (tmp_path / "a.vi.txt").write_text("Thư viện đóng cửa lúc 9 giờ tối.", "utf-8")
    (tmp_path / "b.txt").write_text("学生们可以借书。", "utf-8")
    (tmp_path / "README.md").write_text("not a document", "utf-8")
    (tmp_path / ".hidden.txt").write_text("x", "utf-8")
    (tmp_path / "rows.jsonl").write_text(json.dumps({"zh": "你好。", "vi": "Xin chào."}) + "\n", "utf-8")
    plan = make_plan(str(tmp_path), shard_size=10)
    kinds = [[(item.kind, item.name) for item in shard] for shard in plan.shards]
    assert kinds == [
        [("pair", "a.zh.txt | a.vi.txt"), ("document", "b.txt")],
        [("jsonl", "rows.jsonl")],
    ]
    assert plan_of(json.loads(json.dumps(plan.to_json()))) == plan


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(0, 7), st.integers(0, 9), st.integers(1, 4), st.sampled_from(["jsonl", "jsonl.gz", "parquet"])
)
def test_each_document_is_read_once(
    tmp_path_factory: pytest.TempPathFactory, files: int, rows: int, size: int, form: str
) -> None:
    folder = tmp_path_factory.mktemp("in")
    for number in range(files):
        (folder / f"{number}.txt").write_text(f"第{number}个文件。", "utf-8")
    texts = [{"text": f"第{number}行文字。", "id": f"row {number}"} for number in range(rows)]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in texts).encode()
    if form == "parquet":
        schema = pa.schema([("text", pa.string()), ("id", pa.string())])
        pq.write_table(pa.Table.from_pylist(texts, schema=schema), folder / "t.parquet", row_group_size=3)
    else:
        (folder / f"t.{form}").write_bytes(gzip.compress(lines) if form.endswith("gz") else lines)
    if not files + rows:
        with pytest.raises(InputError):
            make_plan(str(folder), shard_size=size)
        return
    plan = make_plan(str(folder), shard_size=size)
    assert plan.documents == files + rows
    assert all(sum(item.size for item in shard) <= size for shard in plan.shards)
    assert names(plan) == [f"{n}.txt" for n in range(files)] + [f"row {n}" for n in range(rows)]
    for limit in range(1, files + rows + 1):
        assert names(make_plan(str(folder), shard_size=size, limit=limit)) == names(plan)[:limit]


def test_a_pattern_names_its_files(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.md"):
        (tmp_path / name).write_text("今天天气很好。", "utf-8")
    assert names(make_plan(f"{tmp_path}/*.txt", shard_size=5)) == ["a.txt", "b.txt"]
    assert names(make_plan(str(tmp_path / "c.md"), shard_size=5)) == ["c.md"]


@pytest.mark.parametrize("name", ["", "nothing-there", "*.txt"])
def test_nothing_to_read_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError):
        make_plan(str(tmp_path / name), shard_size=5)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes among the files here")
def test_a_pipe_among_the_files_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("今天天气很好。", "utf-8")
    os.mkfifo(tmp_path / "b.txt")
    (tmp_path / "c.txt").symlink_to(tmp_path / "nothing")
    assert names(make_plan(str(tmp_path), shard_size=5)) == ["a.txt"]


def test_an_address_of_fsspec_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("今天天气很好。", "utf-8")
    plan = make_plan(f"file://{tmp_path}", shard_size=5)
    assert names(plan) == ["a.txt"]
    with pytest.raises(InputError):
        make_plan("nosuchscheme://x/y", shard_size=5)
