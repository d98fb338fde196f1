"""Numbers counted in memory: what the index is held against."""

from git_registry.model.numbers import Numbered, count


class Remembered:
    """A register in memory.

    `numbers` is collection → id → number.
    """

    def __init__(self):
        self.numbers = {}
        self._following = {}

    def has(self, collection, version):
        """See `Register.has`."""
        return version in self.numbers.get(collection, {})

    def take(self, collection, version, commit):
        """See `Register.take`."""
        following = self._following.get(collection, 0)
        self.numbers.setdefault(collection, {})[version] = Numbered(following, commit)
        self._following[collection] = following + 1

    def carry(self, old, new):
        """See `Register.carry`."""
        self.numbers[new] = {**self.numbers.get(new, {}), **self.numbers.get(old, {})}
        self._following[new] = max(self._following.get(new, 0), self._following.get(old, 0))


def number(arrivals):
    """Return collection → id → number, for steps given oldest first."""
    register = Remembered()
    for arrival in arrivals:
        count(register, arrival)
    return register.numbers
