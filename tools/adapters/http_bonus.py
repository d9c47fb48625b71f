"""The bonus system over HTTP."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from casino.document import dump_json
from casino.values import Document
from tools.adapters.http_link import BackOfficeLink, NotOffered
from tools.adapters.player_mapping import documents
from tools.ports import Granted, GrantOrder, OutcomeUnknown, Refused, Unavailable

KEY_LETTERS = ":/._-~+=@,;"


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpBonusSystem:
    """`BonusSystem` on the back office's REST interface."""

    link: BackOfficeLink

    async def templates(self, *, brand: str) -> Sequence[str]:
        """Return the names of the brand's bonus templates."""
        answer = await self._asked("bonus templates", "/v1/bonus-templates", query={"brand": brand})
        return [str(template["name"]) for template in documents(answer.get("templates")) if "name" in template]

    async def grant(self, order: GrantOrder, *, idempotency_key: str) -> Granted | Refused:
        """Grant once; a repeated key is answered with the first grant."""
        answer = await self.link.write(
            "issue bonus",
            f"/v1/players/{quote(order.player_id, safe='')}/bonus",
            content=_body(order),
            headers={"Content-Type": "application/json", "Idempotency-Key": wire_key(idempotency_key)},
        )
        if isinstance(answer, Refused):
            return answer
        grant_id = answer.get("id")
        if not isinstance(grant_id, str):
            raise OutcomeUnknown("issue bonus: the answer of the back office names no bonus")
        return Granted(grant_id)

    async def find_grant(self, idempotency_key: str) -> Granted | None:
        """Return the grant made under this key.

        "None" is only what the back office says of this very key: its answer must name the key again. One that lists
        bonuses and says nothing of keys may hold the grant, so OutcomeUnknown: nobody can say.
        """
        key = wire_key(idempotency_key)
        try:
            answer = await self._asked("find bonus", "/v1/bonuses", query={"idempotency_key": key})
        except NotOffered as error:
            raise OutcomeUnknown("find bonus: this back office knows no keys, so it cannot be asked") from error
        listed = documents(answer.get("bonuses"))
        for bonus in listed:
            if bonus.get("idempotency_key") == key and isinstance(bonus.get("id"), str):
                return Granted(str(bonus["id"]))
        if answer.get("idempotency_key") != key or listed:
            raise OutcomeUnknown("find bonus: the answer does not say whether there is one under this key")
        return None

    async def _asked(self, operation: str, path: str, *, query: dict[str, str]) -> Document:
        document = await self.link.read(operation, path, query=query)
        if document is None:
            raise Unavailable(f"{operation}: the answer of the back office is not understood")
        return document


def wire_key(key: str) -> str:
    """Return a key as a header can carry it: plain ones unchanged, others percent-encoded."""
    return quote(key, safe=KEY_LETTERS)


def _body(order: GrantOrder) -> bytes:
    body = {
        "decision_id": order.decision_id,
        "brand": order.brand,
        "reward": order.reward,
        "reason": order.reason,
    }
    return dump_json(body).encode()
