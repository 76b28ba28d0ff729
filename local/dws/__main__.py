"""The emulator alone, on the command line: starts it, says how to talk to it, stops on Ctrl-C."""

import argparse
import signal
import threading
from datetime import datetime
from ipaddress import ip_address

from local.dws.auth.identity import Credentials
from local.dws.emulator import Emulator
from local.dws.scenarios import SCENARIOS

A_FAULT = '{"operation": "failover", "kind": "stall", "seconds": 60}'


def main() -> None:
    """Serve until told to stop."""
    options = _options()
    emulator = Emulator(
        host=options.host,
        port=options.port,
        credentials=Credentials(options.access_key, options.secret_key, options.security_token),
        sync_every_s=options.sync_every_s,
        now=options.now,
    )
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        emulator.start()
    except OSError as err:
        raise SystemExit(f"Cannot listen on {options.host}:{options.port}: {err}") from err
    try:
        emulator.scenario(options.scenario)
        print(_welcome(emulator, options.scenario), flush=True)
        stop.wait()
    finally:
        emulator.stop()
    print("Stopped.")


def _options() -> argparse.Namespace:
    usual = Credentials()
    parser = argparse.ArgumentParser(prog="python -m local.dws", description=__doc__)
    parser.add_argument("--host", type=_loopback, default="127.0.0.1", help="a loopback address")
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    parser.add_argument("--access-key", default=usual.access_key, help="default: %(default)s")
    parser.add_argument("--secret-key", default=usual.secret_key, help="default: %(default)s")
    parser.add_argument("--security-token", help="makes the access key a temporary one")
    parser.add_argument(
        "--sync-every-s", type=float, help="seconds from sync to sync, whatever the period shown"
    )
    parser.add_argument(
        "--now", type=datetime.fromisoformat, help="what time it shall be, ISO 8601"
    )
    parser.add_argument(
        "--scenario",
        choices=SCENARIOS,
        default="healthy",
        metavar="NAME",
        help="one of " + ", ".join(SCENARIOS),
    )
    return parser.parse_args()


def _loopback(text: str) -> str:
    if not ip_address(text).is_loopback:
        raise argparse.ArgumentTypeError("expected a loopback address, for nothing protects it")
    return text


def _welcome(emulator: Emulator, scenario: str) -> str:
    control = f"{emulator.url}/_emulator"
    lines = [
        f"DWS emulator at {emulator.url}, scenario {scenario}: {SCENARIOS[scenario].says}",
        f"  project     {emulator.project_id}",
        *(f"  pair        {pair.id}" for pair in emulator.pairs[:1]),
        *(f"  production  {pair.production_id}" for pair in emulator.pairs[:1]),
        *(f"  standby     {pair.standby_id}" for pair in emulator.pairs[:1]),
        f"  access key  {emulator.credentials.access_key}",
        f"  secret key  {emulator.credentials.secret_key}",
        "",
        f"  curl {control}                                # all that can be done",
        f"  curl {control}/pairs                          # the pair as it is",
        f"  curl -X POST {control}/break-production       # an outage",
        f"  curl -X POST {control}/recover                # DR Recovery, after a failover",
        f"  curl {control}/journal                        # who called what",
        f"  curl -X POST {control}/faults -d '{A_FAULT}'",
        f"  curl -X POST {control}/scenarios/rival-order  # another situation",
        "",
        "Ctrl-C stops it.",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
