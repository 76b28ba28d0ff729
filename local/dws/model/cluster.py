"""A DWS cluster as far as its owner sees it, and as its disaster-recovery pair needs it."""

from dataclasses import dataclass
from typing import Any

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

    def to_json(self) -> dict[str, Any]:
        """What the cluster API shows, which is nothing of the edition."""
        return {
            "id": self.id,
            "name": self.name,
            "status": self.status,
            "sub_status": self.sub_status,
            "task_status": self.task_status,
            "version": self.version,
            "node_type": self.node_type,
            "number_of_node": self.number_of_node,
            "availability_zone": self.availability_zone,
            "action_progress": {},
            "endpoints": [{"connect_info": f"{self.name}.dws.example.com:8000"}],
        }
