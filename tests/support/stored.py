"""What a deployment's table holds, changed by hand: a pair is armed, and time has passed."""

from parts import now

from handler.aws.ledger import Ledger
from handler.aws.table import Table
from handler.model.disaster_recovery import Roles
from handler.model.pair_state import PairState
from local.aws import ageing

TIME = ageing.TIME


def arm(deployment):
    """Store what reconcile learns from a healthy pair in a while."""
    pair = deployment.emulator.pair
    roles = Roles(pair.production_id, pair.standby_id)
    table = Table(deployment.aws.client("dynamodb"), deployment.outputs["RunsTableName"])
    pair_state = PairState(roles=roles, roles_since=now(hours=-1), armed=True)
    Ledger(table).save_pair_state(pair.id, pair_state)


def items(deployment):
    """Everything in the table."""
    return ageing.items_of(deployment.aws, deployment.outputs["RunsTableName"])


def runs(deployment):
    return [item for item in items(deployment) if item["sk"]["S"].startswith("run#")]


def let_pass(deployment, seconds):
    """Let time pass: move every time in every item back."""
    ageing.let_pass(deployment.aws, deployment.outputs["RunsTableName"], seconds)
