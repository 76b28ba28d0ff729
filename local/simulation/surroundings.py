"""What is around the function: clock, provider and services, and what watches them."""

from datetime import UTC, datetime
from random import Random

from local.dws.api.world import World
from local.dws.auth.identity import Credentials
from local.simulation.checks import Checks
from local.simulation.facts import Facts
from local.simulation.faults import Faults
from local.simulation.machine import Machine
from local.simulation.plan import Plan
from local.simulation.provider import ProviderTransport
from local.simulation.services import Parameters, Secrets, Topic
from local.simulation.sites import FIRST, Site, make_sites
from local.simulation.table import MemoryTable

START = datetime(2026, 1, 15, 8, 30, tzinfo=UTC)


class Surroundings:
    """The surroundings that a plan asks for."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.machine = Machine(START, Random(plan.seed))
        self.world = World(Credentials())
        self.sites = make_sites(plan, self.world, START)
        self.site = self.sites[FIRST]
        self.faults = Faults(self.machine, plan.faults, plan.windows)
        self.facts = Facts(plan, self.machine, self.faults, self.sites)
        self.alarms = self.facts.alarms
        self.checks = Checks(self.facts)
        self.table = MemoryTable(self.checks.on_change)
        documents = {one.name: one.document or "" for one in self.sites.values()}
        self.parameters = Parameters(documents, self.faults)
        self.secrets = Secrets(self.machine, self.faults)
        self.transport = ProviderTransport(
            self.world, self.machine, self.faults, plan.garbage, self.checks.on_provider
        )
        self.topic = Topic(self.faults, self.checks.telling.publish)
        self.facts.never_taken = self.topic.never

    def put_document(self, site: Site, document: str | None, *, is_good: bool) -> None:
        """Change a pair's document, or take it away."""
        site.put(document, self.machine.now, is_good=is_good)
        written = {one.name: one.document for one in self.sites.values()}
        self.parameters.documents = {name: text for name, text in written.items() if text}
