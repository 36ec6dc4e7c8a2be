"""How many gradings are at work at once."""

import os
import threading
from pathlib import Path

import pytest

from autograder.grading import concurrency
from autograder.grading.concurrency import MEMORY, MemoryGate, slots, usable_cores
from tests.tools.course_folder import PATIENCE


class Ended(Exception):
    """Somebody asked to stop waiting."""


def control_group(folder: Path, monkeypatch: pytest.MonkeyPatch, **files: str) -> None:
    for name, text in files.items():
        (folder / name.replace("_", ".", 1)).write_text(text)
    monkeypatch.setattr(concurrency, "_CONTROL_GROUP", folder)


def test_there_are_places_for_every_core_and_the_reason_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(concurrency, "usable_cores", lambda: 4)
    monkeypatch.setattr(concurrency, "available_memory", lambda: 100 * MEMORY)
    found = slots()

    assert found.number == 4 * concurrency.EACH_CORE
    assert "4 cores" in found.why


def test_memory_can_be_what_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(concurrency, "usable_cores", lambda: 4)
    monkeypatch.setattr(concurrency, "available_memory", lambda: 3 * MEMORY)
    assert slots().number == 3
    assert f"could do {4 * concurrency.EACH_CORE}" in slots().why

    monkeypatch.setattr(concurrency, "available_memory", lambda: 0)
    assert slots().number == 1


@pytest.mark.parametrize(
    ("quota", "cores"), [("100000 100000\n", 1), ("150000 100000\n", 2), ("max 100000\n", 8), ("", 8)]
)
def test_a_containers_quota_counts(quota: str, cores: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(8))
    control_group(tmp_path, monkeypatch, cpu_max=quota)

    assert usable_cores() == cores


def test_a_containers_memory_counts_without_files_that_can_be_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    control_group(
        tmp_path, monkeypatch, memory_max="1000\n", memory_current="900\n", memory_stat="anon 5\ninactive_file 300\n"
    )
    assert concurrency.available_memory() == 400


def test_one_grading_begins_however_little_memory_there_is_and_others_wait_for_it() -> None:
    narrow = MemoryGate(lambda: 0)
    asked = 0

    def give_up() -> None:
        nonlocal asked
        asked += 1
        raise Ended

    with narrow.slot(give_up):
        assert asked == 0
        with pytest.raises(Ended), narrow.slot(give_up):
            pytest.fail("there is no memory for a second one")
    with narrow.slot(give_up):
        assert asked == 1


def test_those_that_have_just_begun_count_although_their_memory_is_not_taken_yet() -> None:
    wide = MemoryGate(lambda: 3 * MEMORY - 1)
    lock, waited = threading.Lock(), threading.Event()
    inside, most, done = 0, 0, 0

    def work() -> None:
        nonlocal inside, most, done
        with wide.slot(waited.set):
            with lock:
                inside += 1
                most = max(most, inside)
            waited.wait(PATIENCE)
            with lock:
                inside -= 1
                done += 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert waited.is_set()
    assert (most, done) == (2, 4)
