"""A pair's credentials, from its Secrets Manager secret; nothing of it ever leaves by an error."""

from typing import Final

from aws_lambda_powertools.utilities.parameters import SecretsProvider
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError

from handler.dws.auth import AccessKey, User
from handler.errors import InvalidSettings
from handler.schema import parse_json, validate

MAX_AGE_S: Final = 300


def load_credentials(secrets: SecretsProvider, name: str, *, renew: bool) -> AccessKey | User:
    """Read a secret, at most 300 s old; past the cache if `renew`.

    Raises:
        InvalidSettings: it cannot be read, or has not the shape of `schemas/credentials.json`.
    """
    try:
        text = secrets.get(name, max_age=MAX_AGE_S, force_fetch=renew)
    except GetParameterError as err:
        raise InvalidSettings(f"secret {name} cannot be read: {err}") from err
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
