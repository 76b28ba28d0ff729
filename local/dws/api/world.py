"""Everything the emulated provider knows: pairs, clusters, who may ask."""

from datetime import datetime

from local.dws.auth.identity import Credentials
from local.dws.auth.tokens import Tokens
from local.dws.model.cluster import Cluster
from local.dws.model.pair import Pair
from local.dws.model.setup import PROJECT_ID, PairSetup, make_pair
from local.dws.model.variants import Variants

TOKEN_LIFETIME_S = 24 * 60 * 60


class World:
    """The provider's memory, without a socket or a clock."""

    def __init__(self, credentials: Credentials) -> None:
        self.pairs: dict[str, Pair] = {}
        self.credentials = {credentials.access_key: credentials}
        self.login = credentials.login
        self.tokens = Tokens(TOKEN_LIFETIME_S)

    def add(self, setup: PairSetup, now: datetime, variants: Variants | None = None) -> Pair:
        """Put a healthy pair into the world."""
        pair = make_pair(setup, now, variants)
        self.pairs[pair.id] = pair
        return pair

    def advance(self, now: datetime) -> None:
        """Let everything happen that is due."""
        for pair in self.pairs.values():
            pair.advance(now)

    def clusters(self) -> dict[str, tuple[Pair, Cluster]]:
        """Every cluster by its id, with its pair."""
        return {
            cluster.id: (pair, cluster) for pair in self.pairs.values() for cluster in pair.clusters
        }

    def pair_of(self, id_: str) -> str | None:
        """The id of the pair that an id is of: its own, or one of its clusters'."""
        found, _ = self.clusters().get(id_, (self.pairs.get(id_), None))
        return found.id if found else None

    def pairs_of(self, project_id: str) -> list[Pair]:
        """The pairs that a project has a part in."""
        return [pair for pair in self.pairs.values() if pair.has_part_in(project_id)]

    def find_project(self, wanted: str | None) -> str | None:
        """The id of a project given by its id or its name, which is its region's."""
        regions = {cluster.region: cluster.project_id for _, cluster in self.clusters().values()}
        project_id = regions.get(wanted or "", wanted)
        return project_id if project_id and self.knows_project(project_id) else None

    def knows_project(self, project_id: str) -> bool:
        """Whether a project is this account's."""
        return project_id == PROJECT_ID or any(
            pair.has_part_in(project_id) for pair in self.pairs.values()
        )
