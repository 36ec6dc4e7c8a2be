"""A party that fills what it can write to, in the real simulator: it is seen from outside, whatever the party does."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.evidence.collect import collect
from autograder.grading.flags import flags_of
from autograder.simulator.disk import full_places
from autograder.simulator.folder import RunFolder
from autograder.simulator.journal import Entry
from autograder.simulator.limits import MIB, Limits
from autograder.simulator.run import End, run
from autograder.simulator.sandbox.commands import Isolation
from autograder.simulator.scenario import Part
from tests.simulator.parts import EXECUTOR, SITES, scenario
from tests.tools import needs

LIMITS = Limits(disk=8 * MIB)
FILLING = (
    EXECUTOR
    + """
import contextlib, logging
from pathlib import Path

class Filling(Quiet):
    def talk(self, fl_ctx):
        logging.disable()
        with contextlib.suppress(OSError), open(f"{PLACE}/hoard", "wb", buffering=0) as file:
            while file.write(bytes(1 << 20)):
                pass

class FillingAndWaiting(Filling):
    def talk(self, fl_ctx):
        super().talk(fl_ctx)
        while True:
            time.sleep(0.1)

class ManyFiles(Filling):
    def talk(self, fl_ctx):
        logging.disable()
        with contextlib.suppress(OSError):
            for number in range(1 << 20):
                Path(PLACE, str(number)).write_bytes(bytes(1 << 12))
"""
)


def filling(place: str, class_name: str = "Filling") -> Part:
    return Part("executors", class_name, {"executors": f"PLACE = {place!r}\n{FILLING}"})


@pytest.mark.simulator
@needs.SANDBOX
def test_a_disk_that_is_left_full_in_silence_is_flagged_wherever_it_is_and_costs_nothing_else() -> None:
    parts = {"site-0": filling("/tmp"), "site-1": filling("/dev/shm"), "site-2": filling("/tmp", "ManyFiles")}
    asked = replace(scenario("Quiet"), executors=parts)
    with run(asked, isolation=Isolation.SANDBOX, limits=LIMITS) as record:
        evidence = collect(record)
        at_the_end = [record.folder.full_disk(site) for site in SITES]

    assert (evidence.end, evidence.quiet, evidence.ended | evidence.filled) == (End.SETTLED, True, frozenset())
    places = ["/tmp", "/dev/shm", "/tmp"]
    assert at_the_end == places, "although all processes have ended"
    assert [evidence.activity[site].disk for site in SITES] == places
    full = [(flag.party, flag.seen) for flag in flags_of(asked, evidence) if flag.kind == "limit"]
    assert full == [(site, f"its disk was full: {place}") for site, place in zip(SITES, places, strict=True)]


class Seen(Exception):
    """Ends a run."""


@pytest.mark.simulator
@needs.SANDBOX
def test_the_supervisor_sees_a_full_disk_while_the_run_goes_on_and_whose_it_can_be() -> None:
    told: set[tuple[str, str, str]] = set()

    def watch(folder: RunFolder, entries: Sequence[Entry]) -> None:
        told.update((one["site"], one["what"], one["place"]) for one in entries if one["kind"] == "limit")
        if len(told) == 1 + len(SITES):
            raise Seen

    work_dir, tmp = filling("/grading/run", "FillingAndWaiting"), filling("/tmp", "FillingAndWaiting")
    asked = scenario("Quiet")
    asked = replace(asked, executors={**asked.executors, "site-1": work_dir, "site-2": tmp})
    with pytest.raises(Seen), run(asked, isolation=Isolation.SANDBOX, limits=LIMITS, watcher=watch):
        pass

    assert told == {("site-2", "disk", "/tmp"), *((site, "disk", "/grading/run") for site in SITES)}


@pytest.mark.parametrize(
    ("blocks", "files", "full"),
    [((9, 1), (9, 1), False), ((9, 0), (9, 1), True), ((9, 1), (9, 0), True), ((0, 0), (0, 0), False)],
)
def test_a_place_is_full_without_room_for_a_page_or_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, blocks: tuple[int, int], files: tuple[int, int], full: bool
) -> None:
    there = os.statvfs_result((1, 1, *blocks, blocks[1], *files, files[1], 0, 255))
    monkeypatch.setattr(os, "fstatvfs", lambda descriptor: there)

    assert list(full_places([7])) == (["/grading/run"] if full else [])
    assert RunFolder(tmp_path, (7, frozenset({"site-0"}))).full_disk("site-0") == ("/grading/run" if full else "")
    assert RunFolder(tmp_path, (7, frozenset({"site-0"}))).full_disk("server") == ""
