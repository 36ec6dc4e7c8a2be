"""The site's configuration: ``make docs`` builds it. Nothing in it is fetched from anywhere, so it works offline."""

import importlib.metadata
import os
import shutil
import sys
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.ext.apidoc import main as write_api_pages

HERE = Path(__file__).parent
PACKAGE = HERE.parent / "autograder"
API = HERE / "api"
"""Pages of the API reference, made anew whenever the site is built. None of them is kept in the repository."""

sys.path.insert(0, str(PACKAGE.parent))

project = "Peer-to-peer messaging in NVIDIA FLARE"
author = "the course's authors"
version = release = importlib.metadata.version("flare-p2p-course")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build", "_templates"]
root_doc = "index"

# Headings down to this level can be linked to, by the names that they also have where the repository is looked at.
myst_heading_anchors = 3
# Command-line options begin with two hyphens and are no dashes.
smartquotes = False
# What is in a block without a language is for a shell, or a listing.
highlight_language = "none"

# In docstrings a name in backticks is one of this package, of Python or of a library. Those of the last two are not
# found, since they are elsewhere, and private names have no place in the reference. All others
# of the package have to be found.
default_role = "py:obj"
nitpicky = True
# In a pydantic model typing's Annotated is looked for in the module that uses it.
nitpick_ignore_regex = [(r"py:.*", r"(?!autograder\.).*|.*\._\w+|.*\.Annotated")]

autodoc_default_options = {"members": True, "show-inheritance": True}
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
# A default such as a dataclass of limits is shown as it is written.
autodoc_preserve_defaults = True
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
add_module_names = False

html_theme = "furo"
html_title = project
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False

# `make links` asks other servers. Pages that only a person who is logged in can see have no place in the documents.
linkcheck_timeout = 20
linkcheck_retries = 2
linkcheck_workers = 4


def write_api_reference(_app: Sphinx) -> None:
    """Write a page for each part of the package, from what there is in its folder: so no module can be forgotten.

    The commands are left out, since these pages and ``--help`` describe them, and so is what is never imported.
    """
    os.environ["SPHINX_APIDOC_OPTIONS"] = "members,show-inheritance"
    left_out = [PACKAGE / "__main__.py", PACKAGE / "cli", PACKAGE / "new" / "skeleton"]
    shape = ["--no-toc", "-q", "--templatedir", str(HERE / "_templates")]
    shutil.rmtree(API, ignore_errors=True)  # the pages of parts that are no more
    status = write_api_pages([*shape, "-o", str(API), str(PACKAGE), *map(str, left_out)])
    if status:
        raise RuntimeError("the pages of the API reference could not be written")


def setup(app: Sphinx) -> None:
    """Write the API reference before Sphinx looks which pages there are."""
    app.connect("builder-inited", write_api_reference)
