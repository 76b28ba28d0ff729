"""The hosts of tests: those of the emulators, and of what never answers."""

from handler.model.hosts import AllowedHosts

HOSTS = AllowedHosts.parse("127.0.0.1, localhost, provider.example")


class Everywhere(AllowedHosts):
    """For what is not about hosts."""

    def allow(self, _url):
        return True


EVERYWHERE = Everywhere(())
