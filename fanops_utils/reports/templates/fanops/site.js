document.addEventListener("DOMContentLoaded", () => {
  "use strict";
  const panel = document.getElementById("filters");
  const count = document.getElementById("count");
  const clear = document.getElementById("clear");
  const fold = document.querySelector(".fold");
  const fields = [...panel.querySelectorAll("input, select")];
  const normal = (value) => value.normalize("NFKC").toLowerCase();
  const items = [...document.querySelectorAll("[data-status]")].map((node) => ({
    node, text: normal(node.textContent), kept: Boolean(node.closest(".unfinished")), report: "report" in node.dataset,
  }));
  const reports = items.filter((item) => item.report);
  const tables = [...document.querySelectorAll(".side-by-side")];

  function matches(item, asked) {
    const { search, from, to, ...equal } = asked;
    const day = item.node.dataset.day;
    return (search ?? "").split(/\s+/).every((term) => item.text.includes(term))
      && (!from || day >= from) && (!to || (day && day <= to))
      && Object.entries(equal).every(([name, value]) => item.node.dataset[name] === value);
  }

  function apply() {
    const asked = Object.fromEntries(fields.filter((field) => field.value.trim()).map((field) => [field.name, field.name === "search" ? normal(field.value.trim()) : field.value]));
    const any = Object.keys(asked).length > 0;
    for (const item of items) item.node.hidden = !item.kept && !matches(item, asked);
    for (const group of document.querySelectorAll(".group")) group.hidden = !group.querySelector(".report:not([hidden])");
    for (const table of tables) {
      table.hidden = Boolean(asked.topic) && table.dataset.topic !== asked.topic;
      for (const cell of table.querySelectorAll("[data-market]")) cell.hidden = Boolean(asked.market) && cell.dataset.market !== asked.market;
    }
    const shown = reports.filter((item) => !item.node.hidden).length;
    document.getElementById("no-match").hidden = shown > 0 || !reports.length;
    count.textContent = count.dataset.words.replace("{shown}", shown).replace("{total}", reports.length);
    clear.hidden = !any;
    if (fold && any) fold.open = true;
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
    }
    apply();
  }

  panel.addEventListener("input", () => { apply(); remember(); });
  clear.addEventListener("click", () => { for (const field of fields) field.value = ""; apply(); remember(); fields[0].focus(); });
  addEventListener("hashchange", () => { if (location.hash.includes("=")) recall(); });
  const wide = matchMedia("(min-width: 60rem)");
  const unfold = () => { panel.querySelector(".more").open = wide.matches; };
  wide.addEventListener("change", unfold);
  unfold();
  recall();
});
