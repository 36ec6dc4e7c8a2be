"""An environment in which interpreters lack what macOS lacks: see ``sitecustomize.py`` here, which Python imports."""

import os
from pathlib import Path


def environment() -> dict[str, str]:
    """The environment of this process, and the folder that takes away what macOS lacks."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])}
