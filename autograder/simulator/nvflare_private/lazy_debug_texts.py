"""Saves the texts for debugging that NVFlare makes up of every message, at each step of its way, and throws away.

The functions stay as they are, but for a question before each of these texts: whether it would be logged.
"""

import ast
import inspect
import logging
import textwrap
from types import CodeType, FunctionType

from nvflare.fuel.f3.cellnet.cell import Adapter, Cell
from nvflare.fuel.f3.cellnet.core_cell import CoreCell
from nvflare.fuel.f3.sfm.conn_manager import ConnManager
from nvflare.fuel.f3.sfm.sfm_conn import SfmConnection

TALKATIVE: tuple[FunctionType, ...] = (
    Adapter.call,
    Adapter._send_response,
    Cell.__getattr__,
    Cell._broadcast_request,
    Cell._process_reply,
    Cell._send_one_request,
    ConnManager.process_frame_task,
    CoreCell._process_received_msg,
    CoreCell._process_request,
    CoreCell._try_path,
    SfmConnection.send_frame,
)
"""The functions through which every message goes and that make up texts of all its headers, or of itself."""


def install() -> None:
    """Let NVFlare make up its texts for debugging only where they are logged, from now on."""
    for function in TALKATIVE:
        function.__code__ = _with_lazy_debug_texts(function)


def _with_lazy_debug_texts(function: FunctionType) -> CodeType:
    """Return the code of a function that asks the logger for its level before each call of ``debug``."""
    code = function.__code__
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    ast.increment_lineno(tree, code.co_firstlineno - 1)
    module = compile(ast.fix_missing_locations(_LazyDebugTexts().visit(tree)), code.co_filename, "exec")
    lazy = next(one for one in module.co_consts if isinstance(one, CodeType))
    return lazy.replace(co_qualname=code.co_qualname)


class _LazyDebugTexts(ast.NodeTransformer):
    """Turns ``logger.debug(…)`` into ``logger.isEnabledFor(DEBUG) and logger.debug(…)``."""

    def visit_Expr(self, statement: ast.Expr) -> ast.Expr:
        match statement.value:
            case ast.Call(func=ast.Attribute(value=logger, attr="debug")) as call:
                asked = ast.Attribute(logger, "isEnabledFor", ast.Load())
                enabled = ast.Call(asked, [ast.Constant(logging.DEBUG)], [])
                return ast.copy_location(ast.Expr(ast.BoolOp(ast.And(), [enabled, call])), statement)
        return statement
