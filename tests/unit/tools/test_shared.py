"""What the processes of a test run share."""

from pathlib import Path

import pytest

from tests.tools.shared import common_folder, made_once


def test_it_is_made_once_and_anew_if_that_failed(tmp_path_factory: pytest.TempPathFactory) -> None:
    made: list[Path] = []

    def make(folder: Path) -> None:
        made.append(folder)
        if len(made) == 1:
            raise OSError("the disk is full")
        folder.mkdir()

    name = f"of {Path(__file__).stem}"
    with pytest.raises(OSError, match="the disk is full"):
        made_once(tmp_path_factory, name, make)
    folders = [made_once(tmp_path_factory, name, make) for _ in range(2)]
    assert len(made) == 2
    assert folders == [made[1]] * 2
    assert made[1].is_relative_to(common_folder(tmp_path_factory))
