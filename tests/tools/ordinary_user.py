"""Commands as an ordinary user gives them, whoever runs the tests: permissions of files hold for them."""

import os

_NOBODY_SPECIAL = 1000


def as_ordinary_user(*command: str) -> list[str]:
    """The command, carried out by somebody who is not root, and to whom the files of whoever runs the tests belong."""
    if os.geteuid():
        return list(command)
    return as_user(_NOBODY_SPECIAL, *command)


def as_user(number: int, *command: str) -> list[str]:
    """The command, carried out by the user with this number, to whom the files of whoever runs the tests belong."""
    return ["unshare", "--user", f"--map-user={number}", f"--map-group={number}", *command]
