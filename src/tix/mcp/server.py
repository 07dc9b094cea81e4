"""Serves tools to an MCP client on standard input and output, by the official ``mcp`` package."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Sequence
from functools import cache
from types import FrameType
from typing import NoReturn

import anyio
import anyio.to_thread
import mcp_types as types
from jsonschema import Draft202012Validator
from mcp.server.lowlevel.server import Server
from mcp.server.stdio import stdio_server

from tix.mcp.tool import Answer, Call, Tool
from tix.typing import Any


def serve(tools: Sequence[Tool], call: Call, *, version: str, instructions: str) -> None:
    """Serve the tools until the client closes the connection; ``call`` runs one at a time, in a thread."""
    _end_on_signals()
    by_name = {tool.name: tool for tool in tools}
    turn = anyio.Lock()

    async def list_tools(_context: Any, _params: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_described(tool) for tool in tools])

    async def call_tool(_context: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        tool = by_name.get(params.name)
        given = params.arguments or {}
        if tool is None:
            return _result(_refusal(f"There is no tool named '{params.name}'."))
        wrong = _mistake(params.name, given)
        if wrong is not None:
            return _result(_refusal(wrong))
        async with turn:
            # What has begun is finished also where the client cancels: its change is whole or not made.
            answer = await anyio.to_thread.run_sync(call, params.name, given)
        return _result(answer)

    @cache
    def validator(name: str) -> Draft202012Validator:
        return Draft202012Validator(by_name[name].takes)

    def _mistake(name: str, given: dict[str, Any]) -> str | None:
        for error in validator(name).iter_errors(given):
            where = ".".join(map(str, error.absolute_path))
            return f"{where}: {error.message[:300]}" if where else error.message[:300]
        return None

    server: Server[Any] = Server(
        "tix",
        version=version,
        title="tix, a help desk",
        instructions=instructions,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )

    async def run() -> None:
        async with stdio_server() as (reading, writing):
            await server.run(reading, writing, server.create_initialization_options())

    anyio.run(run)


def _described(tool: Tool) -> types.Tool:
    hints = types.ToolAnnotations(
        read_only_hint=tool.reads,
        destructive_hint=tool.destroys,
        idempotent_hint=tool.repeats,
        open_world_hint=False,
    )
    return types.Tool(
        name=tool.name,
        description=tool.summary,
        input_schema=tool.takes,
        output_schema=tool.answers,
        annotations=hints,
    )


def _result(answer: Answer) -> types.CallToolResult:
    text = json.dumps(answer.content, ensure_ascii=False)
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=text)],
        structured_content=answer.content,
        is_error=answer.failed,
    )


def _refusal(message: str) -> Answer:
    """An answer to a call that the schema of its tool does not allow."""
    error = {
        "code": "usage",
        "message": message,
        "hint": None,
        "exit": 2,
        "retryable": False,
        "fix": None,
    }
    return Answer({"error": error}, failed=True)


def _end_on_signals() -> None:
    """End at once on a signal: a thread that waits for the client would hold up any other way to end."""
    import os

    def end(number: int, _frame: FrameType | None) -> NoReturn:
        sys.stderr.flush()
        os._exit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
