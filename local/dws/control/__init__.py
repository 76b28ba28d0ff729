"""The control API under /_emulator: everything the Python surface can do, for everyone else.

It has no authentication, for it listens on loopback, answers no web page, and rules over nothing
real. `GET /_emulator` lists all of it from the tables of routes.
"""

import json
import re
from dataclasses import asdict
from typing import Any

from local.dws.control import keys, pairs, stage
from local.dws.control.route import Route, jsonable
from local.dws.control.shapes import BadInput, Mistake
from local.dws.model.orders import OrderRefused
from local.dws.provider import Provider
from local.dws.wire import Answer, Request


class Control:
    """Answers the control API for one provider."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def answer(self, request: Request) -> Answer:
        """Do what is asked."""
        try:
            return Answer(200, jsonable(self._act(request)))
        except BadInput as err:
            return Answer(400, {"errors": [asdict(mistake) for mistake in err.mistakes]})
        except OrderRefused as err:
            return Answer(409, {"errors": [{"path": request.path, "found": err.message}]})
        except KeyError as err:
            return Answer(404, {"errors": [{"path": request.path, "found": err.args[0]}]})

    def _act(self, request: Request) -> Any:
        path = request.path.removeprefix("/_emulator").rstrip("/")
        for route in ROUTES:
            found = re.fullmatch(re.sub(r"\{\w+\}", "([^/]+)", route.path), path)
            if found and route.method == request.method:
                named = found.group(1) if found.groups() else ""
                return route.act(self._provider, named, _body(request))
        raise KeyError(f"no such route for {request.method}; GET /_emulator lists all")


def _body(request: Request) -> Any:
    try:
        return json.loads(request.body or b"{}")
    except ValueError as err:
        found = request.body[:100].decode(errors="replace")
        raise BadInput(Mistake("$", found, "JSON")) from err


def _index(provider: Provider, _name: str, _body: Any) -> Any:
    return {
        "emulator": provider.url,
        "routes": [
            {
                "request": f"{route.method} /_emulator{route.path}",
                "does": route.does,
                **({"fields": route.fields} if route.fields else {}),
            }
            for route in ROUTES
        ],
    }


ROUTES = (
    Route("GET", "", "this list", _index),
    *stage.ROUTES,
    *pairs.ROUTES,
    *keys.ROUTES,
)
