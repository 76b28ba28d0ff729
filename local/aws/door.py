"""Whom the embedded AWS answers: any key is good for it, so no browser may ask it."""

from collections.abc import Awaitable, Callable
from typing import Any

from local.browsers import is_from_a_browser

Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[dict[str, Any], Any, Send], Awaitable[None]]


def for_tools_alone(app: App) -> App:
    """The same ASGI application, which no browser reaches."""

    async def guarded(scope: dict[str, Any], receive: Any, send: Send) -> None:
        sent = scope.get("headers", ())
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in sent}
        if scope["type"] == "lifespan" or not is_from_a_browser(headers.get):
            await app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await send({"type": "http.response.start", "status": 403, "headers": []})
            await send({"type": "http.response.body", "body": b"This is for no browser.\n"})

    return guarded
