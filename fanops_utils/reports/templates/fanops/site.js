document.addEventListener("DOMContentLoaded", () => {
  "use strict";
  const panel = document.getElementById("filters");
  const count = document.getElementById("count");
  const fold = document.querySelector(".fold");
  const normal = (value) => value.normalize("NFKC").toLowerCase();
  const items = [...document.querySelectorAll("[data-status]")].map((node) => ({
    node, text: normal(node.textContent), kept: Boolean(node.closest(".unfinished")), report: "report" in node.dataset,
  }));
  const reports = items.filter((item) => item.report);

  function apply() {
    const terms = normal(panel.querySelector("input").value).split(/\s+/).filter(Boolean);
    const chosen = [...panel.querySelectorAll("select")].filter((select) => select.value);
    for (const item of items) {
      item.match = terms.every((term) => item.text.includes(term)) && chosen.every((select) => item.node.dataset[select.name] === select.value);
      item.node.hidden = !item.match && !item.kept;
    }
    for (const group of document.querySelectorAll(".group")) group.hidden = !group.querySelector(".report:not([hidden])");
    const shown = reports.filter((item) => !item.node.hidden).length;
    document.getElementById("no-match").hidden = shown > 0 || !reports.length;
    count.textContent = count.dataset.words.replace("{shown}", shown).replace("{total}", reports.length);
    if (fold && (terms.length || chosen.length)) fold.open = true;
  }

  panel.addEventListener("input", apply);
  const wide = matchMedia("(min-width: 60rem)");
  const unfold = () => { panel.querySelector(".more").open = wide.matches; };
  wide.addEventListener("change", unfold);
  unfold();
  panel.hidden = false;
  apply();
});
