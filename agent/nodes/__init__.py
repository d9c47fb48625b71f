"""The nodes of the graph, one concern each."""
