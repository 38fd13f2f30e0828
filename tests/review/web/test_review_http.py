"""The server by plain HTTP: who may ask, what is refused, and what is on the disk when it answers."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from tests.review.web.serving import Server, bitext, serving, stored

from aligner.formats import load_bitext

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
ROWS = [
    (["双方会晤。"], ["Hai bên gặp gỡ."]),
    ([EVIL], [f"{{{{7*7}}}}</article>{EVIL}"]),
    (["合作。", "发展。"], ["Hợp tác.", "Phát triển."]),
    ([], ["Ảnh: TTXVN"]),
]
FILE = "made.bitext.jsonl"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    with serving(stored(folder / FILE, bitext(ROWS))) as found:
        found.login()
        yield found


def untouched(folder: Path) -> bool:
    return not (folder / "made.decisions.jsonl").exists()


ACCEPT = {"name": "accept", "bead": 0}


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("GET", {"Cookie": None}, 403),
        ("GET", {"Cookie": "aligner-1=x"}, 403),
        ("GET", {"Host": "evil.example"}, 400),
        ("GET", {"Host": "127.0.0.1"}, 400),
        ("GET", {"Origin": "http://evil.example"}, 403),
        (
            "GET",
            {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"},
            403,
        ),
        ("POST", {"Cookie": None}, 403),
        ("POST", {"Origin": None}, 403),
        ("POST", {"Origin": "null"}, 403),
        ("POST", {"Origin": "http://evil.example"}, 403),
        ("POST", {"Origin": "http://127.0.0.1:1"}, 403),
        ("POST", {"Host": "evil.example"}, 400),
        ("POST", {"X-Aligner": None}, 403),
    ],
)
def test_who_does_not_come_from_the_page_is_refused(
    server: Server, folder: Path, method: str, headers: Mapping[str, str | None], status: int
) -> None:
    path, body = ("/b/0/do", {**ACCEPT, "version": server.version}) if method == "POST" else ("/b/0/", None)
    answer = server.request(method, path, body, headers)
    assert answer[0] == status
    assert "会晤" not in answer[1]
    assert untouched(folder)


def test_a_wrong_token_gives_no_cookie(server: Server) -> None:
    status, _, headers = server.request("GET", "/?token=x", headers={"Cookie": None})
    assert (status, "set-cookie" in headers) == (403, False)


def test_the_token_goes_from_the_address_into_a_cookie_that_scripts_cannot_read(server: Server) -> None:
    status, _, headers = server.request("GET", f"/?token={server.token}", headers={"Cookie": None})
    assert (status, headers["location"]) == (303, "/")
    assert "httponly" in headers["set-cookie"].lower()
    assert "samesite=lax" in headers["set-cookie"].lower()


def test_a_get_changes_nothing(server: Server, folder: Path) -> None:
    assert server.request("GET", "/b/0/do?name=accept&bead=0")[0] == 405
    assert untouched(folder)


def test_what_stands_in_a_text_is_text(server: Server) -> None:
    for path in (
        "/b/0/",
        "/b/0/rows?chunk=0",
        "/b/0/?text=script",
        "/search?q=script",
        f"/search?q={'%3Cscript%3E'}",
    ):
        status, text, headers = server.request("GET", path)
        shown = json.loads(text)["html"] if headers["content-type"].startswith("application/json") else text
        assert status == 200
        assert "<script>alert" not in shown
        assert "<img" not in shown
        assert "{{7*7}}" in shown or "script" not in path or "search" in path


def test_no_page_lets_anything_from_elsewhere_in(server: Server) -> None:
    for path in ("/b/0/", "/search", "/glossary", "/static/editor.js", "/nowhere"):
        _, _, headers = server.request("GET", path)
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert "http" not in policy
        assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/b/1/",
        "/b/99999999999999999999/",
        "/b/0/export?format=exe",
    ],
)
def test_what_is_not_there_is_not_found(server: Server, path: str) -> None:
    assert server.request("GET", path)[0] == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/b/0/rows?chunk=x", 400),
        ("/b/0/rows?chunk=-1", 404),
        ("/b/0/rows?chunk=1e3", 400),
        ("/b/0/rows?chunk=99999999999999999999999", 400),
        ("/b/0/rows?only=nothing", 400),
        ("/b/0/state?order=up", 400),
        ("/b/0/?order=%00", 400),
        ("/b/0/place?after=a", 400),
        ("/b/0/place?bead=%D9%A1x", 400),
        ("/b/0/why?bead=one", 400),
        ("/b/0/export?format=tmx&direction=zh-en", 400),
        ("/language?to=xx", 400),
        ("/language", 400),
        ("/b/0/rows?chunk=100000000", 200),
    ],
)
def test_what_a_page_cannot_have_asked_is_refused(server: Server, path: str, status: int) -> None:
    found, text, _ = server.request("GET", path)
    assert (found, "Traceback" in text) == (status, False)


def test_what_is_too_large_is_said_to_be(server: Server, folder: Path) -> None:
    body = json.dumps({"version": server.version, **ACCEPT, "note": "x" * 30_000_000}).encode()
    assert server.request("POST", "/b/0/do", body)[0] == 413
    files = {"Content-Type": "multipart/form-data; boundary=b"}
    assert server.request("POST", "/open", None, {**files, "Content-Length": "300000000"})[0] == 413
    assert server.request("POST", "/open", None, files)[0] == 411
    assert untouched(folder)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        {"name": "accept"},
        {"name": "nothing", "bead": 0},
        {"name": "edit", "bead": 0, "texts": 5},
        {"name": "edit", "bead": 0, "texts": [["a"], []]},
        {"name": "split", "bead": 0, "at": "x"},
        {"name": "split", "bead": 0, "cursors": [[0, 1]]},
        {"name": "split", "bead": 0, "cursors": [[0, "1"], [0, 0]]},
        {"name": "split", "bead": 0, "cursors": [[0, 10**30], [10**30, 0]]},
        {"name": "accept", "bead": 0, "look": {"only": "x"}},
        {"name": "note", "bead": 0, "note": ["x"]},
        {"name": "merge", "bead": 10**30},
        {"name": ["accept"], "bead": 0},
        {"name": "accept", "bead": 0, "version": "older"},
    ],
)
def test_a_broken_request_is_one_line_and_does_nothing(server: Server, folder: Path, body: object) -> None:
    sent = {"version": server.version, **body} if isinstance(body, dict) else body
    status, text, _ = server.request("POST", "/b/0/do", sent)
    assert status in {400, 409}
    assert "Traceback" not in text
    assert untouched(folder)


def test_a_redirect_leads_nowhere_else(server: Server) -> None:
    for back in ("//evil.example/", "https://evil.example/", "/\\evil.example"):
        _, _, headers = server.request("GET", f"/language?to=vi&back={back}")
        assert headers["location"] == "/"


def test_the_interface_speaks_as_the_browser_asks(server: Server) -> None:
    for asked, word in (("zh-CN,zh;q=0.9", "接受"), ("vi", "Chấp nhận"), ("de", "Accept")):
        assert word in server.request("GET", "/b/0/", headers={"Accept-Language": asked})[1]


def test_exports_say_what_is_in_them(server: Server) -> None:
    _, text, _ = server.request("GET", "/b/0/exports", headers={"Accept-Language": "en"})
    assert "3 units" in text
    assert "1 left out" in text
    status, data, headers = server.request("GET", "/b/0/export?format=tmx")
    assert (status, data.count("</tu>")) == (200, 3)
    assert headers["content-disposition"].startswith("attachment")


def test_every_operation_is_on_the_disk_when_the_server_answers(tmp_path: Path) -> None:
    path = stored(tmp_path / FILE, bitext(ROWS))
    stored_bytes = path.read_bytes()
    with serving(path) as server:
        server.login()
        steps: list[tuple[str, int, dict[str, object]]] = [
            ("accept", 0, {}),
            ("note", 0, {"note": "?"}),
            ("edit", 0, {"texts": [["双方会谈。"], ["Hai bên hội đàm."]]}),
            ("pin", 0, {}),
            ("split", 2, {"side": 0, "at": 1}),
            ("merge", 0, {}),
            ("undo", 0, {}),
            ("redo", 0, {}),
        ]
        for name, bead, more in steps:
            status, answer = server.do(name, bead, **more)
            assert status == 200, answer
            assert answer["total"] == len(load_bitext(path).beads)
        server.kill()
    assert path.read_bytes() == stored_bytes
    beads = load_bitext(path).beads
    assert beads[0].note == "?"
    assert beads[0].src_text.startswith("双方会谈。<script>")
    with serving(path) as again:
        again.login()
        assert again.state()["undo"] == 6
        while again.state()["undo"]:
            assert again.do("undo", 0)[0] == 200
    assert load_bitext(path).beads == bitext(ROWS).beads


def test_two_servers_on_one_bitext_notice_each_other(tmp_path: Path) -> None:
    path = stored(tmp_path / FILE, bitext(ROWS))
    with serving(path) as one, serving(path) as two:
        one.login()
        two.login()
        assert one.do("accept", 0)[0] == 200
        assert two.do("reject", 0)[0] == 409
        assert two.state()["counts"]["accepted"] == 1
        assert two.do("reject", 0)[0] == 200
    assert load_bitext(path).beads[0].status == "rejected"


def test_two_servers_tell_of_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = stored(tmp_path / FILE, bitext(ROWS))
    with serving(path) as one:
        one.login()
        assert one.state()["elsewhere"] == []
        with serving(path) as two:
            two.login()
            assert two.state()["elsewhere"] == [f"{one.origin}/"]
            assert one.state()["elsewhere"] == [f"{two.origin}/"]
            two.kill()
        assert one.state()["elsewhere"] == []
        one.process.send_signal(signal.SIGINT)
        one.process.wait()
    assert not list((tmp_path / "cache").rglob("*.note"))


def test_where_no_note_can_be_left_the_editor_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cache").write_text("no folder", "utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with serving(stored(tmp_path / FILE, bitext(ROWS))) as server:
        server.login()
        assert server.do("accept", 0)[0] == 200


def test_a_project_is_a_list_and_files_can_be_added(tmp_path: Path, article: Path) -> None:
    for name in ("seeds", "corpus", "glossary"):
        (tmp_path / name).mkdir()
    stored(tmp_path / "corpus" / "a.bitext.jsonl", bitext(ROWS))
    stored(tmp_path / "corpus" / "b.bitext.jsonl", bitext(ROWS[:2]))
    with serving(tmp_path) as server:
        server.login()
        _, text, _ = server.request("GET", "/")
        assert 'href="/b/1/"' in text
        sent = form("new.txt", article.read_bytes())
        status, answer, _ = server.request("POST", "/open", sent[0], {"Content-Type": sent[1]})
        assert (status, json.loads(answer)["address"]) == (200, "/b/2/")
        assert load_bitext(tmp_path / "corpus" / "new.bitext.jsonl").beads
        assert (tmp_path / "seeds" / "new.txt").read_bytes() == article.read_bytes()
        for name, data in (("new.txt", b"other"), ("..", b"x"), ("x.exe", b"\x00\xff")):
            broken = form(name, data)
            assert server.request("POST", "/open", broken[0], {"Content-Type": broken[1]})[0] == 400
        assert (tmp_path / "seeds" / "new.txt").read_bytes() == article.read_bytes()
        assert [p.name for p in (tmp_path / "seeds").iterdir()] == ["new.txt"]


def form(name: str, data: bytes) -> tuple[bytes, str]:
    """A file as browsers send it, and the type of that."""
    lead = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    return lead + data + b"\r\n--b--\r\n", "multipart/form-data; boundary=b"


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["gone.jsonl"], 1),
        (["a", "b", "c"], 2),
        ([], 2),
        (["broken.bitext.jsonl"], 1),
        (["--port", "99999"], 2),
    ],
)
def test_what_cannot_be_reviewed_is_one_line(
    tmp_path: Path, aligner: Callable[..., subprocess.CompletedProcess[str]], args: list[str], code: int
) -> None:
    (tmp_path / "broken.bitext.jsonl").write_text('{"format": "aligner-bitext", "version": 1}\n', "utf-8")
    result = aligner("review", *args, "--no-browser", cwd=tmp_path)
    assert (result.returncode, result.stderr.count("\n"), result.stdout) == (code, 1, "")


def test_a_document_is_aligned_beside_it_and_nothing_is_written_over(tmp_path: Path, article: Path) -> None:
    document = tmp_path / "article.txt"
    document.write_bytes(article.read_bytes())
    made = tmp_path / "article.bitext.jsonl"
    with serving(document) as server:
        server.login()
        assert server.do("accept", 0)[0] == 200
    data = made.read_bytes()
    with serving(document) as server:
        server.login()
        assert server.state()["counts"]["accepted"] == 1
    assert made.read_bytes() == data
