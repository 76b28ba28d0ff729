"""Who may ask, by the control API: access keys and tokens, never a secret back."""

from dataclasses import asdict, dataclass
from typing import Any

from local.dws.auth.identity import Credentials
from local.dws.control.route import Route
from local.dws.control.shapes import describe, read
from local.dws.provider import Provider

CREDENTIAL_FIELDS = frozenset({"access_key", "secret_key", "security_token"})


@dataclass(frozen=True)
class TokenSetting:
    """What may be said about tokens."""

    lifetime_s: float = 24 * 60 * 60


def _credentials(provider: Provider, _name: str, _body: Any) -> Any:
    return {"access_keys": provider.access_keys}


def _put_credentials(provider: Provider, _name: str, body: Any) -> Any:
    provider.set_credentials(read(Credentials, body, only=CREDENTIAL_FIELDS))
    return _credentials(provider, "", None)


def _set_tokens(provider: Provider, _name: str, body: Any) -> Any:
    setting = read(TokenSetting, body)
    provider.set_token_lifetime(setting.lifetime_s)
    return asdict(setting)


def _revoke_tokens(provider: Provider, _name: str, _body: Any) -> Any:
    return {"revoked": provider.revoke_tokens()}


ROUTES = (
    Route("GET", "/credentials", "the access keys that are known", _credentials),
    Route(
        "PUT",
        "/credentials",
        "know an access key",
        _put_credentials,
        describe(Credentials, CREDENTIAL_FIELDS),
    ),
    Route("PUT", "/tokens", "lifetime of new tokens", _set_tokens, describe(TokenSetting)),
    Route("DELETE", "/tokens", "revoke all tokens", _revoke_tokens),
)
