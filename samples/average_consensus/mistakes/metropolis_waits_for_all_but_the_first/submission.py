# %% in ConsensusController
def control_flow(self, abort_signal: Signal, fl_ctx: FLContext) -> None:
    """Two steps with the same wait."""
    self.give_out("config", {site: {"neighbors": self.told(site)} for site in self.graph}, abort_signal, fl_ctx)
    self.give_out("run_algorithm", {site: {"iterations": self.iterations} for site in self.graph}, abort_signal, fl_ctx)


def told(self, site: str) -> list[dict]:
    return [{"id": other, "weight": self.weight(site, other)} for other in self.graph[site]]


def give_out(self, name: str, data: dict[str, dict], abort_signal: Signal, fl_ctx: FLContext) -> None:
    tasks = []
    for site in data:
        task = Task(name=name, data=DXO(DataKind.APP_DEFINED, data=data[site]).to_shareable(), timeout=120)
        self.send(task=task, targets=[site], fl_ctx=fl_ctx)
        tasks.append(task)
    for number in range(1, len(tasks)):
        while tasks[number].completion_status is None and not abort_signal.triggered:
            time.sleep(0.1)
