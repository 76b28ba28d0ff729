"""What SSM and Secrets Manager answer in a way that stays, and what passes by itself."""

from http import HTTPStatus
from typing import Final

from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError
from botocore.exceptions import ClientError

# Busy, though with the status of a bad request. SSM and Secrets Manager, "Common Errors"; the
# SDK's own list of what it tries again.
_BUSY: Final = frozenset({
    "InternalFailure", "InternalServerError", "InternalServiceError", "LimitExceededException",
    "RequestLimitExceeded", "RequestThrottled", "RequestThrottledException", "RequestTimeout",
    "RequestTimeoutException", "ServiceUnavailable", "ServiceUnavailableException", "SlowDown",
    "ThrottledException", "Throttling", "ThrottlingException", "TooManyRequestsException",
})  # fmt: skip


def is_refusal(error: GetParameterError) -> bool:
    """Whether the service has said no, and will say it again until someone corrects something.

    Powertools wraps whatever was raised, connections that were refused or timed out among it.
    """
    cause = error.__cause__ or error.__context__
    if not isinstance(cause, ClientError):
        return False
    status = cause.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    is_busy = status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return not is_busy and cause.response.get("Error", {}).get("Code") not in _BUSY
