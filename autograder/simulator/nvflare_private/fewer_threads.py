"""Saves most of the threads through which NVFlare hands each message on: none is needed where nothing is waited for.

NVFlare 2.9.0 gives each step of a message to a pool: to send it, to take note of it, to put its parts together, and to
call what is registered for it. A message of one part goes through all steps but the last one at once, and a reply
through that as well: it only wakes up who waits for it. Handlers are called by the threads that called them before.
"""

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from types import SimpleNamespace
from typing import Any

from nvflare.fuel.f3.cellnet import cell
from nvflare.fuel.f3.cellnet.defs import CellChannel, MessageHeaderKey
from nvflare.fuel.f3.cellnet.registry import Callback
from nvflare.fuel.f3.sfm.conn_manager import PREFIX_LEN, ConnManager, Prefix, SfmConnection, Types, msgpack
from nvflare.fuel.f3.streaming import blob_streamer, byte_receiver, byte_streamer
from nvflare.fuel.f3.streaming.blob_streamer import BlobHandler, BlobStream, BlobTask
from nvflare.fuel.f3.streaming.byte_receiver import RxTask
from nvflare.fuel.f3.streaming.byte_streamer import TxTask
from nvflare.fuel.f3.streaming.stream_const import STREAM_DATA_TOPIC, StreamHeaderKey
from nvflare.fuel.f3.streaming.stream_types import Stream, StreamFuture


def install() -> None:
    """Hand on messages in fewer threads from now on."""
    send_in_the_callers_thread()
    byte_streamer.stream_thread_pool = _Sometimes(byte_streamer.stream_thread_pool, _has_one_part)
    byte_receiver.stream_thread_pool = _Sometimes(byte_receiver.stream_thread_pool, _begins_message)
    blob_streamer.stream_thread_pool = _Sometimes(blob_streamer.stream_thread_pool, _has_come)
    blob_streamer.callback_thread_pool = _Sometimes(blob_streamer.callback_thread_pool, _is_reply)


def send_in_the_callers_thread() -> None:
    """Let whoever sends a request to one receiver wait for the reply itself, and not for a new thread that does."""

    def executor(max_workers: int) -> Executor:
        return _Inline() if max_workers == 1 else ThreadPoolExecutor(max_workers)

    cell.concurrent = SimpleNamespace(
        futures=SimpleNamespace(ThreadPoolExecutor=executor, as_completed=as_completed, Future=Future)
    )


def take_parts_in_order() -> None:
    """Let the thread that reads a connection take the parts of messages itself, so that each sender's come in order.

    Through NVFlare's pool a later message of a sender may pass first on a busy machine. It would then get the fault of
    the earlier one, and which was answered when the next one came would not be what the sender knew.
    """
    take = ConnManager.process_frame

    def process_frame(self: ConnManager, connection: SfmConnection, frame: Any) -> None:
        if _is_part(frame):
            self.process_frame_task(connection, frame)
        else:
            take(self, connection, frame)

    ConnManager.process_frame = process_frame


class _Inline(Executor):
    """Does what is submitted at once, in the thread that submits it."""

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        """Return the future of what is done already, as that of a pool: with a result or an exception."""
        future: Future[Any] = Future()
        try:
            future.set_result(work(*arguments, **named))
        except BaseException as error:
            future.set_exception(error)
        return future


class _Sometimes(_Inline):
    """Gives to a pool only what may have to wait.

    Args:
        goes_through: tells, from the arguments, whether work comes to its end without waiting for anybody.
    """

    def __init__(self, pool: Executor, goes_through: Callable[..., bool]) -> None:
        self._pool = pool
        self._goes_through = goes_through

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        """Do the work, or let the pool do it."""
        submit = super().submit if self._goes_through(*arguments) else self._pool.submit
        return submit(work, *arguments, **named)


def _is_part(frame: Any) -> bool:
    """Return whether a frame holds a part of a message, which this process forwards, or puts together with others."""
    prefix = Prefix.from_bytes(frame)
    if prefix.type != Types.DATA or not prefix.header_len:
        return False
    headers = msgpack.unpackb(frame[PREFIX_LEN : PREFIX_LEN + prefix.header_len])
    return isinstance(headers, dict) and headers.get(MessageHeaderKey.TOPIC) == STREAM_DATA_TOPIC


def _has_one_part(task: TxTask) -> bool:
    """Return whether all that is sent goes at once, so that no receipt is waited for."""
    return isinstance(task.stream, BlobStream) and task.stream.get_size() < task.chunk_size


def _begins_message(task: RxTask, callback: Callback) -> bool:
    """Return whether what is called for a stream only passes it on to those who put a message together."""
    return isinstance(getattr(callback.cb, "__self__", None), BlobHandler)


def _has_come(task: BlobTask) -> bool:
    """Return whether all parts of a message are here."""
    return bool(task.stream.task.completed)


def _is_reply(future: StreamFuture, stream: Stream, *_: Any) -> bool:
    """Return whether what is called for a message only tells somebody who waits for a reply."""
    return bool(stream.headers.get(StreamHeaderKey.CHANNEL) == CellChannel.RETURN_ONLY)
