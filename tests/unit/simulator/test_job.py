"""The job that a run is given: NVFlare builds its components from their names, so each of these must be there."""

import importlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.simulator.folder import RunFolder
from autograder.simulator.job import write_run
from autograder.simulator.limits import Limits
from tests.simulator.parts import scenario


def components_in(value: Any) -> Iterator[str]:
    """Yield the paths of the course's own components in a configuration."""
    if isinstance(value, dict):
        path = value.get("path")
        if isinstance(path, str) and path.startswith("autograder."):
            yield path
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from components_in(part)


def test_each_component_that_a_job_names_is_there(tmp_path: Path) -> None:
    write_run(scenario("Talking"), RunFolder(tmp_path), Limits())
    configurations = [json.loads(path.read_text()) for path in tmp_path.rglob("config_fed_*.json")]
    named = {path for configuration in configurations for path in components_in(configuration)}
    assert {path.rpartition(".")[2] for path in named} >= {"StartBarrier", "AwaitQuiescence", "SiteMonitor"}
    for path in named:
        module, _, name = path.rpartition(".")
        assert isinstance(getattr(importlib.import_module(module), name), type), path


def test_topics_are_acknowledged_at_the_sites_of_the_student_only(tmp_path: Path) -> None:
    asked = replace(scenario("Talking"), students=frozenset({"site-0"}), acknowledged=("news",))
    write_run(asked, RunFolder(tmp_path), Limits())

    (own,) = tmp_path.glob("**/site-0/**/app_site-0/config/config_fed_client.json")
    (other,) = tmp_path.glob("**/site-1/**/app_site-1/config/config_fed_client.json")

    assert '"acknowledges"' in own.read_text()
    assert '"acknowledges"' not in other.read_text()
