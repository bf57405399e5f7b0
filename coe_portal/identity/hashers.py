"""Wherever a password is checked or stored, it comes through here: to sign in, confirm, reset or accept."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from coe_portal.identity.places import place


class PortalHasher(PBKDF2PasswordHasher):
    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        with place():
            return super().encode(password, salt, iterations)
