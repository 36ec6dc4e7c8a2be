"""The lock file: whole, current, and the same for everybody."""

import re
import tomllib

from packaging.requirements import Requirement

from tests.tools.course_folder import CHECKOUT

LOCK = (CHECKOUT.root / "requirements.lock").read_text(encoding="utf-8")
PINS = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", LOCK, re.MULTILINE))


def test_it_names_no_host_and_no_folder() -> None:
    assert not re.search(r"https?:|file:|--(?!hash=)|/", LOCK)


def test_every_package_has_hashes() -> None:
    blocks = re.split(r"\n(?=\S)", LOCK.strip())
    assert len(blocks) > 100
    assert all(re.match(r"[a-z0-9-]+==\S+", block) and "--hash=sha256:" in block for block in blocks)


def test_it_is_what_the_project_asks_for() -> None:
    project = tomllib.loads((CHECKOUT.root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    every = [project["dependencies"], *project["optional-dependencies"].values()]
    wanted = [item for items in every for item in map(Requirement, items) if item.name != project["name"]]
    wrong = [str(item) for item in wanted if item.name not in PINS or PINS[item.name] not in item.specifier]

    assert wrong == [], "run make lock"


def test_no_deep_learning_framework_comes_with_it() -> None:
    """The course needs none, and one would make the first `make venv` take gigabytes."""
    assert not {"torch", "tensorflow", "jax"} & PINS.keys()
