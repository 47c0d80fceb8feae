"""Make a token for scripts."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from labelapp.people.accounts import make_token
from labelapp.people.models import User


class Command(BaseCommand):
    help = "Prints a new token of a person, for `Authorization: Bearer TOKEN`. It is shown once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="script", help="what the token is for")
        parser.add_argument("--days", type=int, default=90, help="until it ends; 0 for never")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"], is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody active is called {options['username']}.")
        self.stdout.write(make_token(user, name=options["name"], days=options["days"]))
