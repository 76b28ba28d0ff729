"""A pair's credentials, from its Secrets Manager secret; nothing of it ever leaves by an error."""

from http import HTTPStatus
from typing import Final

from aws_lambda_powertools.utilities.parameters import SecretsProvider
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError
from botocore.exceptions import ClientError

from handler.dws.auth import AccessKey, User
from handler.errors import InvalidSettings, LedgerUnavailable
from handler.printable import one_line
from handler.schema import parse_json, validate

MAX_AGE_S: Final = 300
_SHOWN: Final = 500
_BUSY: Final = frozenset({
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottled",
    "RequestThrottledException",
    "RequestLimitExceeded",
    "TooManyRequestsException",
    "LimitExceededException",
    "SlowDown",
    "InternalServiceError",
    "InternalFailure",
    "ServiceUnavailable",
    "ServiceUnavailableException",
    "RequestTimeout",
    "RequestTimeoutException",
})  # fmt: skip


def load_credentials(secrets: SecretsProvider, name: str, *, renew: bool) -> AccessKey | User:
    """Read a secret, at most 300 s old; past the cache if `renew`.

    Raises:
        InvalidSettings: it is missing or denied, or has not the shape of
            `schemas/credentials.json`.
        LedgerUnavailable: it cannot be read at the moment.
    """
    try:
        text = secrets.get(name, max_age=MAX_AGE_S, force_fetch=renew)
    except GetParameterError as err:
        kind = InvalidSettings if _is_refusal(err.__context__) else LedgerUnavailable
        raise kind(f"secret {name} cannot be read: {one_line(str(err), _SHOWN)}") from err
    try:
        document = parse_json(text if isinstance(text, str) else "")
    except ValueError:
        raise InvalidSettings(f"secret {name}: not valid JSON") from None
    faults = validate(document, "credentials", secret=True)
    if faults:
        raise InvalidSettings(f"secret {name}: {'; '.join(faults)}")
    if "username" in document:
        return User(
            document["username"],
            document["domain"],
            document["iam_endpoint"],
            document["password"],
        )
    return AccessKey(
        document["access_key_id"],
        document["secret_access_key"],
        document.get("security_token"),
    )


def _is_refusal(cause: BaseException | None) -> bool:
    """Whether Secrets Manager has said no, which it will say again; anything else passes."""
    if not isinstance(cause, ClientError):
        return False
    status = cause.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    is_busy = status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return not is_busy and cause.response.get("Error", {}).get("Code") not in _BUSY
