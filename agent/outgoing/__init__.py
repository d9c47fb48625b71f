"""What the agent is about to say, held against what is known. `agent.outgoing.check` is the way in."""
