"""Writing a scenario as an NVFlare job folder.

The folder is written as files, and not with ``FedJob``, so that the process that writes it imports no student's code.
Course components stand around the scenario's own parts: see `autograder.simulator.components`.
"""

import json
from typing import Any

from autograder.simulator.folder import RunFolder
from autograder.simulator.limits import Limits
from autograder.simulator.scenario import SERVER, Part, Scenario

_COMPONENTS = "autograder.simulator.components"
_NO_FILTERS: dict[str, Any] = {"format_version": 2, "task_data_filters": [], "task_result_filters": []}


def write_job(scenario: Scenario, folder: RunFolder, limits: Limits) -> None:
    """Write the job and the launcher's spec of a scenario into a run's folder."""
    sites = list(scenario.executors)
    parties = {SERVER: scenario.controller, **scenario.executors}
    meta = {
        "name": scenario.name,
        "resource_spec": {},
        "min_clients": 1,
        "deploy_map": {folder.app(party).name: [party] for party in parties},
    }
    _write_json(folder.job / "meta.json", meta)
    for party, part in parties.items():
        _write_sources(part, folder, party)
    _write_json(folder.app(SERVER) / "config" / "config_fed_server.json", _server_config(scenario, sites, limits))
    for site, part in scenario.executors.items():
        _write_json(folder.app(site) / "config" / "config_fed_client.json", _client_config(part))
    _write_json(folder.spec, {"sites": sites, "modules": {party: part.module for party, part in parties.items()}})


def _server_config(scenario: Scenario, sites: list[str], limits: Limits) -> dict[str, Any]:
    barrier = _component("barrier", f"{_COMPONENTS}.StartBarrier", {"sites": sites, "patience": limits.ready})
    exercise = _component("exercise", _path(scenario.controller), scenario.controller.arguments)
    settle = _component(
        "settle", f"{_COMPONENTS}.Settle", {"sites": sites, "patience": limits.settle, "hold": limits.hold}
    )
    workflows = [barrier, exercise, settle] if scenario.barrier else [exercise, settle]
    recorder = _component("recorder", f"{_COMPONENTS}.ResultRecorder", {})
    return {**_NO_FILTERS, "workflows": workflows, "components": [recorder]}


def _client_config(part: Part) -> dict[str, Any]:
    executor = {"tasks": ["*"], "executor": {"path": _path(part), "args": part.arguments}}
    monitor = _component("monitor", f"{_COMPONENTS}.SiteMonitor", {})
    return {**_NO_FILTERS, "executors": [executor], "components": [monitor]}


def _component(name: str, path: str, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"id": name, "path": path, "args": arguments}


def _path(part: Part) -> str:
    return f"{part.module}.{part.class_name}"


def _write_sources(part: Part, folder: RunFolder, party: str) -> None:
    custom = folder.custom(party)
    custom.mkdir(parents=True)
    for module, source in part.sources.items():
        # surrogatepass: a notebook may hold lone surrogates; Python then says so when it compiles the module.
        (custom / f"{module}.py").write_text(source, encoding="utf-8", errors="surrogatepass")


def _write_json(path: Any, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2), encoding="utf-8")
