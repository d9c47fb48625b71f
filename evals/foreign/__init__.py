"""Tasks of other packages, run through our desk: their tools, policy, state and gold actions."""
