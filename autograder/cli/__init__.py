"""The commands of ``python -m autograder``, one module each.

A command's module has ``add_parser``, which describes its arguments, and ``run``, which carries it out and returns the
exit status: 0 when all is well, 1 when something wants a person's attention, 2 when it could not be carried out.
"""

import argparse
import errno
import io
import os
import sys
from collections.abc import Sequence

from autograder import __version__
from autograder.atomic_file import in_words
from autograder.cli import demo, feedback, grade, new, package, release, repeat, replay, report, solve, verify
from autograder.cli.signals import ended_by_signals, say, status_of
from autograder.course import CourseError


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out the command in ``argv``, by default the program's own arguments. Return the exit status.

    What can be wrong with a command's input ends in one line on stderr. Ctrl-C ends in status 130, SIGTERM in 143 and
    SIGHUP in 129.
    """
    args = _parser().parse_args(argv)
    _print_in_any_locale()
    _start_quickly()
    try:
        with ended_by_signals():
            status = int(args.run(args))
            sys.stdout.flush()
            return status
    except BrokenPipeError:  # whoever reads the output, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (CourseError, ValueError) as error:
        return _failed(args.command, str(error))
    except OSError as error:
        return _failed(args.command, f"{in_words(error)}. {_remedy(error)}, then give the command again.")
    except KeyError as error:  # an unknown assignment; the message names those that there are
        return _failed(args.command, str(error.args[0]))
    except KeyboardInterrupt as interrupt:
        say("\nStopped.")
        return status_of(interrupt)


def _print_in_any_locale() -> None:
    """Escape what the locale has no characters for, such as a student's name: printing it would end the command."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _start_quickly() -> None:
    """Leave out what takes half of the time in which a command starts.

    jsonschema, which nbformat imports, checks addresses and durations by grammars that these packages compile whenever
    they are imported. It does without when one is absent, and nothing here asks it about an address or a duration.
    """
    for name in ("rfc3987_syntax", "rfc3986_validator", "isoduration"):
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # None makes its import an ImportError


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="autograder",
        description="Releases assignments of the course and grades what is handed in.",
        epilog="autograder COMMAND --help tells more of a command.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in (grade, report, feedback, package, replay, demo, new, release, verify, solve, repeat):
        command.add_parser(subparsers)
    return parser


def _remedy(error: OSError) -> str:
    """Return what can be done about what the system does not do."""
    match error.errno:
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return "Make it and its folder yours to read and write, or work in a copy of the course's folder"
        case errno.ENOSPC | errno.EDQUOT:
            return "Free some space on its disk"
    return "Mend that"


def _failed(command: str, message: str) -> int:
    say(f"autograder {command}: {' '.join(message.split())}")
    return 2
