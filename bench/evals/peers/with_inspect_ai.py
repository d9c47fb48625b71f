"""1,000 trivial samples with inspect_ai: its mock model, one comparison; realtime logging off, its fast way."""

import sys
import tempfile

import inspect_ai
from inspect_ai import Task
from inspect_ai.dataset import Sample
from inspect_ai.model import ModelOutput, ModelUsage, get_model
from inspect_ai.scorer import match
from inspect_ai.solver import generate

CASES = int(sys.argv[1])


def answer() -> ModelOutput:
    """Give an answer with its usage: without one the library fetches a tokenizer."""
    output = ModelOutput.from_content("mockllm/model", "yes")
    output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
    return output


samples = [Sample(input=f"question {n}", target="yes") for n in range(CASES)]
with tempfile.TemporaryDirectory() as folder:
    logs = inspect_ai.eval(
        Task(dataset=samples, solver=generate(), scorer=match()),
        model=get_model("mockllm/model", custom_outputs=(answer() for _ in range(CASES))),
        display="none",
        log_dir=folder,
        log_realtime=False,
        max_connections=100,
    )
assert logs[0].status == "success"
assert logs[0].results is not None
assert logs[0].results.completed_samples == CASES
assert logs[0].results.scores[0].metrics["accuracy"].value == 1
