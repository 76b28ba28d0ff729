"""The template as plain values."""

import yaml
from places import ROOT


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short functions as plain values."""


def _function(loader, suffix, node):
    if isinstance(node, yaml.ScalarNode):
        return {suffix: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {suffix: loader.construct_sequence(node, deep=True)}
    return {suffix: loader.construct_mapping(node, deep=True)}


Loader.add_multi_constructor("!", _function)


TEMPLATE = yaml.load((ROOT / "template.yaml").read_text(), Loader)
SMN_TEMPLATE = yaml.load((ROOT / "smn" / "template.yaml").read_text(), Loader)


def policies(role):
    """A role's own policies, those of a condition among them."""
    return [one["If"][1] if "If" in one else one for one in role.get("Policies", ())]


RESOURCES, PARAMETERS = TEMPLATE["Resources"], TEMPLATE["Parameters"]
SMN_RESOURCES = SMN_TEMPLATE["Resources"]
EVERYWHERE = {**RESOURCES, **SMN_RESOURCES}


FUNCTION = RESOURCES["FailoverFunction"]["Properties"]
