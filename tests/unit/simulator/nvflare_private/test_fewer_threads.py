"""Through which threads a message goes. NVFlare's names here are no public API: a new version may have others."""

import inspect
import json
import logging
import threading
from collections import Counter
from collections.abc import Callable
from functools import partial
from types import ModuleType, SimpleNamespace

import pytest
from nvflare.fuel.f3.cellnet import cell
from nvflare.fuel.f3.cellnet.cell import Cell
from nvflare.fuel.f3.cellnet.defs import CellChannel, MessageHeaderKey, ReturnCode
from nvflare.fuel.f3.cellnet.utils import make_reply
from nvflare.fuel.f3.message import Message
from nvflare.fuel.f3.sfm import conn_manager
from nvflare.fuel.f3.sfm.conn_manager import ConnManager
from nvflare.fuel.f3.sfm.constants import Types
from nvflare.fuel.f3.streaming import blob_streamer, byte_receiver, byte_streamer
from nvflare.fuel.f3.streaming.stream_const import STREAM_ACK_TOPIC, STREAM_DATA_TOPIC
from nvflare.fuel.f3.streaming.stream_utils import CheckedExecutor

from autograder.simulator.nvflare_private import fewer_threads
from tests.services.nothing_lost.forked import in_fork

CHANNEL, TOPIC = CellChannel.AUX_COMMUNICATION, "topic"
SMALL, LARGE = "x" * 100, "x" * (2 << 20)


def as_it_is() -> None:
    """Change nothing of NVFlare."""


def talk(prepare: Callable[[], None], said: str) -> str:
    """Send a request and its content back as the reply, and return both contents, the handler's pool and all pools."""
    prepare()
    pools: Counter[str] = Counter()
    submit = CheckedExecutor.submit

    def noted(pool: CheckedExecutor, *arguments: object) -> object:
        pools[pool._thread_name_prefix] += pool is not byte_streamer.reliable_retry_scheduler.retry_task_pool
        return submit(pool, *arguments)

    CheckedExecutor.submit = noted
    server, site = (Cell(name, "tcp://localhost:0", False, {}) for name in ("server", "site-1"))
    handled: list[str] = []

    def handle(request: Message) -> Message:
        handled.append(threading.current_thread().name)
        return make_reply(ReturnCode.OK, body=request.payload)

    server.register_request_cb(channel=CHANNEL, topic=TOPIC, cb=handle)
    for one in (server, site):
        one.start()
    reply = site.send_request(channel=CHANNEL, target="server", topic=TOPIC, request=Message(payload=said), timeout=60)
    code = reply.get_header(MessageHeaderKey.RETURN_CODE)
    return json.dumps([code, reply.payload == said, [name.rpartition("_")[0] for name in handled], +pools])


def frame_of(kind: int, headers: dict[str, str]) -> bytes:
    """Return a frame as it comes in a connection."""
    told = conn_manager.msgpack.packb(headers) if headers else b""
    frame = bytearray(conn_manager.PREFIX_LEN + len(told))
    conn_manager.Prefix(len(frame), len(told), kind, 0, 0, 0, 0).to_buffer(frame, 0)
    frame[conn_manager.PREFIX_LEN :] = told
    return bytes(frame)


@pytest.mark.parametrize(
    ("kind", "topic", "at_once"),
    [
        (Types.DATA, STREAM_DATA_TOPIC, True),
        (Types.DATA, STREAM_ACK_TOPIC, False),
        (Types.DATA, "register", False),
        (Types.DATA, "", False),
        (Types.HELLO, STREAM_DATA_TOPIC, False),
        (Types.PING, "", False),
    ],
)
def test_the_thread_that_reads_takes_the_parts_of_messages_and_leaves_the_rest_to_the_pool(
    kind: int, topic: str, at_once: bool
) -> None:
    def taken() -> str:
        fewer_threads.take_parts_in_order()
        frame = frame_of(kind, {MessageHeaderKey.TOPIC: topic} if topic else {})
        manager = ConnManager.__new__(ConnManager)
        by_reader: list[bytes] = []
        by_pool: list[bytes] = []
        manager.stopped, manager.process_frame_task = False, lambda _, one: by_reader.append(one)
        manager.frame_mgr_executor = SimpleNamespace(submit=lambda work, _, one: by_pool.append(one))
        manager.process_frame(None, frame)
        return json.dumps([by_reader == [frame], by_pool == [frame]])

    assert json.loads(in_fork(taken)) == [at_once, not at_once]


@pytest.mark.parametrize("said", [SMALL, LARGE], ids=["small", "large"])
def test_a_handler_is_called_by_the_thread_that_called_it_before(said: str) -> None:
    (*before, _), (*now, _) = (
        json.loads(in_fork(partial(talk, how, said))) for how in (as_it_is, fewer_threads.install)
    )

    assert now == before == [ReturnCode.OK, True, ["stm_cb"]]


def test_a_message_of_one_part_needs_no_pool_but_that_which_calls_its_handler() -> None:
    *_, before = json.loads(in_fork(partial(talk, as_it_is, SMALL)))
    *_, now = json.loads(in_fork(partial(talk, fewer_threads.install, SMALL)))

    assert before == {"stm": 6, "stm_cb": 2}
    assert now == {"stm_cb": 1}


def test_a_message_of_several_parts_is_sent_and_put_together_by_threads_of_pools() -> None:
    *_, pools = json.loads(in_fork(partial(talk, fewer_threads.install, LARGE)))

    assert pools["stm"] >= 2


@pytest.mark.parametrize(
    ("module", "call"),
    [
        (byte_streamer, " stream_thread_pool.submit(task_handler, self)"),
        (byte_receiver, " stream_thread_pool.submit(self._callback_wrapper, task, callback)"),
        (blob_streamer, " stream_thread_pool.submit(self._read_stream, blob_task)"),
        (blob_streamer, " callback_thread_pool.submit(self._run_blob_cb, future, stream, args, kwargs)"),
        (cell, " concurrent.futures.ThreadPoolExecutor(max_workers=len("),
    ],
)
def test_what_is_replaced_is_looked_up_where_it_is_replaced(module: ModuleType, call: str) -> None:
    assert call in inspect.getsource(module)


def test_one_receiver_takes_no_thread_of_its_own_and_several_take_one_each() -> None:
    def threads() -> str:
        fewer_threads.send_in_the_callers_thread()
        asked = Cell.__new__(Cell)
        asked.logger = logging.getLogger("cell")
        asked._encode_message = lambda *_, **__: None
        asked._send_one_request = lambda target, **_: threading.current_thread().name
        answers = [asked._broadcast_request("channel", "topic", to, Message({}, b"")) for to in (["a"], ["a", "b"])]
        return json.dumps([list(one.values()) for one in answers])

    (alone,), (first, second) = json.loads(in_fork(threads))
    assert alone == "MainThread"
    assert "MainThread" not in {first, second}


def test_whoever_fails_to_send_to_one_receiver_is_told_as_before() -> None:
    def told() -> str:
        failing = fewer_threads._Inline().submit(int, "no number")
        return type(failing.exception()).__name__

    assert in_fork(told) == "ValueError"
