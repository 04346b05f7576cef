"""Who says it, and from where: people of whom few write much, hosts in networks of which some are
crowded, domains of which a few are linked to all the time.
"""

from dataclasses import dataclass
from random import Random

from comments import networks
from comments.corpus.wording import Wording, Zipf

PER_PERSON, PER_HOST, PER_DOMAIN = 10, 20, 60  # comments
IPV6 = 0.1
CROWDED = 40  # networks in which spammers sit
AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
)


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person: `key` is where they stand among all, counted from 1."""

    key: int
    name: str
    email: str
    url: str
    home: int  # the host they mostly write from


class Crowd:
    """Everybody who writes, every host and every domain."""

    def __init__(self, comments: int, wording: Wording, rng: Random) -> None:
        self.rng = rng
        first = [wording.word().capitalize() for _ in range(800)]
        last = [wording.word().capitalize() for _ in range(4_000)]
        self.domains = Zipf(self._domains(max(20, comments // PER_DOMAIN), wording), rng)
        self.hosts = self._hosts(max(20, comments // PER_HOST))
        count = max(20, comments // PER_PERSON)
        self.people = [self._somebody(key, first, last) for key in range(1, count + 1)]

    def somebody(self) -> Somebody:
        """A few write much: every second comment is by one person in six."""
        return self.people[int(len(self.people) * self.rng.random() ** 2.5)]

    def host(self, somebody: Somebody) -> tuple[str, str, str]:
        """An address, its host and its network."""
        is_home = self.rng.random() < 0.8
        return self._from(somebody.home if is_home else self.rng.randrange(len(self.hosts)))

    def crowded(self, network: int) -> tuple[str, str, str]:
        """A host of one of the networks in which spammers sit."""
        return self._from((network % CROWDED * 250 + self.rng.randrange(250)) % len(self.hosts))

    def _from(self, number: int) -> tuple[str, str, str]:
        host, network = self.hosts[number]
        if "/" not in host:
            return host, host, network
        return f"{host.removesuffix('::/64')}::{self.rng.randrange(1, 65_000):x}", host, network

    def _somebody(self, key: int, first: list[str], last: list[str]) -> Somebody:
        rng = self.rng
        one, other = rng.choice(first), rng.choice(last)
        url = f"https://{self.domains.one()}/" if rng.random() < 0.08 else ""
        email = f"{one}.{other}{key}@mail{key % 50}.example".lower()
        return Somebody(key, f"{one} {other}", email, url, rng.randrange(len(self.hosts)))

    def _domains(self, count: int, wording: Wording) -> list[str]:
        found: dict[str, None] = {}
        while len(found) < count:
            ending = self.rng.choice(("example", "test", "invalid", "local"))
            found[f"{wording.word()}{wording.word()}.{ending}"] = None
        return list(found)

    def _hosts(self, count: int) -> list[tuple[str, str]]:
        """Pairs of a host and its network; 250 of the first in each network, 6 of the others."""
        found = []
        for number in range(count):
            crowd = number < CROWDED * 250
            block, place = divmod(number, 250) if crowd else divmod(number, 6)
            block += 0 if crowd else 10_000
            if not crowd and self.rng.random() < IPV6:
                address = f"2001:db8:{block:x}:{place:x}::1"
            else:
                address = f"{10 + (block >> 16)}.{block >> 8 & 255}.{block & 255}.{place + 1}"
            found.append((networks.host(address), networks.network(address)))
        return found
