"""Which settings are refused."""

import pytest

from agent.settings import SettingsError, read_settings


@pytest.mark.parametrize("url", ["http://me:pass@model.test/v1", "https://me@model.test", "me:pass@model.test/v1"])
def test_a_name_and_a_password_in_the_address_of_the_model_are_refused_and_not_said(url: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings({"OPENAI_BASE_URL": url})
    assert str(refused.value) == (
        "OPENAI_BASE_URL names a user or a password; leave them out and set OPENAI_API_KEY instead"
    )


@pytest.mark.parametrize("url", ["http://model.test/v1/@one", "http://model.test/v1?as=me@here", "http://[::1]:80/v1"])
def test_an_address_that_names_no_user_is_taken_as_it_is(url: str) -> None:
    model = read_settings({"OPENAI_BASE_URL": url}).model
    assert model is not None
    assert model.base_url == url
