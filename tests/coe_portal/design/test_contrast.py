"""The contrast of the tokens in both themes, computed from tokens.css: WCAG 2.2 asks 4.5 for text, 3 for controls."""

import math
import re
from dataclasses import dataclass

import pytest
from django.conf import settings

PAIR = re.compile(r"--([a-z0-9-]+): light-dark\((oklch\([^)]*\)), (oklch\([^)]*\))\);")
SURFACES = ["paper", "surface", "raised", "sunken"]
STATES = ["good", "caution", "bad", "notice", "warm", "teal"]
CHART_COLOURS = [f"chart-{number}" for number in range(1, 7)]


@dataclass(frozen=True)
class Colour:
    lightness: float
    chroma: float
    hue: float

    @classmethod
    def read(cls, text: str) -> "Colour":
        lightness, chroma, hue = re.findall(r"[\d.]+", text)[:3]
        return cls(float(lightness) / 100, float(chroma), math.radians(float(hue)))

    @property
    def luminance(self) -> float:
        """Relative luminance by way of linear sRGB; the matrices are Björn Ottosson's for Oklab."""
        a, b = self.chroma * math.cos(self.hue), self.chroma * math.sin(self.hue)
        long = (self.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
        medium = (self.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
        short = (self.lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
        red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
        green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
        blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
        red, green, blue = (min(max(value, 0.0), 1.0) for value in (red, green, blue))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def tokens() -> dict[str, tuple[Colour, Colour]]:
    text = (settings.BASE_DIR / "static/src/css/tokens.css").read_text()
    return {name: (Colour.read(light), Colour.read(dark)) for name, light, dark in PAIR.findall(text)}


def contrast(one: str, other: str) -> float:
    """The lower one of the two themes."""
    known = tokens()
    ratios = []
    for first, second in zip(known[one], known[other], strict=True):
        high, low = sorted((first.luminance, second.luminance), reverse=True)
        ratios.append((high + 0.05) / (low + 0.05))
    return min(ratios)


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("ink", ["ink", "ink-soft", "teal", "teal-deep", "warm", "bad", "good", "caution", "notice"])
def test_words_are_readable_on_every_surface(ink: str, surface: str):
    assert contrast(ink, surface) >= 4.5


@pytest.mark.parametrize("state", STATES)
def test_a_state_is_readable_on_its_own_wash(state: str):
    assert contrast(state, f"{state}-wash") >= 4.5
    assert contrast("ink", f"{state}-wash") >= 4.5


@pytest.mark.parametrize("state", ["teal", "warm", "bad"])
def test_words_are_readable_on_a_filled_control(state: str):
    assert contrast(f"on-{state}", state) >= 4.5


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("edge", ["line-strong", "focus", *CHART_COLOURS])
def test_controls_focus_and_chart_lines_stand_out(edge: str, surface: str):
    assert contrast(edge, surface) >= 3
