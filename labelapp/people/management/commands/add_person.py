"""Add a person who can sign in."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from labelapp.people.accounts import add_person
from labelapp.people.models import Pool, Role, User


class Command(BaseCommand):
    help = "Adds a person and prints a first password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--role", action="append", default=[], choices=Role.Name.values)
        parser.add_argument("--pool", action="append", default=[], metavar="SLUG")
        parser.add_argument("--simulated", action="store_true", help="a script that stands for a person")

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.filter(username=options["username"]).exists():
            raise CommandError(f"There is a {options['username']} already; choose another name.")
        pools = list(Pool.objects.filter(slug__in=options["pool"]))
        if unknown := set(options["pool"]) - {pool.slug for pool in pools}:
            known = ", ".join(Pool.objects.values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"There is no pool {', '.join(sorted(unknown))}. There are: {known}.")
        user, password = add_person(
            options["username"], roles=options["role"], pools=pools, is_simulated=options["simulated"]
        )
        self.stdout.write(f"{user.username} signs in with the password {password}")
