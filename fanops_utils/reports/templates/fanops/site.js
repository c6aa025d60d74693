document.addEventListener("DOMContentLoaded", () => {
  "use strict";
  const PAGE = 12;
  const block = document.getElementById("block");
  const panel = document.getElementById("filters");
  if (!block || !panel || !("DecompressionStream" in window)) return;
  const told = JSON.parse(panel.dataset.words);
  const [count, clear, matches] = ["count", "clear", "matches"].map((id) => document.getElementById(id));
  const whole = [...document.querySelectorAll(".whole")];
  const fields = [...panel.querySelectorAll("input, select")];
  const normal = (value) => value.normalize("NFKC").toLowerCase();
  let reports = [], found = [];  // all of them, and those that fitted the last question

  // A node of plain text: nothing of the block is ever read as markup.
  function make(tag, name, ...children) {
    const node = document.createElement(tag);
    if (name) node.className = name;
    node.append(...children.filter((child) => child !== null && child !== ""));
    return node;
  }

  function link(text, href, name = "") {
    const node = make(href ? "a" : "span", name, text);
    if (href) node.href = href;
    return node;
  }

  function mark(level, icon, word) {
    const sign = make("span", "", icon);
    sign.setAttribute("aria-hidden", "true");
    return make("span", `mark ${level}`, sign, ` ${word}`);
  }

  function decision([kind, title, texts, owner, by, chips, href, fresh, report]) {
    const said = make("div", "", make("p", "answer", link(title, href)), ...texts.map((text) => make("p", "play", text)),
      make("p", "small", ...[owner, by, report].filter(Boolean).map((text) => make("span", "", text))));
    const head = make("p", "kind", mark(told.levels[kind], told.icons[kind], told.kinds[kind]), fresh ? " " : "", fresh ? make("span", "mark new", told.new) : "");
    return make("li", "decision", head, said, make("p", "chips", ...chips.map(([label, there, level]) => link(label, there, `chip ${level}`))));
  }

  function row(report, terms) {
    report.plain ??= report.lines.map(([text]) => normal(text));
    const hits = terms.length ? report.lines.filter((_, place) => terms.some((term) => report.plain[place].includes(term))).slice(0, 3) : [];
    const level = report.severity;
    const state = report.status === "succeeded" && level ? mark(level, told.severityIcon[level], told.severity[level])
      : mark(["failed", "timed_out", "kernel_died", "truncated", "cancelled"].includes(report.status) ? "alert" : "quiet", "", told.status[report.status] ?? report.status);
    const said = make("div", "", make("p", "answer", link(report.title, report.href)), make("p", "play", report.verdict),
      hits.length ? make("ul", "hits", ...hits.map(([text, anchor]) => make("li", "", link(text, report.href && anchor ? `${report.href}#finding-${encodeURIComponent(anchor)}` : report.href)))) : "");
    return make("li", "report", make("p", "kind", state), said, make("p", "chips", report.label ? link(report.label, report.href, `chip ${level}`) : ""));
  }

  // Rows of a list, a page at a time; the button brings the next ones.
  function pager(list, button, draw) {
    let rest = [];
    const more = () => {
      const first = list.childElementCount;
      list.append(...rest.splice(0, PAGE).map(draw));
      button.hidden = !rest.length;
      return first;
    };
    button.addEventListener("click", () => { list.children[more()]?.querySelector("a")?.focus(); });
    return (rows, keep = false) => { rest = [...rows]; if (!keep) list.replaceChildren(); more(); };
  }

  let terms = [];
  const listed = pager(matches.querySelector("ul"), matches.querySelector(".more-rows"), (report) => row(report, terms));

  function fits(report, asked) {
    const { search, from, to, ...equal } = asked;
    return terms.every((term) => report.text.includes(term))
      && (!from || report.day >= from) && (!to || (report.day && report.day <= to))
      && Object.entries(equal).every(([name, value]) => report[name] === value);
  }

  // What narrows the last question is looked for in its answer alone.
  function narrows(asked) {
    const { search, ...rest } = asked;
    const { search: before = "", ...same } = last ?? {};
    return last !== null && JSON.stringify(rest) === JSON.stringify(same) && normal(search ?? "").startsWith(normal(before));
  }

  let last = null;
  function apply() {
    const asked = Object.fromEntries(fields.filter((field) => field.value.trim()).map((field) => [field.name, field.value.trim()]));
    const any = Object.keys(asked).length > 0;
    terms = normal(asked.search ?? "").split(/\s+/).filter(Boolean);
    for (const part of whole) part.classList.toggle("away", any);
    matches.hidden = !any;
    clear.hidden = !any;
    if (!any) { last = null; count.textContent = ""; listed([]); return; }
    found = (narrows(asked) ? found : reports).filter((report) => fits(report, asked));
    last = asked;
    listed(found);
    document.getElementById("no-match").hidden = found.length > 0;
    count.textContent = told.counted.replace("{shown}", found.length).replace("{total}", reports.length);
  }

  // The view stands in the address, so that it can be sent to a colleague; an anchor such as #reports is left alone.
  function remember() {
    const asked = new URLSearchParams(fields.filter((field) => field.value.trim()).map((field) => [field.name, field.value.trim()]));
    const hash = String(asked) ? `#${asked}` : "";
    if (hash || location.hash.includes("=")) history.replaceState(null, "", location.pathname + location.search + hash);
  }

  function recall() {
    const asked = new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
    for (const field of fields) {
      const value = asked.get(field.name) ?? "";
      field.value = field.tagName === "SELECT" && ![...field.options].some((option) => option.value === value) ? "" : value;
      if (field.value && field.name !== "search") panel.querySelector(".more").open = true;
    }
    apply();
  }

  function read({ words, reports: rows, decisions }) {
    const word = (place) => words[place];
    reports = rows.map(([topic, market, status, severity, day, title, label, href, verdict, name, lines]) => {
      const said = lines.map(([text, anchor]) => [word(text), anchor]);
      const report = { topic, market, status, severity, day, href, title: word(title), label: word(label), verdict: word(verdict), lines: said };
      report.text = normal([report.title, report.label, market, word(name), report.verdict, told.status[status] ?? "", ...said.map(([text]) => text)].join("\n"));
      return report;
    });
    const drawn = decisions.map(([kind, title, texts, owner, by, chips, href, fresh, report]) =>
      [kind, word(title), texts.map(word), word(owner), word(by), chips.map(([label, there, level]) => [word(label), there, level]), href, fresh, word(report)]);
    const chance = told.kinds.length - 1;
    later(drawn.filter(([kind]) => kind !== chance));
    chances(drawn.filter(([kind]) => kind === chance));
  }

  function later(rows) {
    const button = document.getElementById("later");
    if (!button || !rows.length) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      const more = make("button", "more-rows", button.textContent);
      pager(document.getElementById("to-decide"), more, decision)(rows, true);
      button.replaceWith(more);
      more.textContent = panel.ownerDocument.querySelector("#matches .more-rows").textContent;
    }, { once: true });
  }

  function chances(rows) {
    const box = document.getElementById("chances");
    if (!box || !rows.length) return;
    box.hidden = false;
    box.addEventListener("toggle", () => pager(box.querySelector("ul"), box.querySelector(".more-rows"), decision)(rows), { once: true });
  }

  async function start() {
    const bytes = Uint8Array.from(atob(block.value), (letter) => letter.charCodeAt(0));
    read(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json());
    panel.hidden = false;
    panel.addEventListener("input", () => { apply(); remember(); });
    clear.addEventListener("click", () => { for (const field of fields) field.value = ""; apply(); remember(); fields[0].focus(); });
    addEventListener("hashchange", () => { if (location.hash.includes("=")) recall(); });
    recall();
    document.documentElement.dataset.ready = "";
  }
  start();
});
