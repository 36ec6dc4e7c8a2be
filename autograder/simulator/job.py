"""Writing a scenario into a run's folder: an NVFlare job for the server, and for each site its app.

The files are written as files, and not with ``FedJob``, so that the process that writes them imports no student's code.
Course components stand around the scenario's own parts: see `autograder.simulator.parties.components`.

The server is given a job in which the app of all sites is empty. Each site gets its own app from here and not from the
server, so a student's server learns nothing of what the reference peers were told to send, and cannot tell them
anything else.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from autograder.simulator.folder import CUSTOM, FAULTS, JOB, RunFolder
from autograder.simulator.limits import Limits
from autograder.simulator.parties.cells import Layout
from autograder.simulator.scenario import SERVER, Gathering, Part, Scenario
from autograder.simulator.until import Condition, LogSays

_META = "meta.json"
_SERVER_CONFIG = Path("config", "config_fed_server.json")
_CLIENT_CONFIG = Path("config", "config_fed_client.json")
_EMPTY_APP = "app_sites"
_COMPONENTS = "autograder.simulator.parties.components"
_IDLE = "autograder.simulator.parties.conducting.Speaker"
_COMMON: dict[str, Any] = {
    "format_version": 2,
    "task_data_filters": [],
    "task_result_filters": [],
    # Arrays within the message: by default a receiver fetches each one afterwards, which no witness can read.
    "np_download_chunk_size": 0,
}


def write_run(scenario: Scenario, folder: RunFolder, limits: Limits) -> None:
    """Write what every party is given, and the supervisor's plan, into a run's folder.

    Nobody is given the faults but who applies them.
    """
    sites = list(scenario.executors)
    for party, part in {SERVER: scenario.controller, **scenario.executors}.items():
        _write_sources(part, folder.custom(party))
        folder.work_dirs.joinpath(party).mkdir(parents=True)
    _write_server_job(folder.parts(SERVER) / JOB, scenario, sites, limits)
    for site, part in scenario.executors.items():
        _write_site_app(folder.parts(site) / JOB, scenario, site, part)
    witnesses = scenario.witnesses
    for party in witnesses:
        _write_json(folder.parts(party) / FAULTS, asdict(scenario.faults))
    _write_json(
        folder.plan,
        {
            "sites": sites,
            "modules": {SERVER: scenario.controller.module, **{s: p.module for s, p in scenario.executors.items()}},
            "students": sorted(scenario.students),
            "witnesses": witnesses,
            "late": scenario.late,
            "mortal": sorted(scenario.faults.mortal),
            "memory": limits.memory,
            "processes": limits.processes,
            "disk": limits.disk,
            "course_memory": limits.course_memory,
            "run_memory": limits.run_memory,
            "cpu_budget": limits.cpu_budget,
            "of_process": limits.of_process,
            "of_course_process": limits.of_course_process,
        },
    )


def _write_server_job(job: Path, scenario: Scenario, sites: list[str], limits: Limits) -> None:
    own = f"app_{SERVER}"
    meta = {
        "name": scenario.name,
        "resource_spec": {},
        "min_clients": 1,
        "deploy_map": {own: [SERVER], _EMPTY_APP: sites},
        "job_folder_name": job.name,  # NVFlare packs the job a second time where this is missing
    }
    _write_json(job / _META, meta)
    _write_json(job / own / _SERVER_CONFIG, _server_config(scenario, sites, limits))
    # NVFlare builds components of classes that are not its own only for a job that brings code along.
    custom = job / own / CUSTOM
    custom.mkdir()
    (custom / "README").write_text("Each party finds its modules in its own parts.\n")
    _write_json(job / _EMPTY_APP / _CLIENT_CONFIG, _client_config([]))


def _write_site_app(job: Path, scenario: Scenario, site: str, part: Part) -> None:
    """Write what the server would have deployed to a site."""
    _write_json(job / _META, {"name": scenario.name, "byoc": True})
    executors = [{"tasks": ["*"], "executor": {"path": part.path, "args": part.arguments}}]
    if scenario.relieved:
        executors.append({"tasks": list(scenario.relieved), "executor": {"path": _IDLE, "args": {"turns": []}}})
    gather = scenario.gather if site in scenario.students else None
    says = SERVER not in scenario.students
    topics = scenario.acknowledged if site in scenario.students else ()
    config = _client_config(executors, gather, scenario.until, says=says, acknowledges=topics)
    _write_json(job / f"app_{site}" / _CLIENT_CONFIG, config)


def _server_config(scenario: Scenario, sites: list[str], limits: Limits) -> dict[str, Any]:
    barrier = _component("barrier", f"{_COMPONENTS}.StartBarrier", {"sites": sites, "patience": limits.ready})
    exercise = _component("exercise", scenario.controller.path, scenario.controller.arguments)
    until = [asdict(condition) for condition in scenario.until]
    patience = {"patience": limits.settle, "threads": limits.threads, "hold": limits.hold}
    quiet = {"sites": sites, **patience, "until": until}
    settle = _component("settle", f"{_COMPONENTS}.AwaitQuiescence", quiet)
    workflows = [*([barrier] if scenario.barrier else []), exercise, settle]
    gather = scenario.gather if SERVER in scenario.students else None
    arguments = {**_gathering(gather), **_listening(scenario.until)}
    recorder = _component("recorder", f"{_COMPONENTS}.ResultRecorder", arguments)
    return {**_COMMON, "workflows": workflows, "components": [recorder]}


def _client_config(
    executors: list[dict[str, Any]],
    gather: Gathering | None = None,
    until: tuple[Condition, ...] = (),
    *,
    says: bool = False,
    acknowledges: tuple[str, ...] = (),
) -> dict[str, Any]:
    answering = {"acknowledges": list(acknowledges)} if acknowledges else {}
    arguments = {**_gathering(gather), **_listening(until), **answering, "says": says}
    monitor = _component("monitor", f"{_COMPONENTS}.SiteMonitor", arguments)
    return {**_COMMON, "executors": executors, "components": [monitor]}


def _gathering(gather: Gathering | None) -> dict[str, Any]:
    return {"gather": asdict(gather)} if gather else {}


def _listening(until: tuple[Condition, ...]) -> dict[str, Any]:
    prefixes = sorted({condition.prefix for condition in until if isinstance(condition, LogSays)})
    return {"prefixes": prefixes} if prefixes else {}


def _component(name: str, path: str, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"id": name, "path": path, "args": arguments}


def _write_sources(part: Part, custom: Path) -> None:
    custom.mkdir(parents=True)
    for module, source in part.sources.items():
        # surrogatepass: a notebook may hold lone surrogates; Python then says so when it compiles the module.
        (custom / f"{module}.py").write_text(source, encoding="utf-8", errors="surrogatepass")
    if part.notebook:
        Layout(part.notebook.spans, part.notebook.stop, part.class_name).write(custom / f"{part.module}.py")


def _write_json(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2), encoding="utf-8")
