"""What a ticket's record may say: a closed set of kinds."""

from enum import StrEnum


class Kind(StrEnum):
    """The kind of an entry."""

    PLAYER_MESSAGE = "player_message"
    AGENT_MESSAGE = "agent_message"
    TRIAGE = "triage"
    MODEL_REQUEST = "model_request"
    MODEL_REPLY = "model_reply"
    REPLY_REJECTED = "reply_rejected"
    TOOL_CALL = "tool_call"
    TOOL_RESULT = "tool_result"
    OUTCOME = "outcome"
    TURN = "turn"
    FAILURE = "failure"
