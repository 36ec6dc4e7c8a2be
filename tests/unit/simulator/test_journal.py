"""Reading journals, whatever a stranger has put in their place."""

import errno
import json
import os
import socket
import threading
from pathlib import Path

import pytest

from autograder.evidence import collect
from autograder.simulator import journal, run
from autograder.simulator.journal import Journal, JournalReader, create
from autograder.simulator.parties import loading
from autograder.simulator.scenario import Part, Scenario
from tests.tools.course_folder import PATIENCE

ENTRY = json.dumps({"kind": "begin"}) + "\n"


def read(path: Path) -> list[dict[str, object]]:
    """What a reader makes of ``path``. Fails when it waits for anything."""
    found: list[list[dict[str, object]]] = []
    thread = threading.Thread(target=lambda: found.append(JournalReader(path).read()), daemon=True)
    thread.start()
    thread.join(PATIENCE)
    assert found, "the reader hangs, or has raised"
    return found[0]


def test_what_was_written_is_read_once_and_whole_lines_only(tmp_path: Path) -> None:
    path = tmp_path / "server.jsonl"
    written, reader = Journal(create(path)), JournalReader(path)
    written.write("ready", site="site-\udcff")
    with path.open("a") as file:
        file.write('{"kind": "beg')
    first = reader.read()
    with path.open("a") as file:
        file.write('in"}\n[]\n{}\n{"kind": 5}\n')

    assert [(entry["n"], entry["kind"], entry["site"]) for entry in first] == [(1, "ready", "site-\udcff")]
    assert reader.read() == [{"kind": "begin"}]
    assert reader.read() == []


def test_a_journal_to_which_nothing_was_added_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "party.jsonl"
    written, reader = Journal(create(path)), JournalReader(path)
    written.write("begun")
    first = reader.read()
    with monkeypatch.context() as patch:
        patch.setattr(journal, "read_bytes", lambda *_: pytest.fail("it was opened"))
        assert reader.read() == []
    written.write("over")

    assert [entry["kind"] for entry in (*first, *reader.read())] == ["begun", "over"]


@pytest.mark.parametrize("what", ["nothing", "fifo", "link", "dangling", "loop", "folder", "socket", "device"])
def test_only_a_regular_file_is_a_journal(what: str, tmp_path: Path) -> None:
    path, elsewhere = tmp_path / "server.jsonl", tmp_path / "elsewhere"
    elsewhere.write_text(ENTRY)
    if what == "fifo":
        os.mkfifo(path)
    elif what == "link":
        path.symlink_to(elsewhere)
    elif what == "dangling":
        path.symlink_to(tmp_path / "nowhere")
    elif what == "loop":
        path.symlink_to(path)
    elif what == "folder":
        path.mkdir()
    elif what == "device":
        path.symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as listener:
        if what == "socket":
            listener.bind(str(path))
        assert read(path) == []


ODD = ("5", "-1e999", "NaN", "1" + "0" * 400, "[]", "[5]", '[[Infinity, ""]]', "[[1]]", "{}", "null", '"x"', "true")
KINDS = ("begin", "client ended", "server ended", "loading", "ready", "settled", "result", "tried", "stood in")
NAMES = ("time", "site", "missing", "line", "raised", "state", "status", "traffic", "quiet", "id", "number", "sender")


@pytest.mark.parametrize("name", NAMES)
def test_whatever_a_field_holds_everybody_can_go_on_with_what_is_read(name: str, tmp_path: Path) -> None:
    path = tmp_path / "server.jsonl"
    sound = '"time": 1, "line": 1, "state": "done", "error": "", "message": "", "raised": []'
    lines = [f'{{"kind": "{kind}", {sound}, "{name}": {value}}}' for kind in (*KINDS, "request") for value in ODD]
    lines += [f'{{"kind": "{kind}"}}' for kind in KINDS] * 2
    path.write_text("\n".join([*lines, ""]))
    entries = JournalReader(path).read()

    assert len(entries) >= 2 * len(KINDS)
    scenario = Scenario("x", Part("m", "C"), {}, frozenset({"server"}), ())
    for entry in entries:
        run._end_of(entry, scenario)
        loading.of_journal([entry])
    loading.loading_took(entries)
    collect.ready_of(entries)
    collect.messages_of(entries)
    collect._to_self(entries[-1].get("traffic"))


def test_what_was_a_journal_may_become_a_fifo(tmp_path: Path) -> None:
    path = tmp_path / "server.jsonl"
    path.write_text(ENTRY)
    reader = JournalReader(path)
    before = reader.read()
    path.unlink()
    os.mkfifo(path)

    assert [before, reader.read()] == [[{"kind": "begin"}], []]


def test_a_journal_whose_folder_is_a_link_is_none(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "server.jsonl").write_text(ENTRY)
    (tmp_path / "run").symlink_to("real")

    assert read(tmp_path / "run" / "server.jsonl") == []


def test_a_machine_without_descriptors_is_told_from_a_journal_that_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> int:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(OSError, match="Too many"):
        JournalReader(tmp_path / "server.jsonl").read()


def test_a_journal_of_which_not_all_is_read_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, lines = tmp_path / "server.jsonl", ENTRY * 10
    monkeypatch.setattr(journal, "_LONGEST", len(lines))
    path.write_text(lines.removesuffix("\n"))
    reader = JournalReader(path)
    assert (len(reader.read()), reader.is_full) == (9, False)
    path.write_text(lines + ENTRY)
    assert (len(reader.read()), reader.is_full) == (1, True)
    assert (reader.read(), reader.is_full) == ([], True)


def test_of_a_long_text_the_beginning_is_written(tmp_path: Path) -> None:
    path = tmp_path / "server.jsonl"
    Journal(create(path)).write("request", topic="t" * 1_000_000)
    (entry,) = JournalReader(path).read()
    assert len(entry["topic"]) == 2000
