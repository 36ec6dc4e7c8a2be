"""Unpacks downloads and what is in them, for ``nbgrader zip_collect``, so that one bad archive is one student's matter.

nbgrader unpacks every archive in every archive, without a limit, and ends the command at the first that it cannot
unpack. Here the instructor's downloads are unpacked, and in them each archive that a student uploaded; what is in that
one is not unpacked any further.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Any

from nbgrader.plugins import ExtractorPlugin
from traitlets import List

from autograder.course import CourseError
from autograder.nbgrader_plugin.lms_names import read_path
from autograder.nbgrader_plugin.owners import Owners
from autograder.nbgrader_plugin.unpack import OF_A_DOWNLOAD, OF_A_STUDENT, unpacked
from autograder.report.sanitize import visible
from autograder.roster.lists import read_roster
from autograder.roster.model import roster_folder
from autograder.roster.rules import read_rules

_DEEPEST = 2
"""The number of times that an archive is unpacked: a download, and one in which several were put together."""


class LmsExtractor(ExtractorPlugin):
    """Has to be ``c.ZipCollectApp.extractor_plugin``.

    Attributes:
        problems: what was not unpacked or was left out, with why; by its path in the folder of what is extracted.
    """

    zip_ext = List([".zip", ".gz", ".tgz"], help="Endings of the names of archives, in lower case.").tag(config=True)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.problems: list[tuple[PurePath, str]] = []

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Put everything that there is below ``archive_path`` into ``extracted_path``, with archives as folders."""
        root, to = Path(archive_path), Path(extracted_path)
        for path in _files(root):
            self._take(path, to, path.relative_to(root), depth=0)
        self._copy_for_members(to)

    def _copy_for_members(self, to: Path) -> None:
        """Give the second and each further member of a team files of their own."""
        app: Any = self.parent
        try:
            folder = roster_folder(Path(app.coursedir.root))
            roster = read_roster(folder, app.coursedir.assignment_id, read_rules(folder).reading)
        except CourseError as error:
            app.fail(str(error))
        for found in Owners(roster, (), ()).of(path.relative_to(to) for path in _files(to)):
            if found.copy:
                copy = to / found.location
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(to / found.path, copy)

    def _take(self, path: Path, to: Path, place: PurePath, depth: int) -> None:
        """Copy a file of the instructor's folder, or unpack it."""
        if path.is_symlink() or not path.is_file():
            self._tell(place, "it is a link or a device, and no file")
        elif path.stat().st_size > OF_A_DOWNLOAD.file and not self._is_archive(place):
            self._tell(place, f"it has more than {OF_A_DOWNLOAD.file >> 20} MB")
        elif self._is_archive(place) and not read_path(place):
            self._unpack_download(path, to, place, depth)
        else:
            copy = to / place
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
            self._unpack_upload(to, place)

    def _unpack_download(self, path: Path, to: Path, place: PurePath, depth: int) -> None:
        self.log.info("Extracting from: %s", path)
        folder = self._without_ending(place)
        done = unpacked(path, to / folder, OF_A_DOWNLOAD)
        self._told(place, folder, done.why, done.left_out, done.disk)
        for file in _files(to / folder):
            inside = file.relative_to(to)
            if self._is_archive(inside) and not read_path(inside) and depth + 1 < _DEEPEST:
                self._unpack_download(file, to, inside, depth + 1)
            else:
                self._unpack_upload(to, inside)

    def _unpack_upload(self, to: Path, place: PurePath) -> None:
        """Unpack a file beside itself if it is an archive that a student uploaded."""
        if self._is_archive(place) and read_path(place):
            folder = self._folder_for_upload(to, place)
            done = unpacked(to / place, to / folder, OF_A_STUDENT)
            self._told(place, folder, done.why, done.left_out, done.disk)

    def _folder_for_upload(self, to: Path, place: PurePath) -> PurePath:
        """Return a folder that does not exist yet, whose name still shows the student."""
        folder = self._without_ending(place)
        of, inside = read_path(place), read_path(folder / "file")
        if (to / folder).exists() or of is None or inside is None or inside.student != of.student:
            return place.with_name(f"{place.name} unpacked")
        return folder

    def _told(self, place: PurePath, folder: PurePath, why: str, left_out: list[tuple[str, str]], disk: str) -> None:
        if disk:
            app: Any = self.parent
            app.fail(f"{place} cannot be unpacked: {disk}. Make room, and collect again with --force.")
        if why:
            self._tell(place, why)
        for name, reason in left_out:
            # A student's name is in the path of the archive, or, in a download, in that of what was left out.
            of = place if read_path(place) else folder / name.lstrip("/")
            self._tell(of, f"{visible(name, 60)}: {reason}" if of == place else reason)

    def _tell(self, place: PurePath, why: str) -> None:
        self.problems.append((place, why))

    def _is_archive(self, place: PurePath) -> bool:
        return place.suffix.lower() in self.zip_ext and not place.name.startswith(".")

    def _without_ending(self, place: PurePath) -> PurePath:
        stem = place.with_suffix("")
        return stem.with_suffix("") if stem.suffix.lower() == ".tar" else stem


def _files(folder: Path) -> Iterator[Path]:
    """Yield everything below a folder that is not a folder."""
    found = [Path(parent, name) for parent, _, names in os.walk(folder) for name in names]
    return iter(sorted(found))
