"""``python -m autograder``: the commands for instructors."""

import sys

if __name__ == "__main__":
    try:
        from autograder.cli import main
    except ModuleNotFoundError as error:
        sys.exit(
            f"autograder: the package {error.name} is missing. Students' notebooks do without it; the commands for "
            "instructors come with what they need: python -m pip install 'flare-p2p-course[grading]'"
        )
    sys.exit(main())
