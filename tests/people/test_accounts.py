"""Adding people and tokens by command."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from labelapp.people.models import ApiToken, User
from tests import personas
from tests.factories import make_pool

pytestmark = pytest.mark.django_db


def output_of(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue().strip()


def test_an_added_person_signs_in_with_the_printed_password(client: Client) -> None:
    make_pool()
    password = output_of("add_person", "rita", "--role", "labeler", "--pool", "in_house").split()[-1]
    assert client.login(username="rita", password=password)
    rita = User.objects.get(username="rita")
    assert rita.role_names == {"labeler"}
    assert rita.memberships.current().count() == 1


def test_a_name_or_pool_that_does_not_fit_is_refused_with_what_there_is() -> None:
    personas.lena()
    with pytest.raises(CommandError, match="already"):
        output_of("add_person", "lena")
    with pytest.raises(CommandError, match="There are: in_house"):
        output_of("add_person", "rita", "--pool", "night_shift")


def test_a_token_is_printed_once_and_kept_as_a_hash() -> None:
    personas.max_()
    secret = output_of("make_token", "max")
    token = ApiToken.objects.get()
    assert secret not in (token.digest, token.name)
    assert token.digest == ApiToken.digest_of(secret)


def test_nobody_gets_no_token() -> None:
    with pytest.raises(CommandError, match="Nobody"):
        output_of("make_token", "nobody")
