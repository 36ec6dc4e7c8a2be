"""``python -m autograder``: the commands for instructors."""

import sys

from autograder.cli import main

if __name__ == "__main__":
    sys.exit(main())
