"""Whoever follows README.md and docs/ line by line gets what they say: commands run as printed."""

import json
import re

import pytest
import yaml
from pages import Reader, blocks
from template import RESOURCES

from local.aws import EmbeddedAws
from local.dws import Emulator

# What cannot be followed here, by its first line.
NOT_HERE = {
    "make demo    # deploys to an embedded AWS, breaks an emulated pair, fails it over and proves it": (
        "the block's targets are what runs this test"
    ),
    "hcloud SMN AddSubscription --topic_urn=<topic URN> --protocol=https --endpoint=<SmnEndpointUrl>": (
        "the provider's own command line, for a topic of the provider's"
    ),
    "aws cloudformation deploy --stack-name dws-failover-pager --template-file pager.yaml --capabilities CAPABILITY_IAM \\": (
        "what it deploys would call PagerDuty; test_recipes.py runs its code"
    ),
    "pipx install '.[ctl]'        # in a clone of the repository; or: uv tool install '.[ctl]'": (
        "it would install a program on the machine; test_installed.py does into a place of its own"
    ),
    "UV_PROJECT_ENVIRONMENT=.venv-ctl uv sync --frozen --no-dev --extra ctl": (
        "uv may not be on the machine; test_installed.py has one, and runs these lines"
    ),
    "make drill                              # two bundled documents": (
        "it takes minutes; test_drill.py plays what it plays"
    ),
    "git pull": "a copy of the working tree has nowhere to pull from",
}
FOLLOWED = [one for one in blocks("sh", "toml") if one.first_line not in NOT_HERE]
GUIDED = "sam deploy --guided --config-file samconfig.local.toml"
COMMAND = re.compile(r"^ *(aws|curl|git|hcloud|make|pip|python3?|sam) ", re.MULTILINE)


class Story:
    """What became of each block, one after another, and what the account has at the end."""

    def __init__(self, aws, reader):
        self.ran = {block: reader.follow(block) for block in FOLLOWED}
        before = reader.configuration("samconfig.toml"), reader.configuration()
        self.asked = reader.run(GUIDED, "\n" * 100)
        self.configurations = (
            before,
            (reader.configuration("samconfig.toml"), reader.configuration()),
        )
        self.left = {
            "tables": aws.client("dynamodb").list_tables()["TableNames"],
            "pairs": parameters_below(aws, "/dws-failover"),
            "secrets": aws.client("secretsmanager").list_secrets()["SecretList"],
            "alarms": aws.client("cloudwatch").describe_alarms()["MetricAlarms"],
        }

    def after(self, words):
        """What the last block with these words has brought about."""
        return [ran for block, ran in self.ran.items() if words in block.text][-1]


def parameters_below(aws, path):
    found = aws.client("ssm").get_parameters_by_path(Path=path, Recursive=True)["Parameters"]
    return [one["Name"] for one in found]


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """A reader with an account and a pair has followed the pages to their end."""
    with EmbeddedAws(auth=True) as aws, Emulator(sync_every_s=1) as emulator:
        return Story(aws, Reader(aws, emulator, tmp_path_factory.mktemp("reader")))


@pytest.mark.parametrize("block", FOLLOWED, ids=[one.name for one in FOLLOWED])
def test_a_block_runs_as_it_is_printed(story, block):
    ran = story.ran[block]
    assert ran.code == 0, ran.output
    assert "errorType" not in ran.output


def gates(ran):
    """The gates of each pair in the last status that a block has shown."""
    shown = [line for line in ran.output.splitlines() if line.startswith('{"results"')][-1]
    results = json.loads(shown)["results"]
    return {one["pair"]: {gate["gate"]: gate for gate in one["gates"]} for one in results}


UPDATE = "sam build --config-file samconfig.local.toml &&\nmake check-build"


def test_settings_of_the_file_last_and_a_renamed_pair_is_the_only_one_of_its_name(story):
    found = gates(story.after(UPDATE))
    assert set(found) == {"sales", "orders"}
    assert found["sales"]["mode"]["measured"] == "automatic"
    # Two witnesses: the cluster, and the probe of `FirstPairOptions`.
    assert "no probe" not in found["sales"]["production_down"]["reason"]
    assert found["orders"]["mode"]["measured"] == "observe"


def test_who_prefers_to_be_asked_is_and_the_tracked_file_stays(story):
    (tracked, own), (tracked_after, own_after) = story.configurations
    assert "Deploy this changeset?" in story.asked.output
    assert tracked_after == tracked
    kept, given = (one["default"]["global"]["parameters"] for one in (own_after, own))
    assert {**kept, **given} == kept
    assert "Mode=" in own_after["default"]["deploy"]["parameters"]["parameter_overrides"]


def test_the_pause_survives_the_restore_of_the_table(story):
    found = gates(story.after("state#lease"))
    assert {one["pause"]["verdict"] for one in found.values()} == {"refuse"}


def test_the_table_is_adopted_and_pairs_that_were_deleted_stay_away(story):
    before, adopted = story.after(UPDATE), story.after("--change-set-type IMPORT")
    assert before.stack["RunsTableName"]
    assert adopted.stack["RunsTableName"] == before.stack["RunsTableName"]
    looked_at = {
        pair for pair, asked in gates(adopted).items() if asked
    }  # others are said to be gone
    assert looked_at == {"sales"}


def test_nothing_of_ours_is_left_at_the_end(story):
    assert [one for one in story.left["tables"] if one.startswith("dws-failover-RunsTable")] == []
    assert story.left["pairs"] == []
    assert story.left["secrets"] == []
    assert story.left["alarms"] == []


# Nothing slips through


@pytest.mark.parametrize("line", NOT_HERE)
def test_what_is_not_followed_is_still_printed(line):
    assert line in {one.first_line for one in blocks("sh", "toml")}


def test_commands_stand_in_blocks_that_are_followed():
    others = {one.name: COMMAND.findall(one.text) for one in blocks() if one.language != "sh"}
    others = {name: found for name, found in others.items() if found}
    assert others == {}


def test_the_pipeline_runs_what_the_page_prints():
    (workflow,) = (yaml.safe_load(one.text) for one in blocks("yaml") if "jobs:" in one.text)
    steps = workflow["jobs"]["deploy"]["steps"]
    own = r" --config-(file|env) \S+| --no-confirm-changeset| CONFIG=\S+| ENV=\S+| &&$"
    printed = {re.sub(own, "", line) for one in FOLLOWED for line in one.text.splitlines()}
    run = [re.sub(own, "", step["run"]) for step in steps if "run" in step]
    assert [one for one in run if one not in printed] == ["sam validate --lint"]
    assert workflow["permissions"]["id-token"] == "write"


def test_what_is_adopted_is_described_as_the_template_describes_it():
    (block,) = (one for one in FOLLOWED if "adopt.yaml" in one.text)
    text = re.search(r"<<'END'\n(.*?)^END$", block.text, re.MULTILINE | re.DOTALL)[1]
    (adopted,) = yaml.safe_load(text)["Resources"].items()
    assert adopted == ("RunsTable", by_default(RESOURCES["RunsTable"]))


def by_default(found):
    """A resource as it is where every condition is false."""
    if not isinstance(found, dict):
        return found
    kept = {name: by_default(one["If"][2] if "If" in one else one) if isinstance(one, dict) else one
            for name, one in found.items()}  # fmt: skip
    return {name: one for name, one in kept.items() if one != {"Ref": "AWS::NoValue"}}
