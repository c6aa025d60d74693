"""Untrusted SVG made safe for a page: what is not on an allow-list is dropped, colours follow the page."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from markupsafe import Markup

from fanops_utils.colours import CSS_VARIABLES
from fanops_utils.reports.page.sanitise import INLINE_IMAGE
from fanops_utils.reports.page.text import plain, tidy

SVG_TAGS = {
    "svg", "g", "path", "use", "defs", "clipPath", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text",
    "tspan", "image", "linearGradient", "radialGradient", "stop", "pattern",
}  # fmt: skip
SVG_ATTRIBUTES = {
    "d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "dx", "dy", "fx", "fy", "points", "transform",
    "width", "height", "viewBox", "preserveAspectRatio", "clip-path", "offset", "gradientUnits", "gradientTransform",
    "patternUnits", "patternTransform", "fill", "stroke", "opacity", "style", "id", "href",
}  # fmt: skip
SVG_STYLES = {
    "fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-linecap",
    "stroke-linejoin", "stroke-dasharray", "stroke-dashoffset", "stroke-miterlimit", "opacity", "font-size",
    "font-weight", "font-style", "text-anchor", "dominant-baseline", "clip-path", "stop-color", "stop-opacity",
}  # fmt: skip
LOCAL_URL = re.compile(r"url\(['\"]?#([^)'\"]+)['\"]?\)")
FONT_SHORTHAND = re.compile(r"(?:(italic|oblique)\s+)?(?:(bold|\d{3})\s+)?(\d[\d.]*px)\b")
POINT = 4 / 3
SVG_DEPTH = 60


def safe_svg(source: str, *, prefix: str, alt: str) -> Markup:
    """Return a chart as inline SVG that follows the page's colours and font; empty where it is not valid SVG.

    Ids get *prefix*, so that several charts share a page; *alt* names the image for those who cannot see it.
    """
    try:
        root = fromstring(tidy(source))
    except (ElementTree.ParseError, DefusedXmlException, ValueError):
        return Markup("")
    if _local(root.tag) != "svg":
        return Markup("")
    values = [value for element in root.iter() for value in element.attrib.values()]
    used = {name for value in values for name in LOCAL_URL.findall(value)} | {
        v[1:] for v in values if v.startswith("#")
    }
    chart = _copy(root, prefix=prefix, used=used, depth=0)
    for side in ("width", "height"):
        if size := re.fullmatch(r"([\d.]+)(pt|px)?", root.get(side, "")):
            chart.set(side, f"{float(size[1]) * (POINT if size[2] == 'pt' else 1):.0f}")
    chart.set("role", "img")
    chart.set("aria-label", plain(alt))
    return Markup(ElementTree.tostring(chart, encoding="unicode"))  # noqa: S704


def _local(name: object) -> str:
    return str(name).rpartition("}")[2]


def _copy(element: ElementTree.Element, *, prefix: str, used: set[str], depth: int) -> ElementTree.Element:
    copy = ElementTree.Element(_local(element.tag))
    styles: dict[str, str] = {}
    for key, value in element.attrib.items():
        name = _local(key)
        if name == "style":
            styles.update(_styles(value, prefix))
        elif name in {"fill", "stroke"}:
            styles = {**_styles(f"{name}:{value}", prefix), **styles}
        elif name in SVG_ATTRIBUTES and (kept := _svg_attribute(copy.tag, name, value, prefix=prefix, used=used)):
            copy.set(name, kept)
    if styles:
        copy.set("style", ";".join(f"{name}:{value}" for name, value in styles.items()))
    if copy.tag in {"text", "tspan"}:
        copy.text = plain(element.text or "")
    for child in element:
        if _local(child.tag) in SVG_TAGS and depth < SVG_DEPTH:
            copy.append(_copy(child, prefix=prefix, used=used, depth=depth + 1))
            copy[-1].tail = plain(child.tail or "") if copy.tag in {"text", "tspan"} else None
    return copy


def _svg_attribute(tag: str, name: str, value: str, *, prefix: str, used: set[str]) -> str | None:
    if name == "id":
        return prefix + value if value in used else None
    if name == "href" and tag == "image":
        return value if INLINE_IMAGE.fullmatch(value) else None
    if name == "href":
        return f"#{prefix}{value[1:]}" if value.startswith("#") else None
    if _refers(value):
        return _local_url(value, prefix)
    return " ".join(value.split())


def _refers(value: str) -> bool:
    """Return whether *value* may name something elsewhere: url(…) in any letters, or written with escapes."""
    return "url" in value.casefold() or "\\" in value or "image-set" in value.casefold()


def _local_url(value: str, prefix: str) -> str | None:
    return f"url(#{prefix}{match[1]})" if (match := LOCAL_URL.fullmatch(value.strip())) else None


def _styles(text: str, prefix: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for declaration in text.split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name == "font" and (font := FONT_SHORTHAND.match(value)):
            parts = zip(("font-style", "font-weight", "font-size"), font.groups(), strict=True)
            found.update({key: part for key, part in parts if part})
        elif name in SVG_STYLES:
            safe = _local_url(value, prefix) if _refers(value) else value
            if safe and not re.search(r"[\\@<>{}]|/\*", safe):
                found[name] = CSS_VARIABLES.get(safe.lower(), safe)
    return found
