"""Small components for scenarios in tests: a controller that asks everybody to talk, and executors of several kinds."""

import secrets

from autograder.rubric.matchers import Text
from autograder.simulator.scenario import Expected, Part, Scenario

SITES = ("site-0", "site-1", "site-2")

LASTING = str(10**9 + secrets.randbelow(10**9))
"""Seconds that a process sleeps that ``Stuck`` starts. By them it is found among all processes of the machine."""

CONTROLLER = """
from nvflare.apis.impl.controller import Controller, Task
from nvflare.apis.shareable import Shareable

class Asking(Controller):
    def start_controller(self, fl_ctx): pass
    def stop_controller(self, fl_ctx): pass
    def control_flow(self, abort_signal, fl_ctx):
        task = Task(name="talk", data=Shareable(), timeout=6)
        self.broadcast_and_wait(task=task, min_responses=0, fl_ctx=fl_ctx, abort_signal=abort_signal)
"""

EXECUTOR = """
import os, subprocess, time
from nvflare.apis.dxo import DXO, DataKind, from_shareable
from nvflare.apis.event_type import EventType
from nvflare.apis.executor import Executor
from nvflare.apis.fl_constant import ReservedKey, ReturnCode
from nvflare.apis.shareable import Shareable, make_reply

class Quiet(Executor):
    timeout = 5
    def talk(self, fl_ctx): pass
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        self.talk(fl_ctx)
        return make_reply(ReturnCode.OK)
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler(topic="hello", message_handle_func=self.handle)
    def handle(self, topic, request, fl_ctx):
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        self.log_info(fl_ctx, f"Received message from {sender}: {from_shareable(request).data['message']}")
        return make_reply(ReturnCode.OK)

class Talking(Quiet):
    def talk(self, fl_ctx):
        me = fl_ctx.get_identity_name()
        request = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).to_shareable()
        others = [c.name for c in fl_ctx.get_engine().get_clients() if c.name != me]
        fl_ctx.get_engine().send_aux_request(others, "hello", request, self.timeout, fl_ctx)

class FireAndForget(Talking):
    timeout = 0

class SlowHandler(FireAndForget):
    def handle(self, topic, request, fl_ctx):
        time.sleep(1.5)
        return super().handle(topic, request, fl_ctx)

class ToItself(Quiet):
    def talk(self, fl_ctx):
        request = DXO(DataKind.APP_DEFINED, data={"message": "me"}).to_shareable()
        fl_ctx.get_engine().send_aux_request([fl_ctx.get_identity_name()], "hello", request, 2, fl_ctx)

class NoReply(Talking):
    def handle(self, topic, request, fl_ctx):
        super().handle(topic, request, fl_ctx)

class Stuck(Quiet):
    def talk(self, fl_ctx):
        subprocess.Popen(["sleep", "LASTING"], start_new_session=True)
        while True:
            pass

class Exiting(Quiet):
    def talk(self, fl_ctx):
        os._exit(0)

class Looping(Quiet):
    def handle_event(self, event_type, fl_ctx):
        while True:
            pass
""".replace("LASTING", LASTING)


def part(class_name: str) -> Part:
    """The part that runs one of the executors above."""
    return Part("executors", class_name, {"executors": EXECUTOR})


def hello(sender: str, receiver: str) -> Expected:
    """The message that ``Talking`` sends."""
    return Expected(sender, receiver, "hello", Text("message", f"Hello from {sender}"))


def scenario(*class_names: str, barrier: bool = True) -> Scenario:
    """Three sites that run the named executors (one name: all three run it), all of them the student's."""
    names = class_names * 3 if len(class_names) == 1 else class_names
    executors = {site: part(name) for site, name in zip(SITES, names, strict=True)}
    controller = Part("controller", "Asking", {"controller": CONTROLLER})
    expected = tuple(hello(a, b) for a in SITES for b in SITES if a != b)
    return Scenario("test", controller, executors, frozenset(SITES), expected, barrier=barrier)
