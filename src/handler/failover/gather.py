"""Gathers what the gates need, side by side. What cannot be read is missing, never guessed."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import CancelledError, ThreadPoolExecutor, wait
from typing import Any, Final

from handler.dws.client import Dws, Unreadable
from handler.dws.probe import Probe
from handler.model.disaster_recovery import DisasterRecovery, Roles
from handler.model.evidence import Evidence, Fault
from handler.model.pair import Pair
from handler.model.times import Clock

WITHIN_S: Final = 8.0  # for the slowest read; a probe that fails twice takes up to 6 s
AT_ONCE: Final = 16
Read = Callable[[], Any]
Listed = DisasterRecovery | Unreadable  # a pair's item in the list, or why there is none
SideBySide = Callable[[Mapping[str, Read], float], Mapping[str, Any]]


def side_by_side(reads: Mapping[str, Read], within_s: float) -> Mapping[str, Any]:
    """Do all reads at once; those that are not done in time count as unreadable.

    Returns:
        for each name what its read returned, or the `Unreadable` that it raised.
    """
    pool = ThreadPoolExecutor(max_workers=max(min(len(reads), AT_ONCE), 1))
    futures = {name: pool.submit(read) for name, read in reads.items()}
    wait(futures.values(), within_s)
    pool.shutdown(wait=False, cancel_futures=True)
    results = {}
    for name, future in futures.items():
        try:
            results[name] = future.result(0)
        except (TimeoutError, CancelledError):
            results[name] = Unreadable("unavailable", "no answer in time", is_transient=True)
        except Unreadable as err:
            results[name] = err
    return results


class EvidenceReader:
    """Reads about one pair at a time; how reads run side by side is given."""

    def __init__(
        self, clock: Clock, probe: Probe, run: SideBySide = side_by_side, within_s: float = WITHIN_S
    ) -> None:
        self._clock = clock
        self._probe = probe
        self._run = run
        self._within_s = within_s

    def read(
        self, pair: Pair, expected: Roles | None, dws: Dws, listed: Listed | None = None
    ) -> Evidence:
        """Read detail, list, both lifecycles and the probe.

        Where the roles are not known yet, the provider's own order of the two clusters is taken.

        Args:
            pair: whose evidence.
            expected: which cluster is production.
            dws: the pair's provider.
            listed: what the list has just shown, if it need not be read again.
        """
        read_at = self._clock()
        id_ = pair.disaster_recovery_id
        reads: dict[str, Read] = {
            "detail": lambda: dws.detail(id_, self._within_s),
        }
        results: dict[str, Any] = {}
        if listed is None:
            reads["list"] = lambda: item_of(dws.listed(self._within_s, id_), id_)
        else:
            results["list"] = listed
        roles = expected
        if roles is None:
            results.update(self._run(reads, self._within_s))
            reads, roles = {}, _roles_shown(results)
        if roles is not None:
            reads |= self._cluster_reads(pair, roles, dws)
        results.update(self._run(reads, self._within_s))
        usable = {name: got for name, got in results.items() if not isinstance(got, Unreadable)}
        return Evidence(
            read_at=read_at,
            production_id=roles.production_cluster_id if roles else None,
            detail=usable.get("detail"),
            item=usable.get("list"),
            production=usable.get("production"),
            standby=usable.get("standby"),
            probe=usable.get("probe"),
            faults={name: _fault(got) for name, got in results.items() if name not in usable},
        )

    def _cluster_reads(self, pair: Pair, roles: Roles, dws: Dws) -> dict[str, Read]:
        reads: dict[str, Read] = {
            "production": lambda: dws.cluster(roles.production_cluster_id, self._within_s),
            "standby": lambda: dws.cluster(roles.standby_cluster_id, self._within_s),
        }
        if address := pair.probes.get(roles.production_cluster_id):
            reads["probe"] = lambda: self._probe(address)
        return reads


def item_of(listed: Iterable[DisasterRecovery], disaster_recovery_id: str) -> DisasterRecovery:
    """The item of one pair.

    Raises:
        Unreadable: there is none.
    """
    shown = [item for item in listed if item.id == disaster_recovery_id]
    # Of two items of one pair, the one that says that it is switching is the one to heed.
    shown.sort(key=lambda item: not item.is_switching)
    if shown:
        return shown[0]
    raise Unreadable("not_found", "the list does not show this pair", is_transient=False)


def _roles_shown(results: Mapping[str, Any]) -> Roles | None:
    shown = (results["detail"], results["list"])
    return next((one.roles for one in shown if isinstance(one, DisasterRecovery)), None)


def _fault(err: Unreadable) -> Fault:
    return Fault(err.code, str(err), err.is_transient)
