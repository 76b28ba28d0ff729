"""What may become of the answer to the failover request."""

from collections.abc import Mapping
from typing import Any

from local.dws.api.faults import Fault
from local.dws.scenarios.scenario import Scenario


def _respond(status: int, body: Any, **headers: str) -> Fault:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fault("failover", "respond", status=status, body=body, headers=named)


def _gateway(status: int, code: str, message: str, **headers: str) -> Fault:
    body = {"error_code": code, "error_msg": message, "request_id": "0" * 32}
    return _respond(status, body, **headers)


ANSWERS: Mapping[str, Scenario] = {
    "accept-then-timeout": Scenario(
        "The failover is taken, but its answer does not come within two minutes.",
        faults=(Fault("failover", "stall", seconds=120),),
    ),
    "accept-then-500": Scenario(
        "The failover is taken, but answered with 500.",
        faults=(
            Fault(
                "failover",
                "respond",
                status=500,
                effect=True,
                body={"error_code": "DWS.5000", "error_msg": "Internal error"},
            ),
        ),
    ),
    "accept-then-reset": Scenario(
        "The failover is taken, then the connection is reset before any answer.",
        faults=(Fault("failover", "cut"),),
    ),
    "accept-then-half-an-answer": Scenario(
        "The failover is taken, then the connection ends in the middle of the answer's body.",
        faults=(Fault("failover", "cut", at="body", how="fin"),),
    ),
    "accept-then-html": Scenario(
        "The failover is taken, but the answer is a proxy's HTML page.",
        faults=(Fault("failover", "corrupt", corruption="html"),),
    ),
    "accept-then-garbage": Scenario(
        "The failover is taken, but what comes back is not HTTP.",
        faults=(Fault("failover", "corrupt"),),
    ),
    "accept-then-drip": Scenario(
        "The failover is taken, but its answer comes a byte every two seconds.",
        faults=(Fault("failover", "drip", interval_ms=2000),),
    ),
    "reset-after-send": Scenario(
        "The connection is reset after the failover request; the failover is not taken.",
        faults=(Fault("failover", "cut", at="request"),),
    ),
    "refused-after-detail": Scenario(
        "After the next detail has been read, connecting is refused for 30 seconds.",
        faults=(Fault("detail", "refuse", seconds=30),),
    ),
    "unavailable": Scenario(
        "The failover is answered with 503 and not taken, once.",
        faults=(_respond(503, {"error_code": "APIGW.0613", "error_msg": "Service unavailable"}),),
    ),
    "redirected": Scenario(
        "The failover is answered with a redirect and not taken.",
        faults=(_respond(302, None, Location="/elsewhere"),),
    ),
    "missing-pair": Scenario(
        "The pair does not exist: 400 with DWS.10101.",
        is_missing=True,
    ),
    "token-expired-mid-run": Scenario(
        "The failover is answered with 401, the token must be updated, once.",
        faults=(_gateway(401, "APIGW.0307", "The token must be updated"),),
    ),
    "forbidden": Scenario(
        "The failover is answered with 403, every time.",
        faults=(
            Fault(
                "failover",
                "respond",
                times=None,
                status=403,
                body={"error_code": "APIGW.0302", "error_msg": "No permission"},
            ),
        ),
    ),
    "not-found": Scenario(
        "The failover is answered with 404.",
        faults=(_gateway(404, "APIGW.0101", "The API does not exist"),),
    ),
    "throttled": Scenario(
        "The failover is answered with 429 and Retry-After: 5, once.",
        faults=(
            _gateway(
                429,
                "APIGW.0308",
                "The throttling threshold has been reached: policy user over ratelimit,"
                "limit:10,time:1 minute",
                Retry_After="5",
            ),
        ),
    ),
}
