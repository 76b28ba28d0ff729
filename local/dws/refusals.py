"""How the provider and the gateway before it say no."""

from local.dws.wire import Answer


class GatewayRefused(Exception):
    """The gateway lets the request no further; `answer` tells the client."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    def answer(self, request_id: str) -> Answer:
        """The gateway's answer; unlike the service's it bears the request id in its body."""
        body = {"error_code": self.code, "error_msg": self.message, "request_id": request_id}
        return Answer(self.status, body)


def not_authenticated(detail: str) -> GatewayRefused:
    """The proof of identity is missing or wrong."""
    return GatewayRefused(401, "APIGW.0301", f"Incorrect IAM authentication information: {detail}")


def token_expired() -> GatewayRefused:
    """The token was good once."""
    return GatewayRefused(401, "APIGW.0307", "The token must be updated")


def no_such_api() -> GatewayRefused:
    """Method and path belong to no operation."""
    return GatewayRefused(404, "APIGW.0101", "The API does not exist or has not been published")


def wrong_project() -> GatewayRefused:
    """The path names a project that the identity may not use."""
    return GatewayRefused(403, "APIGW.0302", "The project is not accessible to the requester")


def backend_timeout() -> GatewayRefused:
    """The service behind the gateway does not answer."""
    return GatewayRefused(504, "APIGW.0203", "Backend timeout")


def refused(code: str, message: str, status: int = 400) -> Answer:
    """An error of the service itself."""
    return Answer(status, {"error_code": code, "error_msg": message})


def no_such_pair(pair_id: str) -> Answer:
    """The disaster recovery does not exist: a 400, as the service answers."""
    return refused("DWS.10101", f"The disaster recovery {pair_id} does not exist")


def invalid_uuid(found: str) -> Answer:
    """An id is no UUID."""
    return refused("DWS.5064", f"Invalid UUID: {found}")
