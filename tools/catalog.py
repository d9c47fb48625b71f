"""The list of tools. Nothing registers itself: what is not here does not exist."""

from collections.abc import Mapping

from tools.inform_player import INFORM_PLAYER
from tools.issue_bonus import ISSUE_BONUS
from tools.player_context import DEPOSIT_HISTORY, KYC_STATUS, PLAYER_BALANCE, PLAYER_PROFILE
from tools.qualify_for_bonus import QUALIFY_FOR_BONUS
from tools.send_external_message import SEND_EXTERNAL_MESSAGE
from tools.tool import Tool
from tools.transfer_to_live_agent import TRANSFER_TO_LIVE_AGENT
from tools.verify_player import VERIFY_PLAYER
from tools.world import World

CATALOG: Mapping[str, Tool[World]] = {
    tool.name: tool
    for tool in (
        VERIFY_PLAYER,
        QUALIFY_FOR_BONUS,
        ISSUE_BONUS,
        INFORM_PLAYER,
        SEND_EXTERNAL_MESSAGE,
        TRANSFER_TO_LIVE_AGENT,
        PLAYER_PROFILE,
        PLAYER_BALANCE,
        DEPOSIT_HISTORY,
        KYC_STATUS,
    )
}
