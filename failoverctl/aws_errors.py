"""What AWS and the way to it can say no with, as one sentence with the way out."""

from collections.abc import Iterator
from contextlib import contextmanager
from ssl import SSLCertVerificationError
from typing import Final

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    ProxyConnectionError,
    SSLError,
    SSOError,
    TokenRetrievalError,
)
from urllib3.exceptions import ConnectTimeoutError as NoConnectionInTime
from urllib3.exceptions import NewConnectionError

from failoverctl.failures import AnswerLost, Denied, ExitCode, Failure
from failoverctl.screen import printable

_SIGN_IN: Final = "sign in (`aws sso login`, or set AWS_PROFILE)"
_NOT_SIGNED_IN: Final = (
    NoCredentialsError, PartialCredentialsError, CredentialRetrievalError, SSOError,
    TokenRetrievalError,
)  # fmt: skip
# Raised where a connection is made, and nowhere else.
_NO_CONNECTION: Final = (EndpointConnectionError, ConnectTimeoutError)
# Nobody knows how far the request came: TLS and a proxy fail in the same words before and after.
_CUT_OFF: Final = (HTTPClientError, SSLError, ProxyConnectionError, IncompleteReadError)
_DENIED: Final = ("AccessDeniedException", "AccessDenied", "AuthorizationError", "Forbidden")
_EXPIRED: Final = (
    "ExpiredToken", "ExpiredTokenException", "UnrecognizedClientException",
    "InvalidClientTokenId", "InvalidSignatureException", "SignatureDoesNotMatch",
    "RequestExpired",
)  # fmt: skip
_THROTTLED: Final = (
    "TooManyRequestsException", "ThrottlingException", "Throttling", "RequestLimitExceeded",
)  # fmt: skip
_NOT_THERE: Final = ("ResourceNotFoundException", "StateMachineDoesNotExist", "ValidationError")
_SERVER_ERROR: Final = 500


class Throttled(Failure):
    """AWS took nothing, because there is too much at once."""


@contextmanager
def translated(what: str, *, missing: str) -> Iterator[None]:
    """Whatever AWS raises, as a failure with one sentence.

    Args:
        what: was to be done, such as "invoke the function x".
        missing: what helps if it is not there.

    Raises:
        Denied, Throttled: nothing was done.
        AnswerLost: it may have been done.
        Failure: nothing was done.
    """
    try:
        yield
    except ClientError as err:
        raise _refused(err, what, missing) from err
    except BotoCoreError as err:
        raise _unreachable(err, what) from err


def _refused(err: ClientError, what: str, missing: str) -> Failure:
    error = err.response.get("Error", {})
    code, said = str(error.get("Code")), printable(error.get("Message", ""))
    if code in _DENIED:
        return Denied(f"you may not {what}: {said}")
    if code in _EXPIRED:
        return _failure(f"AWS does not accept your credentials ({code}): {_SIGN_IN}")
    if code in _THROTTLED:
        why, helps = f"AWS is asked too much at once ({code})", "nothing was done: send it again"
        return Throttled(why, ExitCode.UNREACHABLE, then_helps=helps)
    if code in _NOT_THERE:
        return _failure(f"could not {what}, it is not there: {missing}")
    status = err.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if status >= _SERVER_ERROR:
        return AnswerLost(f"could not {what}: AWS says {code}: {said}")
    return _failure(f"could not {what}: {code}: {said}")


def _unreachable(err: BotoCoreError, what: str) -> Failure:
    if isinstance(err, _NOT_SIGNED_IN):
        return _failure(f"there are no AWS credentials: {_SIGN_IN}")
    if isinstance(err, NoRegionError):
        return _failure("no region is known: name it with --region, or set AWS_REGION")
    if isinstance(err, ProfileNotFound):
        return _failure(f"{printable(err)}: set AWS_PROFILE to one that is there")
    if isinstance(err, _NO_CONNECTION) or _has_no_peer(err):
        return _failure(f"could not {what}, AWS cannot be reached: {printable(err)}")
    if isinstance(err, _CUT_OFF):
        return AnswerLost(f"could not {what}, the answer was lost: {printable(err)}")
    return _failure(f"could not {what}: {printable(err)}")


def _has_no_peer(err: BotoCoreError) -> bool:
    """Whether it certainly failed before a request could leave: no proxy, or a stranger's name."""
    cause = err.kwargs.get("error")
    if isinstance(err, ProxyConnectionError):
        original = getattr(cause, "original_error", None)
        return isinstance(original, NewConnectionError | NoConnectionInTime)
    causes = cause.args if isinstance(cause, Exception) else ()
    is_stranger = any(isinstance(one, SSLCertVerificationError) for one in causes)
    return isinstance(err, SSLError) and is_stranger


def _failure(sentence: str) -> Failure:
    return Failure(sentence, ExitCode.UNREACHABLE)
