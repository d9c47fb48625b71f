"""Rewrite typed mentions to chips, and change no other byte."""

from agent.playbook.mentions import rewrite
from agent.playbook.parse import spotted_in
from agent.playbook.sheet import Sheet, lines_of
from agent.playbook.vocabulary import Vocabulary


def format_procedure(text: str, vocabulary: Vocabulary, *, file: str = "procedure.md") -> str:
    """Return the file with every typed mention as a chip; unknown mentions stay as they are.

    ProcedureError where the front matter cannot be read, so that it is not known where the instructions begin.
    """
    lines = lines_of(text)
    whole = rewrite(Sheet.cut(lines, 0, len(lines)), spotted_in(text, file=file, vocabulary=vocabulary))
    return "".join(new + line.ending for new, line in zip(whole.lines, lines, strict=True))
