"""How the objects of a report show themselves where there is no page: JupyterLab, VS Code, nbconvert; light and dark."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Protocol

from markupsafe import Markup

from fanops_utils.text.sentences.sayable import Sayable
from fanops_utils.text.speech import markup, shown_languages

# JupyterLab aligns cells of tables to the right, floats the terms of lists and colours text by its own rules: what is set
# here has to outweigh them.
STYLE = Markup("""<style>
.fanops{font:15px/1.5 -apple-system,"Segoe UI",Roboto,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;\
--ink:var(--jp-content-font-color1,var(--vscode-editor-foreground,currentColor));color:var(--ink);max-width:none}
.fanops{--muted:#59636e;--rule:rgba(128,128,128,.35);--paper:var(--jp-layout-color0,transparent);\
--band:rgba(110,165,205,.55);--accent:#0b5cad;--alert:#c0362c;--watch:#8a5a00;--good:#1f7a45;\
--series-1:#0173b2;--series-2:#c77700;--series-3:#00835f;--series-4:#c2450c;--series-5:#a8559a;--series-6:#6e7781}
[data-jp-theme-light=false] .fanops,.vscode-dark .fanops{--muted:#a7b0b9;\
--accent:#79b8f3;--alert:#ff9489;--watch:#e5b454;--good:#72cb94;\
--series-1:#4da6e3;--series-2:#f0a63c;--series-3:#3fbf98;--series-4:#f4875f;--series-5:#d693cb;--series-6:#a7b0b9}
.fanops p{margin:.3em 0;max-width:70em}.fanops .answer{font-weight:600;font-size:1.1em}
.fanops .small{color:var(--muted);font-size:.87em}
.fanops .verdict{font-weight:680;font-size:1.55em;line-height:1.25;\
border-left:4px solid var(--accent);padding-left:.7em;max-width:40em}
.fanops .mark{font-weight:600;white-space:nowrap}.fanops .verdict .mark{font-size:.6em;display:block}.fanops .nb{white-space:nowrap}
.fanops .alert{color:var(--alert)}.fanops .watch{color:var(--watch)}.fanops .good{color:var(--good)}\
.fanops .info,.fanops .quiet{color:var(--muted)}
.fanops ul{list-style:none;padding:0;margin:.3em 0}
.fanops svg{width:100%;max-width:46em;height:auto}.fanops svg text{fill:var(--ink)}
.fanops.fanops .tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(9em,1fr));gap:.6em;margin:.5em 0;padding:0}
.fanops .tiles>div{border:1px solid var(--rule);border-radius:6px;padding:.5em .8em}
.fanops.fanops .tiles :is(dt,dd){display:block;float:none;width:auto;margin:0;padding:0;text-align:left;overflow:visible}
.fanops.fanops .tiles dt{font-size:.87em;color:var(--muted);font-weight:400}
.fanops.fanops .tiles .figure{font-size:1.35em;font-weight:650;font-variant-numeric:tabular-nums}
.fanops table,.jp-RenderedHTMLCommon .fanops table{border-collapse:collapse;margin:.3em 0;\
font-variant-numeric:tabular-nums;font-size:inherit}
.fanops caption{text-align:left;color:var(--muted);font-size:.87em;padding:.3em 0;caption-side:top}
.fanops.fanops :is(th,td){padding:.2em 1.1em .2em 0;text-align:left;\
border-bottom:1px solid var(--rule);vertical-align:top;color:var(--ink);max-width:none;white-space:normal}
.fanops.fanops :is(th,td).right{text-align:right}.fanops .table{overflow-x:auto}.fanops figure{margin:.6em 0}
.fanops .drawn{container-type:inline-size}.fanops .drawn>*{display:none}.fanops .drawn>.wide{display:block}
@container(max-width:35rem){.fanops .drawn>.wide{display:none}.fanops .drawn>.narrow{display:block}\
.fanops .drawn svg{max-width:30em}}
</style>""")
TALL, TALLER = 0.86, 1.21  # height to width: too much beside a finding on paper; too much beside the first answer


class Part(Protocol):
    """What stands in a report: it says itself as HTML in a language, and carries itself as JSON for the page."""

    kind: ClassVar[str]

    def html(self, language: str) -> Markup: ...

    def to_json(self) -> dict[str, Any]: ...


def mime(kind: str) -> str:
    """Return the MIME type under which a part of *kind* carries itself."""
    return f"application/vnd.fanops.{kind}+json"


def bundle(part: Part, *, plain: Sayable | str) -> dict[str, Any]:
    """Return the outputs of *part* for Jupyter: HTML in the first language shown, its plain text, itself as JSON."""
    language = shown_languages()[0]
    return {
        "text/html": str(page(part.html(language))),
        "text/plain": str(plain),
        mime(part.kind): part.to_json(),
    }


def page(*parts: Markup) -> Markup:
    """Return *parts* in a frame with their own small style."""
    return Markup('<div class="fanops">{}{}</div>').format(STYLE, Markup("").join(parts))


def mark(kind: str, icon: str, word: Sayable, language: str) -> Markup:
    """Return a severity or status as icon and word."""
    return Markup('<span class="mark {}">{} {}</span>').format(kind, icon, markup(word, language))


def drawing(wide: Markup, narrow: Markup) -> Markup:
    """Return a drawing of which the style around it shows the one that fits: *wide*, or *narrow* below 35rem.

    One whose narrow form is tall says so: on paper the wide one stands for it, which need not be shrunk to fit the sheet.
    """
    tall = _proportion(narrow)
    kind = " ".join(["drawn", *(["tall"] if tall > TALL else []), *(["taller"] if tall > TALLER else [])])
    return Markup('<div class="{}"><div class="wide">{}</div><div class="narrow">{}</div></div>').format(
        kind, wide, narrow
    )


def _proportion(svg: Markup) -> float:
    """Return height to width of a drawing; 0 where it does not say them."""
    size = re.search(r'viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"', svg)
    return float(size[2]) / float(size[1]) if size else 0.0


def paragraph(what: Sayable | None, language: str, *, kind: str = "") -> Markup:
    """Return *what* as a paragraph; nothing where there is nothing to say."""
    if what is None:
        return Markup("")
    return (
        Markup('<p class="{}">{}</p>').format(kind, markup(what, language))
        if kind
        else Markup("<p>{}</p>").format(markup(what, language))
    )


def rows(head: Iterable[Sayable], body: Iterable[Iterable[Markup]], language: str) -> Markup:
    """Return a table of *body*, its cells HTML already, under *head*."""
    titles = Markup("").join(Markup('<th scope="col">{}</th>').format(markup(title, language)) for title in head)
    lines = Markup("").join(
        Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td>{}</td>").format(cell) for cell in line))
        for line in body
    )
    return Markup('<div class="table"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>').format(
        titles, lines
    )


def coded(values: Mapping[str, Sayable | None]) -> dict[str, Any]:
    """Return sayables by name as JSON-ready values, None where there is nothing to say."""
    return {name: None if value is None else value.to_json() for name, value in values.items()}
