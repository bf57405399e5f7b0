"""What base.html needs: parts that are the same for everybody rendered once, and a look at what a page fills in."""

from collections.abc import Hashable

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from coe_portal.design.appearance import chosen_appearance

register = template.Library()

KEPT_AT_MOST = 256


class SteadyNode(template.Node):
    def __init__(self, nodelist: NodeList, named: list[FilterExpression]) -> None:
        self.nodelist = nodelist
        self.named = named
        self.kept: dict[Hashable, SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        key = self.key(context)
        html = self.kept.get(key)
        if html is None:
            if len(self.kept) >= KEPT_AT_MOST:
                self.kept.clear()
            html = self.kept[key] = self.nodelist.render(context)
        return html

    def key(self, context: template.Context) -> Hashable:
        request = context.get("request")
        named = (name.resolve(context) for name in self.named)
        return (
            get_language(),
            get_script_prefix(),
            chosen_appearance(request) if request else None,
            context.get("organisation_name"),
            context.get("demo"),
            *(tuple(value) if isinstance(value, list) else value for value in named),
        )


@register.tag
def steady(parser: Parser, token: Token) -> SteadyNode:
    """`{% steady [value ...] %}`: the content may depend on the language, the appearance, the organisation and the
    values named here, and on nothing else; never on who is reading, and no form inside may carry a CSRF token."""
    named = [parser.compile_filter(bit) for bit in token.split_contents()[1:]]
    nodelist = parser.parse(("endsteady",))
    parser.delete_first_token()
    return SteadyNode(nodelist, named)


class CapturedNode(template.Node):
    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist = nodelist
        self.name = name

    def render(self, context: template.Context) -> SafeString:
        context[self.name] = SafeString(self.nodelist.render(context).strip())
        return SafeString()


@register.tag
def captured(parser: Parser, token: Token) -> CapturedNode:
    """`{% captured NAME %}`: the content as a variable. The frame must know before a browser draws its first part
    whether an aside follows: told later, the columns would move."""
    _tag, name = token.split_contents()
    nodelist = parser.parse(("endcaptured",))
    parser.delete_first_token()
    return CapturedNode(nodelist, name)
