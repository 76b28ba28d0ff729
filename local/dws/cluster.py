"""A DWS cluster as far as its owner sees it, and as its disaster-recovery pair needs it."""

from dataclasses import dataclass

ALIVE = ("AVAILABLE", "ACTIVE")


@dataclass(frozen=True)
class Cluster:
    """One cluster; `status` is its lifecycle, not its part in disaster recovery."""

    id: str
    name: str
    project_id: str
    region: str = "eu-west-101"
    availability_zone: str = "eu-west-101a"
    status: str = "AVAILABLE"
    sub_status: str = "NORMAL"
    task_status: str = ""
    version: str = "8.1.3.320"
    datastore_type: str = "dws"
    node_type: str = "dws2.m6.4xlarge.8"
    number_of_node: int = 3

    @property
    def is_alive(self) -> bool:
        """Whether it serves: connections are accepted and syncs can run."""
        return self.status in ALIVE
