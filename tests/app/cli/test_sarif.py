"""SARIF for any lint."""

from app.cli.sarif import Located, sarif


def test_a_finding_without_a_line_is_about_its_file_and_without_a_file_about_all() -> None:
    found = [
        Located(code="L2", severity="notice", text="Two.", file="a folder\\one.md"),
        Located(code="L1", severity="warning", text="One.", file=None),
        Located(code="L1", severity="error", text="One.", file="b.md", line=3),
    ]
    run = sarif(found, {"L1": "The first"})["runs"]
    assert isinstance(run, list)
    assert isinstance(run[0], dict)
    rules = [
        {"id": "L1", "shortDescription": {"text": "The first"}},
        {"id": "L2", "shortDescription": {"text": "L2"}},
    ]
    driver = run[0]["tool"]
    assert isinstance(driver, dict)
    assert isinstance(driver["driver"], dict)
    assert (driver["driver"]["name"], driver["driver"]["rules"]) == ("croupier", rules)
    folder = {"physicalLocation": {"artifactLocation": {"uri": "a%20folder/one.md"}}}
    line = {"physicalLocation": {"artifactLocation": {"uri": "b.md"}, "region": {"startLine": 3}}}
    assert run[0]["results"] == [
        {"ruleId": "L2", "ruleIndex": 1, "level": "note", "message": {"text": "Two."}, "locations": [folder]},
        {"ruleId": "L1", "ruleIndex": 0, "level": "warning", "message": {"text": "One."}},
        {"ruleId": "L1", "ruleIndex": 0, "level": "error", "message": {"text": "One."}, "locations": [line]},
    ]
