"""Run the application: uvicorn with our limits, until a signal ends it."""

from __future__ import annotations

import uvicorn

from tix.api.protocol import LimitedProtocol

MOST_REQUESTS = 1000
KEEP_ALIVE_SECONDS = 5
STOP_SECONDS = 10


def serve(app: object, host: str, port: int) -> None:
    """Answer requests on ``host`` and ``port`` until SIGTERM or SIGINT; what has begun is finished first."""
    uvicorn.run(
        app,  # type: ignore[arg-type]  # an ASGI application
        host=host,
        port=port,
        http=LimitedProtocol,
        ws="none",
        lifespan="on",
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=True,
        proxy_headers=False,
        limit_concurrency=MOST_REQUESTS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
