"""Who is said to be alike: what is renamed and retold is found, what everybody writes is not."""

import ast
import random
from collections.abc import Mapping

import pytest

from autograder.similarity.comparison import LOWEST_THRESHOLD, Comparison
from autograder.similarity.comparison import compare as compare_all
from autograder.similarity.shapes import Trees

STUB = """
class Talk(Executor):
    '''Says hello.'''
    def execute(self, task_name: str, fl_ctx: FLContext) -> Shareable:
        '''On the task talk, say hello.'''
        # YOUR CODE HERE
        raise NotImplementedError()
"""

ORIGINAL = """
class Talk(Executor):
    def execute(self, task_name: str, fl_ctx: FLContext) -> Shareable:
        # who is there
        engine = fl_ctx.get_engine()
        others = [client.name for client in engine.get_clients() if client.name != fl_ctx.get_identity_name()]
        dxo = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {fl_ctx.get_identity_name()}"})
        self.sent = 0
        for other in others:
            engine.send_aux_request([other], "hello", dxo.to_shareable(), timeout=5.0, fl_ctx=fl_ctx)
            self.sent += 1
        return make_reply(ReturnCode.OK)
"""

RETOLD = """
class Talk(Executor):
    '''My own work.'''
    def execute(self, task, ctx):
        "I thought of it myself."
        machine = ctx.get_engine()
        friends = [c.name for c in machine.get_clients() if c.name != ctx.get_identity_name()]
        content: DXO = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {ctx.get_identity_name()}"})
        self.number_of_messages = 0
        for friend in friends:
            machine.send_aux_request([friend], "hello", content.to_shareable(), timeout=9.5, fl_ctx=ctx)
            self.number_of_messages += 1
            pass
        return make_reply(ReturnCode.OK)
"""

HANDLER = """
class Peer(Talk):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("hello", self.take)

    def take(self, topic, request, fl_ctx):
        sender = request.get_peer_props().get(ReservedKey.IDENTITY_NAME)
        self.log_info(fl_ctx, f"Received message from {sender}: {from_shareable(request).data['message']}")
        return make_reply(ReturnCode.OK)
"""


def compare(class_: Mapping[str, Trees], handed_out: Trees) -> Comparison:
    return compare_all(class_.items(), handed_out)


def trees(source: str, cell: str = "execute") -> dict[str, ast.Module]:
    return {cell: ast.parse(source)}


def somebody(seed: int) -> str:
    """Code of somebody's own: made of the same parts as everybody's, put together in another way."""
    draw = random.Random(seed)
    parts = ("engine.get_clients()", "fl_ctx.get_engine()", "[a for a in b if a]", "{'x': y.z}", "f(1, g(2), *h)")
    lines = [f"x{n} = ({draw.choice(parts)}, {draw.choice(parts)}, {draw.choice(parts)})" for n in range(12)]
    return "\n".join(lines)


def class_of(**some: str) -> dict[str, dict[str, ast.Module]]:
    everybody = {f"student-{number}": somebody(number) for number in range(20)}
    return {student: trees(source) for student, source in {**everybody, **some}.items()}


def test_what_was_renamed_and_retold_is_found() -> None:
    found = compare(class_of(ada=ORIGINAL, bob=RETOLD), trees(STUB))
    assert [group.students for group in found.groups] == [("ada", "bob")]
    assert found.groups[0].likeness == 1
    assert found.groups[0].cells == ("execute",)
    assert found.compared == 22


def test_a_changed_line_is_told_by_the_likeness() -> None:
    changed = RETOLD.replace("OK)", "ERROR if friends else None)")
    class_ = class_of(ada=ORIGINAL, bob=changed)
    for student in ("ada", "bob"):
        class_[student] = {**class_[student], **trees(HANDLER, "handle_event")}
    (group,) = compare(class_, trees(STUB)).groups
    assert group.students == ("ada", "bob")
    assert LOWEST_THRESHOLD <= group.likeness < 1
    assert group.cells == ("handle_event",)


def test_what_is_written_in_another_way_is_not() -> None:
    other = """
class Talk(Executor):
    def execute(self, task_name, fl_ctx):
        names = {"site-0", "site-1", "site-2"} - {fl_ctx.get_identity_name()}
        message = DXO(data_kind=DataKind.APP_DEFINED)
        message.data = dict(message="Hello from " + fl_ctx.get_identity_name())
        fl_ctx.get_engine().send_aux_request(list(names), "hello", message.to_shareable(), 5.0, fl_ctx)
        return make_reply(ReturnCode.OK)
"""
    assert compare(class_of(ada=ORIGINAL, bob=other), trees(STUB)).groups == ()


def test_the_usual_answer_is_told_apart() -> None:
    many = {f"usual-{number}": ORIGINAL for number in range(8)}
    found = compare(class_of(**many), trees(STUB))
    assert found.groups == ()
    assert [len(group.students) for group in found.common] == [8]


def test_the_stub_is_nobodys_own() -> None:
    found = compare(class_of(ada=STUB, bob=STUB), trees(STUB))
    assert found.groups == ()
    assert found.compared == 20


def test_an_untouched_cell_is_not_told_as_the_same() -> None:
    class_ = class_of()
    for student in ("ada", "bob"):
        class_[student] = {**trees(ORIGINAL), **trees(STUB, "handle_event")}
    (group,) = compare(class_, {**trees(STUB), **trees(STUB, "handle_event")}).groups
    assert group.cells == ("execute",)


@pytest.mark.parametrize("class_", [{}, {"ada": {}}, {"ada": trees(ORIGINAL)}, {"ada": trees(""), "bob": trees("x")}])
def test_where_there_is_nothing_to_compare(class_: dict[str, Trees]) -> None:
    assert compare(class_, trees(STUB)).groups == ()


def test_all_the_same_tells_nothing() -> None:
    found = compare({name: trees(ORIGINAL) for name in ("ada", "bob", "cy")}, trees(STUB))
    assert found.groups == ()


def test_code_that_is_nested_deeply_is_left_out() -> None:
    tree = ast.parse("x")
    for _ in range(5000):
        tree.body[0] = ast.If(test=ast.Constant(True), body=[tree.body[0]], orelse=[])
    assert compare({"ada": {"execute": tree}, "bob": trees(ORIGINAL)}, trees(STUB)).compared == 1


def test_what_was_copied_from_an_earlier_class_is_found_and_what_they_copied_is_not() -> None:
    earlier = {"2029/eve": trees(RETOLD), "2029/fay": trees(RETOLD), "2029/gil": trees(somebody(99))}
    class_ = class_of(ada=ORIGINAL)
    (group,) = compare_all(class_.items(), trees(STUB), earlier.items()).groups
    assert group.students == ("2029/eve", "2029/fay", "ada")

    found = compare_all(class_of().items(), trees(STUB), earlier.items())
    assert found.groups == ()
    assert found.compared == 20


def test_an_example_that_was_handed_out_is_nobodys_own() -> None:
    class_ = class_of(ada=ORIGINAL, bob=RETOLD)
    assert compare(class_, trees(STUB)).groups
    assert compare(class_, {**trees(STUB), **trees(ORIGINAL, "an example")}).groups == ()
