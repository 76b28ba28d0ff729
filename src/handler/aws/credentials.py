"""A pair's credentials, from its Secrets Manager secret; nothing of it ever leaves by an error."""

from functools import lru_cache
from typing import Final

from aws_lambda_powertools.utilities.parameters import SecretsProvider
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError

from handler.aws.refusals import is_refusal, refused_as
from handler.dws.auth import AccessKey, User
from handler.errors import InvalidSettings, LedgerUnavailable
from handler.model.hosts import AllowedHosts
from handler.model.printable import one_line
from handler.model.schema import parse_json, validate

MAX_AGE_S: Final = 300  # a key that was revoked must not be used for long; a 401 renews at once
_SHOWN: Final = 500  # of an error: it goes into a result, whose size is limited


def load_credentials(
    secrets: SecretsProvider, name: str, hosts: AllowedHosts, *, renew: bool
) -> AccessKey | User:
    """Read a secret, at most 300 s old; past the cache if `renew`.

    Raises:
        InvalidSettings: it is missing or denied, has not the shape of
            `schemas/credentials.json`, or names an IAM that is not of `hosts`.
        LedgerUnavailable: it cannot be read at the moment.
    """
    try:
        text = secrets.get(name, max_age=MAX_AGE_S, force_fetch=renew)
    except GetParameterError as err:
        kind = InvalidSettings if is_refusal(err) else LedgerUnavailable
        raise kind(f"secret {name} {_fault(err)}") from err
    return _parsed(name, text if isinstance(text, str) else "", hosts)


@lru_cache(maxsize=16)  # each request asks: the same text is read once
def _parsed(name: str, text: str, hosts: AllowedHosts) -> AccessKey | User:
    try:
        document = parse_json(text)
    except ValueError:
        raise InvalidSettings(f"secret {name}: not valid JSON") from None
    faults = validate(document, "credentials", secret=True)
    if faults:
        raise InvalidSettings(f"secret {name}: {'; '.join(faults)}")
    if "username" in document:
        if not hosts.allow(document["iam_endpoint"]):
            raise InvalidSettings(
                f"secret {name}: $.iam_endpoint: found another host, allowed: {hosts}"
            )
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


def _fault(error: GetParameterError) -> str:
    """What is wrong: that it is missing has words of ours, the rest those of AWS."""
    if refused_as(error) == "ResourceNotFoundException":
        return "does not exist in this account and region: create it, or correct its name"
    return f"cannot be read: {one_line(str(error), _SHOWN).rstrip('.')}"
