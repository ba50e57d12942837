"""All chance of a world, from one seed: a named stream for each purpose.

Streams are apart, so that one more draw in one place does not change what happens in another. A stream is made from
the text "seed/boot/name" by a hash that does not depend on PYTHONHASHSEED.
"""

from __future__ import annotations

import hashlib
import random
import uuid


class Chance:
    """Seeded randomness.

    Args:
        seed: the world's seed.
        boot: how often the world's database was opened before; draws differ after a restart, tokens do not.
        world: the world's name; a token opens one world only, also where another one has the same seed.
    """

    def __init__(self, seed: int, boot: int = 0, world: str = "") -> None:
        self.seed, self.boot, self.world = seed, boot, world
        self._streams: dict[str, random.Random] = {}

    def stream(self, name: str) -> random.Random:
        """The stream `name`; the same object at each call."""
        if name not in self._streams:
            digest = hashlib.blake2b(f"{self.seed}/{self.boot}/{name}".encode(), digest_size=16).digest()
            self._streams[name] = random.Random(int.from_bytes(digest))
        return self._streams[name]

    def uuid(self, name: str) -> str:
        """The next version 4 UUID of the stream `name`."""
        return str(uuid.UUID(int=self.stream(name).getrandbits(128), version=4))

    def secret(self, name: str, length: int = 32) -> str:
        """A token's hex digits for `name`: the same at each call and after each restart."""
        text = f"{self.seed}/{self.world}/secret/{name}".encode()
        return hashlib.blake2b(text, digest_size=(length + 1) // 2).hexdigest()[:length]
