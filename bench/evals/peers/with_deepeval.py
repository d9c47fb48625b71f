"""1,000 trivial cases with deepeval: an answer that is there, one metric of our own that compares."""

import os
import sys
from typing import Any

os.environ |= {"DEEPEVAL_TELEMETRY_OPT_OUT": "YES", "DEEPEVAL_DISABLE_PROGRESS_BAR": "1", "ERROR_REPORTING": "NO"}

from deepeval import evaluate
from deepeval.evaluate.configs import AsyncConfig, CacheConfig, DisplayConfig
from deepeval.metrics import BaseMetric
from deepeval.test_case import LLMTestCase

CASES = int(sys.argv[1])


class Equal(BaseMetric):
    """Passes where the answer is the expected one."""

    def __init__(self) -> None:
        self.threshold = 1.0
        self.async_mode = True

    def measure(self, test_case: LLMTestCase, *_: Any, **__: Any) -> float:  # noqa: ANN401  # the library's own
        """Compare."""
        self.score = float(test_case.actual_output == test_case.expected_output)
        self.success = self.score >= self.threshold
        return self.score

    async def a_measure(self, test_case: LLMTestCase, *_: Any, **__: Any) -> float:  # noqa: ANN401  # the same
        """Compare."""
        return self.measure(test_case)

    def is_successful(self) -> bool:
        """Tell how it went."""
        return bool(self.success)

    @property
    def __name__(self) -> str:
        return "Equal"


cases = [
    LLMTestCase(input=f"question {n}", actual_output=f"answer {n}", expected_output=f"answer {n}") for n in range(CASES)
]
result = evaluate(
    test_cases=cases,
    metrics=[Equal()],
    async_config=AsyncConfig(max_concurrent=100, throttle_value=0),
    display_config=DisplayConfig(show_indicator=False, print_results=False),
    cache_config=CacheConfig(write_cache=False),
)
assert len(result.test_results) == CASES
assert all(one.success for one in result.test_results)
