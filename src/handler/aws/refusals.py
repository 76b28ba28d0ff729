"""What SSM, Secrets Manager and SNS answer in a way that stays, and what passes by itself."""

from http import HTTPStatus
from typing import Final

from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError
from botocore.exceptions import ClientError

# Busy, though with the status of a bad request. SSM and Secrets Manager, "Common Errors"; SNS,
# Publish; the SDK's own list of what it tries again.
_BUSY: Final = frozenset({
    "InternalFailure", "InternalServerError", "InternalServiceError", "KMSThrottling",
    "KMSThrottlingException", "LimitExceededException",
    "RequestLimitExceeded", "RequestThrottled", "RequestThrottledException", "RequestTimeout",
    "RequestTimeoutException", "ServiceUnavailable", "ServiceUnavailableException", "SlowDown",
    "Throttled", "ThrottledException", "Throttling", "ThrottlingException",
    "TooManyRequestsException",
})  # fmt: skip


def is_refusal(error: GetParameterError) -> bool:
    """Whether the service has said no, and will say it again until someone corrects something.

    Powertools wraps whatever was raised, connections that were refused or timed out among it.
    """
    return says_no(error.__cause__ or error.__context__)


def refused_as(error: GetParameterError) -> str:
    """The service's own code for what was raised; nothing, if no service has answered."""
    raised = error.__cause__ or error.__context__
    return (
        raised.response.get("Error", {}).get("Code", "") if isinstance(raised, ClientError) else ""
    )


def says_no(error: BaseException | None) -> bool:
    """The same of what the SDK itself has raised."""
    if not isinstance(error, ClientError):
        return False
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    is_busy = status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return not is_busy and error.response.get("Error", {}).get("Code") not in _BUSY
