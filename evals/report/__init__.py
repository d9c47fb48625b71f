"""Reports of a run: for people in a terminal, a browser or a pull request, and for machines."""
