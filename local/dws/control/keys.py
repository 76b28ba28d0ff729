"""Who may ask, by the control API: access keys and tokens, never a secret back."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from local.dws.control.route import Route
from local.dws.identity import Credentials
from local.dws.shapes import describe, read

if TYPE_CHECKING:
    from local.dws.emulator import Emulator

CREDENTIAL_FIELDS = frozenset({"access_key", "secret_key", "security_token"})


@dataclass(frozen=True)
class TokenSetting:
    """What may be said about tokens."""

    lifetime_s: float = 24 * 60 * 60


def _credentials(emulator: "Emulator", _name: str, _body: Any) -> Any:
    return {"access_keys": emulator.access_keys}


def _put_credentials(emulator: "Emulator", _name: str, body: Any) -> Any:
    emulator.set_credentials(read(Credentials, body, only=CREDENTIAL_FIELDS))
    return _credentials(emulator, "", None)


def _set_tokens(emulator: "Emulator", _name: str, body: Any) -> Any:
    setting = read(TokenSetting, body)
    emulator.set_token_lifetime(setting.lifetime_s)
    return asdict(setting)


def _revoke_tokens(emulator: "Emulator", _name: str, _body: Any) -> Any:
    return {"revoked": emulator.revoke_tokens()}


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
