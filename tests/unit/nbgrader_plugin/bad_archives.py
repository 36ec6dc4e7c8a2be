"""Archives that students could upload: broken, hostile, or only unusual. Each is made when it is asked for."""

import io
import secrets
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable

NOTEBOOK = "p2p_communication.ipynb"
TEXT = "a student's"
MIB = 1 << 20


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes | str], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", packing) as archive:
        for name, text in members:
            archive.writestr(name, text, packing)
    return made.getvalue()


def tarred(*members: tuple[str | tarfile.TarInfo, bytes]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for member, text in members:
            info = tarfile.TarInfo(member) if isinstance(member, str) else member
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text))
    return made.getvalue()


def of_kind(kind: bytes, name: str = NOTEBOOK, target: str = "/etc/passwd") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def link_in_zip() -> bytes:
    info = zipfile.ZipInfo(NOTEBOOK)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return zipped((info, "/etc/passwd"))


def with_password() -> bytes:
    made = bytearray(zipped((NOTEBOOK, TEXT)))
    made[6] |= 1
    made[made.index(b"PK\x01\x02") + 8] |= 1
    return bytes(made)


def bomb(size: int) -> bytes:
    """A zip whose notebook has so many bytes when it is unpacked."""
    return zipped((NOTEBOOK, bytes(size)))


def lying_about_its_size() -> bytes:
    """A bomb that says it had ten bytes."""
    made = bytearray(bomb(200 * MIB))
    for start, offset in ((0, 22), (made.index(b"PK\x01\x02"), 24)):
        made[start + offset : start + offset + 4] = struct.pack("<I", 10)
    return bytes(made)


def tar_bomb() -> bytes:
    """A tar.gz that becomes two gigabytes of zeros behind a long name, which readers keep in memory."""
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 2 << 30
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    parts = [packer.compress(header.tobuf(tarfile.GNU_FORMAT))]
    parts += [packer.compress(bytes(MIB)) for _ in range(1100)]
    return b"".join([*parts, packer.flush()])


def with_everything_around_it(*others: tuple[str, bytes | str]) -> bytes:
    return zipped(*others, (NOTEBOOK, TEXT))


OUTSIDE = f"/tmp/outside-{secrets.token_hex(8)}"
"""A folder that is not there, and must not come to be."""

BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty.zip": (lambda: b"", "it is empty"),
    "no_zip.zip": (lambda: b"this is no zip at all", "it is no zip"),
    "truncated.zip": (lambda: zipped((NOTEBOOK, bytes(range(256)) * 99))[:200], "damaged"),
    "header_only.zip": (lambda: b"PK\x03\x04", "damaged"),
    "nothing_in_it.zip": (lambda: zipped(), ""),
    "password.zip": (with_password, "password"),
    "bomb.zip": (lambda: bomb(600 * MIB), "more than 32 MB"),
    "bomb_that_lies.zip": (lying_about_its_size, "damaged"),
    "bombs.zip": (lambda: zipped(*((f"{n}.ipynb", bytes(31 * MIB)) for n in range(9))), "more than 64 MB"),
    "link.zip": (link_in_zip, "link"),
    "up.zip": (lambda: zipped((f"../../{NOTEBOOK}", TEXT)), "leads out"),
    "up_backwards.zip": (lambda: zipped((f"..\\..\\{NOTEBOOK}", TEXT)), "leads out"),
    "absolute.zip": (lambda: zipped((f"{OUTSIDE}/{NOTEBOOK}", TEXT)), "leads out"),
    "drive.zip": (lambda: zipped((f"C:\\{NOTEBOOK}", TEXT)), "leads out"),
    "deep.zip": (lambda: zipped(("a/" * 300 + NOTEBOOK, TEXT)), "folders"),
    "long_name.zip": (lambda: zipped(("n" * 300 + ".ipynb", TEXT)), "too long"),
    "nested.zip": (lambda: zipped(("inner.zip", zipped((NOTEBOOK, TEXT)))), ""),
    "lzma.zip": (lambda: zipped((NOTEBOOK, TEXT), packing=zipfile.ZIP_LZMA), "not unpacked here"),
    "crc.zip": (
        lambda: zipped((NOTEBOOK, TEXT), packing=zipfile.ZIP_STORED).replace(b"a student", b"A student"),
        "CRC",
    ),
    "truncated.tar.gz": (lambda: tarred((NOTEBOOK, bytes(range(256)) * 99))[:90], "damaged"),
    "no_tar.tar.gz": (lambda: b"\x1f\x8b" + bytes(100), "damaged"),
    "packed_text.gz": (lambda: zlib.compress(b"text", wbits=31), "damaged"),
    "bomb.tar.gz": (tar_bomb, "unpack"),
    "link.tar.gz": (lambda: tarred((of_kind(tarfile.SYMTYPE), b"")), "link"),
    "hard_link.tar.gz": (lambda: tarred((of_kind(tarfile.LNKTYPE), b"")), "link"),
    "device.tar.gz": (lambda: tarred((of_kind(tarfile.CHRTYPE), b"")), "device"),
    "fifo.tar.gz": (lambda: tarred((of_kind(tarfile.FIFOTYPE), b"")), "device"),
    "through_link.tar.gz": (
        lambda: tarred((of_kind(tarfile.SYMTYPE, "d", "/tmp"), b""), (f"d/../../{NOTEBOOK}", b"x")),
        "leads out",
    ),
    "up.tar.gz": (lambda: tarred((f"../{NOTEBOOK}", b"x")), "leads out"),
}
"""By name what makes it, and a part of why no notebook comes of it."""

ODD: dict[str, Callable[[], bytes]] = {
    "up_besides.zip": lambda: with_everything_around_it(("../../evil.ipynb", "x"), ("/evil.ipynb", "x")),
    "bomb_besides.zip": lambda: with_everything_around_it(("a.ipynb", bytes(200 * MIB)), ("b.csv", bytes(600 * MIB))),
    "environment.zip": lambda: with_everything_around_it(*((f".venv/lib/{n}.py", "") for n in range(5_000))),
    "many_notebooks.zip": lambda: with_everything_around_it(*((f"old/{n}.ipynb", "") for n in range(3_000))),
    "twice.zip": lambda: with_everything_around_it((NOTEBOOK, "an older one")),
    "folder_and_file.zip": lambda: with_everything_around_it(("a.ipynb", "x"), ("a.ipynb/b.ipynb", "x")),
    "backslashes.zip": lambda: zipped((f"my homework\\{NOTEBOOK}", TEXT)),
    "old_names.zip": lambda: with_everything_around_it(("pr\x81fung/\xe1.ipynb", "x")),
    "odd_names.zip": lambda: with_everything_around_it(
        ("a\nb\x1b[2J\u202e.ipynb", "x"), (" ", "x"), ("con.ipynb", "x")
    ),
    "somebody_elses.zip": lambda: with_everything_around_it(
        (f"Bob_2_assignsubmission_file_{NOTEBOOK}", "not bob's"), (f"bob_2_99999999_{NOTEBOOK}", "not bob's")
    ),
    "marker.tar.gz": lambda: tarred((".unfinished", b"x"), (NOTEBOOK, TEXT.encode())),
    "marker_as_folder.tar.gz": lambda: tarred((".unfinished/a.ipynb", b"x"), (NOTEBOOK, TEXT.encode())),
    "DEEPER.ZIP": lambda: zipped((f"a/b/c/{NOTEBOOK}", TEXT)),
    "plain.tar.gz": lambda: tarred((NOTEBOOK, TEXT.encode())),
    "plain.tgz": lambda: tarred((f"./hw/{NOTEBOOK}", TEXT.encode())),
    "links_besides.tar.gz": lambda: tarred((of_kind(tarfile.SYMTYPE, "a.ipynb"), b""), (NOTEBOOK, TEXT.encode())),
    "no_utf8.tar.gz": lambda: tarred(("\udcff\udcfe.ipynb", b"x"), (NOTEBOOK, TEXT.encode())),
}
"""Of each the notebook is had."""
