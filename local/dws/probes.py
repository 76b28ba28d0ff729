"""A TCP port for each cluster, open while the cluster lives: what a TCP witness connects to."""

import socket

from local.dws.listening import Port, Porter
from local.dws.world import World


class Probes:
    """Keeps the ports in step with the clusters."""

    def __init__(self, host: str, porter: Porter, world: World) -> None:
        self._host = host
        self._porter = porter
        self._world = world
        self._ports: dict[str, Port] = {}

    def address(self, cluster_id: str) -> str:
        """Where a cluster is probed, as `host:port`."""
        return self._ports[cluster_id].address

    def follow(self) -> None:
        """Open, shut, add and remove ports as the clusters demand."""
        clusters = self._world.clusters()
        for cluster_id in self._ports.keys() - clusters.keys():
            self._porter.remove(self._ports.pop(cluster_id))
        for cluster_id, (_, cluster) in clusters.items():
            if cluster_id not in self._ports:
                self._ports[cluster_id] = Port(self._host, 0, socket.socket.close)
            port = self._ports[cluster_id]
            (self._porter.open if cluster.is_alive else self._porter.shut)(port)
