"""A TCP port for each cluster, open while the cluster lives: what a TCP witness connects to."""

import socket

from local.dws.api.world import World
from local.dws.http.listening import Port, Porter


class Probes:
    """Keeps the ports in step with the clusters; a port is made when it is first asked for."""

    def __init__(self, host: str, porter: Porter, world: World) -> None:
        self._host = host
        self._porter = porter
        self._world = world
        self._ports: dict[str, Port] = {}

    def address(self, cluster_id: str) -> str:
        """Where a cluster is probed, as `host:port`."""
        if cluster_id not in self._ports:
            self._ports[cluster_id] = Port(self._host, 0, socket.socket.close)
            self.follow()
        return self._ports[cluster_id].address

    def follow(self) -> None:
        """Open, shut and remove ports as the clusters demand."""
        if not self._ports:
            return
        clusters = self._world.clusters()
        for cluster_id, port in list(self._ports.items()):
            if cluster_id not in clusters:
                self._porter.remove(self._ports.pop(cluster_id))
            elif clusters[cluster_id][1].is_alive:
                self._porter.open(port)
            else:
                self._porter.shut(port)
