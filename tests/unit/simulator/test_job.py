"""The job that a run is given: NVFlare builds its components from their names, so each of these must be there."""

import importlib
import json
from collections.abc import Iterator
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
