"""`aligner explain`: what is shown, to the letter, and what is said when it cannot be."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from aligner.cli import main
from aligner.cli.explained import render
from aligner.cli.table import cells_of
from aligner.evidence.links import BeadLinks, Link, Unlinked
from aligner.evidence.occurrences import Span
from aligner.explain import Choice, Explanation, RunnerUp
from aligner.model import Bead, Segment

GOLDEN = Path(__file__).parent.parent / "golden"
ZH = ["河内是越南的首都。", "我们昨天去了图书馆。"]
VI = ["Hà Nội là thủ đô của Việt Nam.", "Hôm qua chúng tôi đã đến thư viện."]

Run = Callable[..., "tuple[int, str, str]"]


def span(text: str, start: int = 0) -> Span:
    return Span(0, start, start + len(text), text)


def link(zh: str, vi: str, weight: float, **sources: float) -> Link:
    return Link(span(zh), span(vi), weight, 0.9, sources)  # type: ignore[arg-type]


def explanation() -> Explanation:
    """A made-up one with everything in it that can be shown."""
    zh = Segment(4, "双方签署了十二项协议,并就合作达成了共识。", 40, 61)
    more_zh = Segment(5, "代表团昨天前往河内。", 61, 71)
    vi = [
        Segment(6, "Hai bên đã ký 12 thỏa thuận và đạt được nhận thức chung về hợp tác.", 90, 157),
        Segment(7, "Lễ ký diễn ra tại Hà Nội.", 158, 183),
    ]
    evidence = {"translation": 14.04, "length": -0.56, "prior": -1.2, "structure": 1.0}
    chosen = (
        Choice((zh,), tuple(vi), 13.28, evidence, 3),
        Choice((more_zh,), (), -2.1, {"prior": -2.1}, 4),
    )
    instead = (
        Choice((zh,), tuple(vi[:1]), 11.5, {"translation": 11.2, "length": 0.3, "prior": 0.0}, None),
        Choice((more_zh,), tuple(vi[1:]), -1.5, {"translation": -2.0, "length": 0.5, "prior": 0.0}, None),
    )
    links = BeadLinks(
        links=(
            link("十二", "12", 2.41, number=1.0),
            link("合作", "hợp tác", 1.9, lexicon=0.5, reading=0.4, own=0.1),
            link("双方", "Hai bên", 1.5, own=0.8, lexicon=0.2),
            link("了", "đã", 0.2, lexicon=1.0),
            link("了", "Đã", 0.3, lexicon=1.0),
            link("并", "và", 0.04, lexicon=1.0),
        ),
        src_unlinked=(Unlinked(span("就"), -0.4),),
        tgt_unlinked=(Unlinked(span("Lễ ký"), -0.9), Unlinked(span("diễn ra tại"), -0.31)),
    )
    runner_up = RunnerUp(
        chosen, instead, 1.2, {}, None, BeadLinks(), "Dividing the place so weighs 1.2 less (2.3 to 1)."
    )
    return Explanation(
        bead=Bead(3, (zh,), tuple(vi)),
        choice=chosen[0],
        confidence=0.6999,
        tokens=(19, 22),
        links=links,
        runner_up=runner_up,
        notes=("a person accepted it",),
    )


def null_explanation() -> Explanation:
    vi = Segment(1, "Ảnh: Nguyễn Văn An.", 10, 29)
    zh = Segment(0, "会谈取得了成功。", 0, 8)
    choice = Choice((), (vi,), -1.9, {"prior": -1.9}, 2)
    match = Choice((zh,), (vi,), -6.0, {"translation": -5.0, "prior": -1.0}, None)
    links = BeadLinks(src_unlinked=(Unlinked(span("会谈取得了成功"), -3.0),))
    return Explanation(
        bead=Bead(2, (), (vi,)),
        choice=choice,
        confidence=1.0,
        tokens=(0, 4),
        links=BeadLinks(),
        runner_up=RunnerUp((choice,), (match,), 4.1, {}, match, links, "This match weighs 4.1 less."),
    )


@pytest.mark.parametrize(("name", "found"), [("bead", explanation()), ("null", null_explanation())])
def test_it_is_shown_to_the_letter(name: str, found: Explanation) -> None:
    shown = render(found, "corpus/talk.bitext.jsonl", terminal=False)
    assert shown == (GOLDEN / f"explain.{name}.txt").read_text("utf-8")
    assert all(cells_of(line) <= 80 for line in shown.splitlines())


def test_a_terminal_has_colours_and_its_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "62")
    shown = render(explanation(), "a", terminal=True)
    assert "\x1b[32m" in shown
    assert "\x1b[31m" in shown
    assert all(cells_of(click.unstyle(line)) <= 62 for line in shown.splitlines())


# --- the command


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in a folder with a bitext `a.bitext.jsonl`; gives exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    Path("zh.txt").write_text("\n".join(ZH), "utf-8")
    Path("vi.txt").write_text("\n".join(VI), "utf-8")

    def run(*args: str) -> tuple[int, str, str]:
        code = main(list(args))
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    run("align", "zh.txt", "vi.txt", "-o", "a.bitext.jsonl")
    Path("zh.txt").unlink()
    Path("vi.txt").unlink()
    return run


def test_a_bead_of_a_bitext_whose_documents_are_gone(run: Run) -> None:
    code, out, err = run("explain", "a.bitext.jsonl", "--bead", "1")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].startswith("Bead 1 of a.bitext.jsonl: 1–1, confidence ")
    assert f"  zh  {ZH[1]}" in lines
    assert any("我们 ↔ chúng tôi" in line for line in lines)
    assert any(line.startswith("  score ") for line in lines)
    assert any(line.startswith("Runner-up: ") for line in lines)
    assert "\x1b" not in out
    assert all(cells_of(line) <= 80 for line in lines)


def test_the_same_as_json(run: Run) -> None:
    code, out, _ = run("explain", "a.bitext.jsonl", "--bead", "0", "--json")
    found = json.loads(out)
    assert code == 0
    assert found["bead"]["src"][0]["text"] == ZH[0]
    assert found["choice"]["score"] == pytest.approx(sum(found["choice"]["evidence"].values()), abs=1e-3)
    assert {"links", "src_unlinked", "tgt_unlinked"} == set(found["links"])
    assert found["runner_up"]["margin"] > 0


def test_a_memory_can_be_explained_too(run: Run) -> None:
    run("export", "a.bitext.jsonl", "-o", "a.tmx")
    code, out, _ = run("explain", "a.tmx", "--bead", "1")
    assert code == 0
    assert "我们 ↔ chúng tôi" in out


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["a.bitext.jsonl", "--bead", "7"], 2, "no bead 7: the bitext has beads 0 to 1"),
        (["a.bitext.jsonl", "--bead", "-1"], 2, "--bead"),
        (["a.bitext.jsonl"], 2, "missing option '--bead'"),
        (["b.bitext.jsonl", "--bead", "0"], 1, "b.bitext.jsonl cannot be read"),
        (["broken.bitext.jsonl", "--bead", "0"], 1, "broken.bitext.jsonl:2: broken JSON"),
        (["a.bitext.jsonl", "--bead", "0", "--glossary", "none.tsv"], 1, "none.tsv cannot be read"),
    ],
)
def test_what_cannot_be_explained_is_said_in_one_line(
    run: Run, args: list[str], code: int, said: str
) -> None:
    text = Path("a.bitext.jsonl").read_text("utf-8")
    Path("broken.bitext.jsonl").write_text(text[: len(text.splitlines()[0]) + 40], "utf-8")
    result, out, err = run("explain", *args)
    assert (result, out) == (code, "")
    assert len(err.splitlines()) == 1
    assert said in err


def test_the_glossary_it_was_aligned_with_is_no_other(run: Run) -> None:
    Path("zh.txt").write_text("\n".join(ZH), "utf-8")
    Path("vi.txt").write_text("\n".join(VI), "utf-8")
    Path("g.tsv").write_text("图书馆\tthư viện\n", "utf-8")
    run("align", "zh.txt", "vi.txt", "--glossary", "g.tsv", "-o", "b.bitext.jsonl")
    _, without, _ = run("explain", "b.bitext.jsonl", "--bead", "1")
    assert "note: the bitext was made with another glossary" in without
    _, out, _ = run("explain", "b.bitext.jsonl", "--bead", "1", "--glossary", "g.tsv")
    assert "note" not in out
    assert "glossary" in next(line for line in out.splitlines() if "图书馆 ↔ thư viện" in line)


def accept(bitext: str, run: Run) -> None:
    """Accepts the beads of a bitext by an edited table, as a person would."""
    run("export", bitext, "-o", "edited.tsv")
    table = Path("edited.tsv").read_text("utf-8")
    assert "\tauto\t" in table
    Path("edited.tsv").write_text(table.replace("\tauto\t", "\taccepted\t"), "utf-8")
    assert run("apply", "edited.tsv", bitext)[0] == 0


def test_a_decision_is_no_other_setting(run: Run) -> None:
    Path("zh.txt").write_text("\n".join(ZH), "utf-8")
    Path("vi.txt").write_text("\n".join(VI), "utf-8")
    run("align", "zh.txt", "vi.txt", "-o", "b.bitext.jsonl")
    assert "note" not in run("explain", "b.bitext.jsonl", "--bead", "1")[1]
    accept("b.bitext.jsonl", run)
    _, out, _ = run("explain", "b.bitext.jsonl", "--bead", "1")
    assert [line.strip() for line in out.splitlines() if "note" in line] == ["note: a person accepted it"]


def test_in_a_project_the_approved_terms_count(run: Run) -> None:
    for name in ("seeds", "corpus", "glossary"):
        Path(name).mkdir()
    Path("seeds/talk.txt").write_text("\n".join(f"{a}\n{b}" for a, b in zip(ZH, VI, strict=True)), "utf-8")
    Path("glossary/glossary.tsv").write_text("zh\tvi\tstatus\n图书馆\tthư viện\tapproved\n", "utf-8")
    assert run("align")[0] == 0
    _, out, _ = run("explain", "corpus/talk.bitext.jsonl", "--bead", "1")
    assert "note" not in out
    assert "glossary" in next(line for line in out.splitlines() if "图书馆 ↔ thư viện" in line)
    accept("corpus/talk.bitext.jsonl", run)
    _, out, _ = run("explain", "corpus/talk.bitext.jsonl", "--bead", "1")
    assert "made with" not in out, "a decision takes the project's terms away"
    assert "glossary" in next(line for line in out.splitlines() if "图书馆 ↔ thư viện" in line)
    assert "unchanged" in run("align")[2]
    Path("glossary/glossary.tsv").write_text("zh\tvi\tstatus\n图书馆\tthư viện\trejected\n", "utf-8")
    assert "1 aligned" in run("align")[2], "the project is aligned again when its terms change"
