"""Every address of the portal, from the resolver."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Address:
    name: str
    pattern: str
    arguments: tuple[str, ...]

    def __str__(self) -> str:
        return self.name


def addresses(
    resolver: URLResolver, namespace: str = "", above: str = "/", outer: tuple[str, ...] = ()
) -> Iterator[Address]:
    for each in resolver.url_patterns:
        pattern = f"{above}{each.pattern}"
        arguments = (*outer, *each.pattern.regex.groupindex)
        if isinstance(each, URLResolver):
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from addresses(each, inner, pattern, arguments)
        elif isinstance(each, URLPattern):
            yield Address(f"{namespace}{each.name}", pattern, arguments)


ADDRESSES = sorted(addresses(get_resolver()), key=str)
