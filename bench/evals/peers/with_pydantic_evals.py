"""1,000 trivial cases with pydantic_evals: one call that echoes, one comparison."""

import sys

from pydantic_evals import Case, Dataset
from pydantic_evals.evaluators import EqualsExpected

CASES = int(sys.argv[1])


async def echo(text: str) -> str:
    """Answer with the question."""
    return text


cases = [Case(name=f"c{n}", inputs=f"question {n}", expected_output=f"question {n}") for n in range(CASES)]
report = Dataset(name="echo", cases=cases, evaluators=[EqualsExpected()]).evaluate_sync(echo, progress=False)
assert len(report.cases) == CASES
assert all(result.value for case in report.cases for result in case.assertions.values())
