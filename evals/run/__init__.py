"""Running a suite: the plan, the journal, the processes that play it, and the results file."""
