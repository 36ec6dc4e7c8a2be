"""Objects of a class that only the sender knows are read as what they equal, and no message makes anybody import."""

import dataclasses
import enum
import inspect
import sys
from typing import Any

import pytest
from nvflare.apis.dxo import DXO, DataKind
from nvflare.apis.shareable import Shareable, make_reply
from nvflare.apis.utils.decomposers import flare_decomposers
from nvflare.fuel.utils.fobs import dumps, fobs, loads

from autograder.evidence.collect import collect
from autograder.rubric import matchers
from autograder.simulator.network.content import Content, Difference
from autograder.simulator.nvflare_private import foreign_types
from autograder.simulator.nvflare_private.payload import Stream, decode, describe, describe_reply
from autograder.simulator.run import run
from autograder.simulator.sandbox.commands import Isolation
from autograder.simulator.scenario import Part
from tests.simulator.parts import EXECUTOR, SITES, scenario

MODULE = "student_of_this_test"


@pytest.fixture(autouse=True)
def _patched(monkeypatch: pytest.MonkeyPatch) -> None:
    flare_decomposers.register()
    monkeypatch.setattr(fobs, "_decomposers", dict(fobs._decomposers))
    monkeypatch.setattr(fobs.Packer, "pack", fobs.Packer.pack)
    monkeypatch.setattr(fobs.Packer, "unpack", fobs.Packer.unpack)
    foreign_types.install()


def sent(value: Any) -> bytes:
    """The bytes of something that are read where nobody knows the sender's classes."""
    data = bytes(dumps(value))
    for name in [name for name in fobs._decomposers if name.startswith(MODULE)]:
        del fobs._decomposers[name]
    return data


def students(cls: type) -> type:
    """A class as one of a module that is nowhere."""
    cls.__module__ = MODULE
    cls.__qualname__ = cls.__name__
    return cls


@students
class Word(enum.StrEnum):
    HELLO = "hello"
    KEY = "message"
    OK = "OK"


@students
class Text(str, enum.Enum):  # noqa: UP042  # students write it so
    HELLO = "hello"


@students
class Number(enum.IntEnum):
    TWO = 2


@students
class Plain(enum.Enum):
    HELLO = "hello"


@students
class Own(Shareable):
    pass


@students
class Names(list[object]):
    pass


@students
@dataclasses.dataclass
class Greeting:
    text: str


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (Word.HELLO, "hello"),
        (Text.HELLO, "hello"),
        (Number.TWO, 2),
        ({Word.KEY: [Word.HELLO, {"x": Text.HELLO}]}, {"message": ["hello", {"x": "hello"}]}),
        (Names(["a"]), ["a"]),
        (Own({"a": 1}), Shareable({"a": 1})),
    ],
)
def test_what_equals_a_plain_value_is_read_as_that(value: Any, read: Any) -> None:
    found = loads(sent(value))

    assert found == read
    assert type(found) is type(read)


def test_a_member_that_equals_no_text_is_none() -> None:
    found = loads(sent({"message": Plain.HELLO}))["message"]

    assert isinstance(found, enum.Enum) and type(found).__name__ == "Plain" and found.value == "hello"


def test_an_enum_that_is_here_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    module = type(sys)(MODULE)
    vars(module).update(Word=Word)
    monkeypatch.setitem(sys.modules, MODULE, module)

    assert loads(sent(Word.HELLO)) is Word.HELLO


@pytest.mark.parametrize("value", [Greeting("hello"), {"message": Greeting("hello")}])
def test_any_other_object_is_refused_as_ever(value: Any) -> None:
    data = sent(value)
    with pytest.raises(ValueError, match="not allowed"):
        loads(data)


@pytest.mark.parametrize("extra", [{}, {foreign_types.VALUE: "x"}, {foreign_types.VALUE: ["x"]}])
@pytest.mark.parametrize("named", ["this", "antigravity.Fly", "os.system", "subprocess.Popen", "", "a.b.c", 5, None])
@pytest.mark.parametrize("data", ["HELLO", "_missing_", "mro", {"dict": {}}, {"data": {}}, None, [1]])
def test_no_message_makes_anybody_import_or_call(extra: dict[str, Any], named: Any, data: Any) -> None:
    loads(sent("whatever is imported the first time"))
    before = set(sys.modules)
    decomposer = "nvflare.fuel.utils.fobs.decomposer.DataClassDecomposer"
    call = {fobs.FOBS_TYPE: named, fobs.FOBS_DATA: data, fobs.FOBS_DECOMPOSER: decomposer, **extra}
    found = decode(Stream({}, [sent({"message": call})]))

    assert set(sys.modules) == before
    if isinstance(found, dict):
        assert isinstance(found["message"], str | dict | enum.Enum)
    else:
        assert isinstance(found, Exception)


def test_the_witness_reads_topic_key_and_text() -> None:
    request = DXO(DataKind.APP_DEFINED, data={Word.KEY: Word.HELLO}).to_shareable()
    request.set_header("__topic__", Word.HELLO)

    assert describe(decode(Stream({}, [sent(request)]))) == Content("APP_DEFINED", {"message": "hello"})


@pytest.mark.parametrize(
    ("message", "difference"), [(Plain.HELLO, Difference.TYPE), (Greeting("x"), Difference.UNREADABLE)]
)
def test_the_witness_says_what_is_no_text(message: Any, difference: Difference) -> None:
    request = DXO(DataKind.APP_DEFINED, data={"message": message}).to_shareable()

    mismatch = matchers.Text("message", "hello").mismatch(describe(decode(Stream({}, [sent(request)]))))
    assert mismatch and mismatch.code is difference
    assert difference is Difference.UNREADABLE or mismatch.seen == "Plain"


@pytest.mark.parametrize("code", [Word.OK, "OK"])
def test_the_witness_reads_the_code_of_a_reply(code: str) -> None:
    assert describe_reply(decode(Stream({}, [sent(make_reply(code))])), "ok")["return_code"] == "OK"
    assert describe_reply(make_reply(code), "ok")["return_code"] == "OK"


def test_the_names_of_nvflare_are_as_they_were_looked_up() -> None:
    source = inspect.getsource(fobs.deserialize) + inspect.getsource(fobs.serialize)

    assert source.count("Packer(manager)") == 2
    assert "default=packer.pack" in source and "object_hook=packer.unpack" in source


ENUMS = """
from enum import StrEnum, Enum

class Topic(StrEnum):
    HELLO = "hello"

class Words(str, Enum):
    KEY, GREETING, OK = "message", "Hello", "OK"

class WithEnums(Quiet):
    def talk(self, fl_ctx):
        me = fl_ctx.get_identity_name()
        request = DXO(DataKind.APP_DEFINED, data={Words.KEY: Words.GREETING}).to_shareable()
        others = [c.name for c in fl_ctx.get_engine().get_clients() if c.name != me]
        fl_ctx.get_engine().send_aux_request(others, Topic.HELLO, request, 5, fl_ctx)
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        self.talk(fl_ctx)
        return make_reply(Words.OK)
    def handle(self, topic, request, fl_ctx):
        super().handle(topic, request, fl_ctx)
        return make_reply(Words.OK)
"""


@pytest.mark.simulator
@pytest.mark.parametrize("names", [("WithEnums",), ("WithEnums", "Quiet", "Talking")])
def test_enums_of_a_students_arrive_everywhere(names: tuple[str, ...]) -> None:
    """Where all sites know them, and among others that do not."""
    three = scenario(*names)
    with_enums = Part("executors", "WithEnums", {"executors": EXECUTOR + ENUMS})
    executors = {site: with_enums if part.class_name == "WithEnums" else part for site, part in three.executors.items()}
    whole = type(three)("test", three.controller, executors, three.students, three.expected)
    with run(whole, isolation=Isolation.NONE) as record:
        evidence = collect(record)

    sent_by = [message for message in evidence.messages if executors[message.sender] is with_enums]
    said = Content("APP_DEFINED", {"message": "Hello"})
    assert all((m.topic, m.content, m.reply) == ("hello", said, "OK") for m in sent_by) and sent_by
    assert {message.receiver for message in sent_by if message.sender == "site-0"} == set(SITES[1:])
    assert {(result.site, result.return_code) for result in evidence.results} == {(site, "OK") for site in SITES}
    assert evidence.quiet
