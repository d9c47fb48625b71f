"""The player platform over HTTP."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from casino.values import Document
from tools.adapters.http_link import BackOfficeLink
from tools.adapters.player_mapping import documents, gaming_from_json, player_from_json
from tools.ports import Player, ResponsibleGaming, Unavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpPlatform:
    """`PlayerPlatform` on the back office's REST interface."""

    link: BackOfficeLink
    now: Callable[[], datetime]  # for the days since the last deposit

    async def find_by_email(self, email: str, *, brand: str) -> Player | None:
        """Return the brand's player with this e-mail address."""
        answer = await self._asked("find player", "/v1/players", query={"email": email, "brand": brand})
        players = [player_from_json(document, now=self.now()) for document in documents(answer.get("players"))]
        # Checked here as well: a platform that ignores one of the filters must not hand us somebody else.
        matching = [each for each in players if each.brand == brand and _same_address(each.email, email)]
        if len(matching) > 1:
            raise Unavailable(f"find player: the back office has {len(matching)} players with one e-mail address")
        return matching[0] if matching else None

    async def player(self, player_id: str) -> Player | None:
        """Return one player."""
        document = await self.link.read("player", _path(player_id))
        if document is None:
            return None
        player = player_from_json(document, now=self.now())
        if player.id != player_id:
            raise Unavailable("player: the back office answered about another player than was asked for")
        return player

    async def responsible_gaming(self, player_id: str) -> ResponsibleGaming:
        """Return the player-protection state."""
        return gaming_from_json(await self._asked("responsible gaming", _path(player_id) + "/responsible-gaming"))

    async def kyc(self, player_id: str) -> Document:
        """Return the state of the identity check."""
        return await self._asked("kyc", _path(player_id) + "/kyc")

    async def deposits(self, player_id: str) -> Sequence[Document]:
        """Return the deposits, newest first."""
        answer = await self._asked("deposits", _path(player_id) + "/deposits")
        return documents(answer.get("deposits"))

    async def _asked(self, operation: str, path: str, *, query: Mapping[str, str] | None = None) -> Document:
        """Read something that is there for every player."""
        document = await self.link.read(operation, path, query=query)
        if document is None:
            raise Unavailable(f"{operation}: the back office knows no such player")
        return document


def _path(player_id: str) -> str:
    return f"/v1/players/{quote(player_id, safe='')}"


def _same_address(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()
