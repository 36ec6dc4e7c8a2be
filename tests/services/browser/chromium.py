"""The system's Chromium, driven by Playwright."""

import contextlib
import os
from collections.abc import Iterator

from playwright.sync_api import Browser, expect, sync_playwright

from tests.tools import course_folder

PATIENCE = 1000 * course_folder.PATIENCE
"""Milliseconds for which a test waits to see what should come."""


@contextlib.contextmanager
def launched(path: str) -> Iterator[Browser]:
    """The browser at ``path``, at work."""
    # As root, as in many containers, Chromium has no sandbox of its own to offer; it opens local pages only.
    options = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=options)
        yield browser
        browser.close()
