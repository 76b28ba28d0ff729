"""Looks for what would keep a pair from being failed over, and people from hearing of it."""

import sys
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final

import typer

from failoverctl.commands.check import CREDENTIALS_PREFIX
from failoverctl.deployment import Deployment, on_deployment
from failoverctl.doctor.alarms import Place, judge
from failoverctl.doctor.asking import Asking
from failoverctl.doctor.pairs import bad_in, of_documents, of_status, waiting_in, without_probe
from failoverctl.doctor.people import of_topic
from failoverctl.doctor.reach import Reach, names_in, rules_in
from failoverctl.doctor.readings import Readings, Setup
from failoverctl.doctor.report import Kind, Line, write
from failoverctl.failures import ExitCode, Failure
from failoverctl.pair_check import check_documents
from failoverctl.pair_rules import Surroundings
from failoverctl.screen import out, plain
from handler.model.documents import parse_pairs
from handler.model.hosts import PROVIDER_HOSTS, AllowedHosts

_QUESTION: Final = "  Type the code that you have received (Enter: none has come)"


@on_deployment
def doctor(
    deployment: Deployment,
    pair: Annotated[
        str | None, typer.Argument(help="A pair's name or disaster recovery id; none: all of them.")
    ] = None,
    *,
    no_wait: Annotated[
        bool, typer.Option("--no-wait", help="Send the test notice, and do not ask for its code.")
    ] = False,
    no_notice: Annotated[bool, typer.Option("--no-notice", help="Send no test notice.")] = False,
) -> None:
    """Look for what would keep pairs from being failed over, and people from hearing of it."""
    readings = Readings(deployment)
    setup = readings.setup()
    ask = Asking(deployment)
    results = ask.status(pair)
    texts = (readings.documents(setup.pairs_path) if setup.pairs_path else None) or {}
    names = _meant(pair, texts, results)
    lines = [
        *write("Pairs", [*of_status(results, deployment.options), *ask.troubles]),
        *write("Documents", _documents(texts, setup, names, results)),
        *write("Alarms", _alarms(readings, setup, texts, names, results)),
        *write("Who hears", _people(readings, setup)),
    ]
    if not no_notice:
        typed = None if no_wait or not sys.stdin.isatty() else _typed
        lines += write("A test notice", ask.test_notice(pair, typed))
    if readings.unseen:
        write("Not looked at", readings.unseen)
    _conclude(lines)


def _meant(
    pair: str | None, texts: Mapping[str, str], results: list[Mapping[str, Any]]
) -> set[str]:
    if pair is None:
        return set(texts)
    return {str(one.get("pair")) for one in results} or {pair}


def _documents(
    texts: Mapping[str, str], setup: Setup, names: set[str], results: list[Mapping[str, Any]]
) -> Iterator[Line]:
    """Those that the function takes; of the others it has said the faults itself."""
    around = Surroundings(setup.secret_prefix or CREDENTIALS_PREFIX)
    bad = names & bad_in(results)
    checked = check_documents(texts, _hosts(setup), around)
    pairs = parse_pairs(texts, _hosts(setup)).good
    lines = [*of_documents(checked, sorted(names - bad)), *without_probe(results, pairs)]
    yield from lines
    if bad:
        refused = ", ".join(sorted(bad))
        yield Line(Kind.NOTE, f"{refused}: not good, its faults are said above under Pairs")
    good = len(names - bad)
    if texts and good and not any(line.kind is Kind.BAD for line in lines):
        yield Line(Kind.GOOD, f"{good} of {len(texts)} looked at")


def _alarms(
    readings: Readings,
    setup: Setup,
    texts: Mapping[str, str],
    names: set[str],
    results: list[Mapping[str, Any]],
) -> Iterator[Line]:
    pairs = parse_pairs(texts, _hosts(setup)).good
    asked = [one for one in pairs if one.name in names]
    patterns = [pattern for one in asked for pattern in one.alarms]
    alarms = readings.alarms(patterns) if asked and setup.function_arn else None
    if alarms is None or setup.function_arn is None:
        return
    _, _, _, region, account, *_ = setup.function_arn.split(":")
    place = Place(account, region, setup.has_smn)
    reach = _reach(readings, setup.function_arn)
    yield from judge(asked, pairs, alarms, place, reach, waiting_in(results))


def _reach(readings: Readings, function_arn: str) -> Reach | None:
    statements = readings.policy(function_arn)
    if statements is None:
        return None
    rules = [readings.rule(arn) for arn in rules_in(statements)]
    if None in rules:
        return None
    names = [name for rule in rules if rule for name in names_in(rule)]
    return Reach(function_arn, tuple(statements), tuple(names))


def _people(readings: Readings, setup: Setup) -> Iterator[Line]:
    for what, topic in setup.topics.items():
        found = readings.subscriptions(topic)
        if found is not None:
            yield from of_topic(what, found)


def _hosts(setup: Setup) -> AllowedHosts:
    return AllowedHosts.parse(setup.hosts or PROVIDER_HOSTS)


def _typed() -> str:
    try:
        answer: str = typer.prompt(_QUESTION, default="", show_default=False)
    except typer.Abort:
        raise Failure("Stopped.", ExitCode.INTERRUPTED) from None
    return answer


def _conclude(lines: list[Line]) -> None:
    bad = sum(line.kind is Kind.BAD for line in lines)
    if bad:
        things = "1 thing" if bad == 1 else f"{bad} things"
        raise Failure(f"{things} to correct: what is marked BAD")
    out.print(plain("Nothing to correct.", "green"))
