"""Finding a project, its bitexts, and which files of a folder belong together."""

from __future__ import annotations

from pathlib import Path

import pytest

from aligner import project
from aligner.errors import UsageError


def make(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", "utf-8")
    return folder


def listed(folder: Path) -> dict[str, list[str]]:
    found, _ = project.sources(folder)
    return {source.name: [p.relative_to(folder).as_posix() for p in source.paths] for source in found}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["x.zh.txt", "x.vi.txt"], {"x": ["x.zh.txt", "x.vi.txt"]}),
        (["x_vi.docx", "x_zh-CN.txt"], {"x": ["x_zh-CN.txt", "x_vi.docx"]}),
        (["zh/x.txt", "vi/x.txt"], {"x": ["zh/x.txt", "vi/x.txt"]}),
        (["a/zh/b/x.txt", "a/vi/b/x.txt"], {"a/b/x": ["a/zh/b/x.txt", "a/vi/b/x.txt"]}),
        (["a/vi-VN.txt", "a/zh-CN.txt"], {"a": ["a/zh-CN.txt", "a/vi-VN.txt"]}),
        (["a/vi.txt", "a/zh.txt"], {"a": ["a/zh.txt", "a/vi.txt"]}),
        (["X.ZH.txt", "X.VI.txt"], {"X": ["X.ZH.txt", "X.VI.txt"]}),
        (["bài.zho.txt", "bài.vie.txt"], {"bài": ["bài.zho.txt", "bài.vie.txt"]}),
        # a tag without its counterpart is part of a name
        (["hanh-vi.txt"], {"hanh-vi": ["hanh-vi.txt"]}),
        (["zh/x.txt"], {"zh/x": ["zh/x.txt"]}),
        (["x.zh.txt", "y.vi.txt"], {"x.zh": ["x.zh.txt"], "y.vi": ["y.vi.txt"]}),
        # the letters inside a word are no tag
        (["xvi.txt", "xzh.txt"], {"xvi": ["xvi.txt"], "xzh": ["xzh.txt"]}),
        # two files that would be called the same keep their suffix
        (["x.txt", "x.md"], {"x.md": ["x.md"], "x.txt": ["x.txt"]}),
        (["x.zh.txt", "x.vi.txt", "x.txt"], {"x": ["x.zh.txt", "x.vi.txt"], "x.txt": ["x.txt"]}),
        # no documents
        ([".hidden.txt", "README.md", "x.bitext.jsonl", "x.decisions.jsonl", "~$x.docx", ".git/x.txt"], {}),
    ],
)
def test_files_are_paired_by_name(tmp_path: Path, names: list[str], expected: dict[str, list[str]]) -> None:
    assert listed(make(tmp_path, *names)) == expected


def test_a_pair_at_the_top_is_called_as_its_folder(tmp_path: Path) -> None:
    assert list(listed(make(tmp_path / "talks", "zh.txt", "vi.txt"))) == ["talks"]


def test_two_files_for_one_language_are_not_guessed_at(tmp_path: Path) -> None:
    make(tmp_path, "x.zh.txt", "x.zh-tw.txt", "x.vi.txt")
    found, notes = project.sources(tmp_path)
    assert all(len(source.paths) == 1 for source in found)
    assert len(notes) == 1
    assert "x.zh.txt" in notes[0]
    assert "x.zh-tw.txt" in notes[0]


def test_the_nearest_project_above_is_found(tmp_path: Path) -> None:
    outer = make(tmp_path, "seeds/a.txt", "corpus/a.bitext.jsonl", "glossary/g.tsv")
    inner = make(tmp_path / "seeds" / "inner", "seeds/a.txt", "corpus/x", "glossary/x")
    assert project.require(outer / "corpus").root == outer
    assert project.require(inner / "seeds").root == inner
    # a folder that has only one or two of the three is no project
    half = make(tmp_path / "half", "seeds/a.txt", "corpus/x")
    assert project.require(half).root == outer


def test_no_project_is_a_wrong_use(tmp_path: Path) -> None:
    assert project.find(tmp_path) is None
    with pytest.raises(UsageError, match="no project"):
        project.require(tmp_path)


def test_the_corpus_leaves_out_the_gold(tmp_path: Path) -> None:
    make(tmp_path, "seeds/a.txt", "glossary/g", "corpus/b.bitext.jsonl", "corpus/sub/a.bitext.jsonl")
    make(tmp_path, "corpus/gold/b.bitext.jsonl", "corpus/b.decisions.jsonl")
    here = project.Project(tmp_path)
    assert [here.relative(path) for path in here.bitexts()] == [
        "corpus/b.bitext.jsonl",
        "corpus/sub/a.bitext.jsonl",
    ]


def test_paths_are_relative_to_the_project_with_slashes(tmp_path: Path) -> None:
    here = project.Project(make(tmp_path / "p", "seeds/a.txt", "corpus/x", "glossary/x"))
    assert here.relative(here.seeds / "a.txt") == "seeds/a.txt"
    assert here.relative(tmp_path / "other.txt") == (tmp_path / "other.txt").as_posix()
    source = project.sources(here.seeds)[0][0]
    assert here.relative(here.bitext(source)) == "corpus/a.bitext.jsonl"
