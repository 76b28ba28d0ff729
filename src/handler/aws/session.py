"""The one session of an environment: its clients know what is called, and AWS's authorities.

What they raise shows nothing of the credentials that they ask with.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import boto3
from botocore.exceptions import UnknownRegionError
from botocore.loaders import Loader
from botocore.session import Session, get_session

from handler.model.printable import without

# Written by `make generated`, from the installed botocore and certifi.
_MODELS: Final = Path(__file__).parent / "models"
_AUTHORITIES: Final = Path(__file__).parent / "amazon.pem"
# Where they have signed all certificates (amazontrust.com, "Trust store and pinning
# recommendations"). Of China's and the other partitions' it is not documented.
_PARTITION: Final = "aws"
# Who says by one of these where AWS is, or who vouches for it, may mean another authority.
_SAID: Final = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "AWS_ENDPOINT_URL", "HTTPS_PROXY")
_SHORTEST_KEY: Final = 16  # IAM API reference, AccessKey; an emulator's may be any word


class _Models(Loader):
    """Reads `models/` first, and what is not there where botocore reads it.

    Lambda's botocore is changed without us: of data that it wants besides, or a newer version of a
    service, it finds its own.
    """

    def __init__(self) -> None:
        super().__init__(extra_search_paths=[str(_MODELS)])

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - as botocore's
        """Ours; botocore would look into its 400 folders to know that a service is there."""
        return [one.name for one in _MODELS.iterdir() if one.is_dir()]

    def is_builtin_path(self, path: str) -> bool:
        """Whether it is data of botocore's: ours is. From other data it would guess endpoints."""
        return Path(path).is_relative_to(_MODELS) or bool(super().is_builtin_path(path))


def make_session(environ: Mapping[str, str]) -> boto3.Session:
    """Make a session whose clients have the operations that are called somewhere here."""
    session = get_session()
    session.register_component("data_loader", _Models())
    if _needs_amazons_alone(session, environ):
        # botocore loads the whole bundle for each connection, not once: 140 authorities, 45 ms.
        session.set_config_variable("ca_bundle", str(_AUTHORITIES))
    _hide_credentials(session)
    return boto3.Session(botocore_session=session)


def _hide_credentials(session: Session) -> None:
    """Blot them out of every error: of a signature that does not match AWS repeats what it signed.

    The session's token is a header that is signed ("Troubleshoot Signature Version 4 signing for
    AWS API requests"). An error's text is logged, stored and told.
    """

    def hide(**answered: Any) -> None:
        answer, own = answered["parsed"], session.get_credentials()
        if own and "Error" in answer:
            now = own.get_frozen_credentials()
            keys = (now.access_key, now.secret_key, now.token)
            known = [one for one in keys if one and len(one) >= _SHORTEST_KEY]
            said = answer["Error"].items()
            answer["Error"] = {name: _without(known, text) for name, text in said}

    session.register("after-call", hide)


def _without(secrets: list[str], said: Any) -> Any:
    return without(secrets, said) if isinstance(said, str) else said


def _needs_amazons_alone(session: Session, environ: Mapping[str, str]) -> bool:
    """Whether it can talk to endpoints of AWS only, and to those whose authorities are known."""
    said = any(name.upper().startswith(_SAID) for name, value in environ.items() if value)
    if said or session.full_config.get("profiles"):
        return False
    try:
        region = session.get_config_variable("region")
        return bool(region and session.get_partition_for_region(region) == _PARTITION)
    except UnknownRegionError:
        return False
