"""This version, deployed over an earlier one, keeps what that has stored and understands it."""

import io
import json
import subprocess
import tarfile

import pytest
from deployment import Deployment, is_true_within
from parts import bus_alarm, command
from places import ROOT
from stored import let_pass

from local.aws.deploy import build, deploy, package

# Before the stack had networks, keys, and SMN's door in a stack of its own.
EARLIER = "7ec17c1129010fba361f2545f0de9bc2f3a99f3f"
OPEN = "f7a2c1d0-0000-4d4d-8d8d-0000000000a1"
HELD = "f7a2c1d0-0000-4d4d-8d8d-0000000000a2"
PAIRS = {"accounts": OPEN, "orders": HELD}


def earlier_tree(folder):
    """The earlier version's tree; this one's, where there is no history to take it from."""
    archive = subprocess.run(
        ["git", "archive", EARLIER], cwd=ROOT, capture_output=True, check=False
    )
    if archive.returncode != 0:
        return ROOT
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
        tar.extractall(folder, filter="data")
    return folder


class Upgraded(Deployment):
    """A stack of the earlier version with three armed pairs, and then of this one."""

    def __init__(self, aws, earlier, built, emulator):
        super().__init__(aws, earlier, package(aws, earlier), emulator)
        self._built = built
        for pair in PAIRS.values():
            emulator.add_pair(id=pair, sync_every_s=1, name=pair)

    def upgrade(self):
        self.outputs = deploy(self.aws, self._built, self.stack, self.parameters)
        self._switch_schedule_off()

    def add_pairs(self):
        for name, pair in PAIRS.items():
            document = {
                "disaster_recovery_id": pair,
                "project_id": self.emulator.project_id,
                "endpoint": self.emulator.url,
                "credentials_secret": self.secret,
                "max_data_loss_s": 3600,
                "mode": "automatic",
                "alarms": [f"lost-{name}"],
                "production_down_for_s": 0,
            }
            self.aws.client("ssm").put_parameter(
                Name=f"{self.outputs['PairsParameterPath']}/{name}",
                Value=json.dumps(document), Type="String",
            )  # fmt: skip

    def rows(self, name):
        """What a command about all pairs says of each."""
        return {one["pair"]: one for one in self.invoke({"command": name})["results"]}

    def are_armed(self):
        self.rows("reconcile")
        return all(one["reason"].startswith("READY") for one in self.rows("status").values())

    def _switch_schedule_off(self):
        try:
            super()._switch_schedule_off()
        except self.aws.client("cloudformation").exceptions.ClientError:
            scheduler = self.aws.client("scheduler")
            scheduler.delete_schedule(Name=f"{self.stack}-reconcile")


@pytest.fixture(scope="module")
def story(aws, built, tmp_path_factory):
    """One pair armed, one with an open incident, one held by a run; then the upgrade."""
    from local.dws import Emulator

    folder = tmp_path_factory.mktemp("earlier")
    tree = earlier_tree(folder / "tree")
    earlier = build(folder, aws.environment, tree / "template.yaml")
    with Emulator(sync_every_s=1) as emulator, Upgraded(aws, earlier, built, emulator) as stack:
        stack.add_pairs()
        assert is_true_within(60, stack.are_armed)
        (stack.opened,) = stack.invoke(bus_alarm("lost-accounts"))["results"]
        emulator.vary(HELD, switching_s=0)
        emulator.break_production(HELD)
        (stack.ordered,) = stack.invoke(bus_alarm("lost-orders"))["results"]
        assert (stack.opened["decision"], stack.ordered["decision"]) == ("refused", "submitted")
        stack.upgrade()
        yield stack


def test_an_armed_pair_is_still_armed(story):
    assert story.rows("status")["analytics"]["reason"].startswith("READY")


def test_a_run_still_holds_its_pair_and_is_followed_to_its_end(story):
    posts, run_id = len(story.emulator.failover_posts), story.ordered["run_id"]
    again = story.invoke(command(pair="orders", confirm="orders"))
    assert (again["decision"], again["run_id"]) == ("duplicate", run_id)
    verify = {"command": "verify", "pair": "orders", "run_id": run_id}

    def has_succeeded():
        let_pass(story, 40)  # more than lies between the two looks that prove it
        return story.invoke(verify)["decision"] == "succeeded"

    assert is_true_within(30, has_succeeded)
    after = story.invoke(command(pair="orders", confirm="orders"))
    assert (after["decision"], after["reason_code"]) == ("refused", "hold")
    assert len(story.emulator.failover_posts) == posts


def test_an_open_incident_is_pursued_as_the_one_that_it_was(story):
    before = story.rows("status")["accounts"]
    assert before["incident_id"] == story.opened["incident_id"]
    story.emulator.break_production(OPEN)
    posts = len(story.emulator.failover_posts)
    story.rows("reconcile")
    assert is_true_within(20, lambda: len(story.emulator.failover_posts) == posts + 1)
    assert story.rows("status")["accounts"]["incident_id"] == story.opened["incident_id"]
