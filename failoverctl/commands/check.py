"""Pairs' documents, checked before they are deployed; nothing is asked of AWS or the provider."""

from pathlib import Path
from typing import Annotated, Final

import typer

from failoverctl.failures import ExitCode, Failure
from failoverctl.pair_check import Checked, check_documents
from failoverctl.pair_files import read_folder
from failoverctl.pair_rules import Surroundings
from failoverctl.screen import out, plain, printable
from handler.model.hosts import PROVIDER_HOSTS, AllowedHosts
from handler.model.times import parse_period_s

CREDENTIALS_PREFIX: Final = "dws-failover/"  # template.yaml, CredentialsSecretPrefix


def check(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR",
            exists=True,
            file_okay=False,
            help="A folder of <pair's name>.json: what the SSM parameters hold or will hold.",
        ),
    ],
    sync_period: Annotated[
        str | None,
        typer.Option(metavar="PERIOD", help="Between two synchronisations, such as 30m, 2H or 1d."),
    ] = None,
    allowed_hosts: Annotated[
        str, typer.Option(metavar="HOSTS", help="AllowedProviderHosts of the deployment.")
    ] = PROVIDER_HOSTS,
    secret_prefix: Annotated[
        str, typer.Option(metavar="PREFIX", help="CredentialsSecretPrefix of the deployment.")
    ] = CREDENTIALS_PREFIX,
) -> None:
    """Check pairs' documents offline: every fault, where it is, what was found, what is allowed."""
    hosts = _hosts(allowed_hosts)
    around = Surroundings(secret_prefix, _period_s(sync_period))
    documents, unread = read_folder(folder)
    if not documents and not unread:
        sentence = f"{printable(folder)} holds no .json file: name each one after its pair"
        raise Failure(sentence, ExitCode.USAGE)
    _show(check_documents(documents, hosts, around, unread))


def _show(checked: Checked) -> None:
    for name in checked.names:
        faults, remarks = checked.faults.get(name, []), checked.remarks.get(name, [])
        warnings = checked.warnings.get(name, [])
        if faults or warnings or remarks:
            out.print(plain(f"{name}.json", "bold"))
        for sentence in faults:
            out.print("  ", plain(sentence, "red"), sep="")
        for sentence in warnings:
            out.print("  warning: ", plain(sentence, "red"), sep="")
        for sentence in remarks:
            out.print("  note: ", plain(sentence, "yellow"), sep="")
    bad, good = len(checked.names) - len(checked.good), len(checked.good)
    if bad:
        raise Failure(f"{_count(bad)} of {len(checked.names)} cannot work: correct it before use")
    if checked.warnings:
        raise Failure("no document is bad, but one alarm may fail over several pairs: see above")
    out.print(plain(f"All good: {_count(good)}: {', '.join(checked.good)}.", "green"))


def _count(number: int) -> str:
    return "1 document" if number == 1 else f"{number} documents"


def _hosts(text: str) -> AllowedHosts:
    try:
        return AllowedHosts.parse(text)
    except ValueError as err:
        found = printable(err) or "nothing"
        allowed = "host names or *.<domain>, separated by commas"
        raise Failure(
            f"--allowed-hosts: found {found}, allowed: {allowed}", ExitCode.USAGE
        ) from err


def _period_s(text: str | None) -> int | None:
    if text is None:
        return None
    if found := parse_period_s(text):
        return found
    sentence = f"--sync-period: found {printable(text)}, allowed: 30m, 2H, 1d and the like"
    raise Failure(sentence, ExitCode.USAGE)
