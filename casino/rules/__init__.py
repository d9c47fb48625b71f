"""The rule language: text form, conditions, operators, evaluation."""
