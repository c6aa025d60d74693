(() => {
  "use strict";
  const root = document.documentElement;
  const saved = (() => { try { return localStorage.getItem("fanops-theme"); } catch { return null; } })();
  if (saved === "dark" || saved === "light") root.dataset.theme = saved;
  root.dataset.code = "off";

  const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;

  function themeSwitch(button) {
    const show = () => button.setAttribute("aria-pressed", String(isDark()));
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      try { localStorage.setItem("fanops-theme", root.dataset.theme); } catch { /* private mode: not remembered */ }
      show();
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
    show();
  }

  function codeSwitch(button) {
    button.addEventListener("click", () => {
      const on = root.dataset.code === "off";
      root.dataset.code = on ? "on" : "off";
      button.setAttribute("aria-pressed", String(on));
      for (const item of document.querySelectorAll("details.code, details.how")) item.open = on;
    });
  }

  const text = (row, place) => {
    const cell = row.cells[place];
    return cell ? (cell.dataset.sort ?? cell.textContent).trim() : "";
  };
  const number = (value) => {
    const bare = value.replace(/[\s,]/g, "").replace(/^[<≤>≥~≈±+]/, "").replace("−", "-");
    const match = /^(-?)[$€£¥]?(\d+(?:\.\d+)?)(?:%|‰|×|x|pp)?$/.exec(bare);
    return match ? Number(match[1] + match[2]) : NaN;
  };
  const blank = (value) => ["", "-", "–", "—"].includes(value);

  function compare(a, b) {
    if (blank(a) || blank(b)) return NaN;
    const [x, y] = [number(a), number(b)];
    return Number.isNaN(x) || Number.isNaN(y) ? a.localeCompare(b, root.lang, { numeric: true }) : x - y;
  }

  function sort(table, header) {
    const up = header.getAttribute("aria-sort") !== "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", up ? "ascending" : "descending");
    const place = header.cellIndex;
    const rows = [...table.tBodies[0].rows];
    rows.sort((one, two) => {
      const [a, b] = [text(one, place), text(two, place)];
      const order = compare(a, b);
      return Number.isNaN(order) ? blank(a) - blank(b) : up ? order : -order;
    });
    table.tBodies[0].append(...rows);
  }

  function sortable(table) {
    if (table.tHead?.rows.length !== 1 || table.tBodies.length !== 1 || table.tBodies[0].rows.length < 2) return;
    if (table.querySelector("[colspan],[rowspan]")) return;
    for (const header of table.tHead.rows[0].cells) {
      if (!header.textContent.trim()) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...header.childNodes);
      header.append(button);
      button.addEventListener("click", () => sort(table, header));
    }
  }

  // The contents close when a place is chosen, at Escape, and when the reader turns elsewhere.
  function menu(drop) {
    if (!drop) return;
    const close = () => { drop.open = false; };
    for (const link of drop.querySelectorAll("a")) link.addEventListener("click", close);
    drop.addEventListener("keydown", (event) => { if (event.key === "Escape") { close(); drop.querySelector("summary").focus(); } });
    document.addEventListener("pointerdown", (event) => { if (!drop.contains(event.target)) close(); });
    drop.addEventListener("focusout", (event) => { if (event.relatedTarget && !drop.contains(event.relatedTarget)) close(); });
  }

  // The page in another language opens at the place the reader is at, or at the filters chosen.
  function languageSwitch(link) {
    const there = link.getAttribute("href");
    link.addEventListener("click", () => {
      const above = [...document.querySelectorAll("main [id]")].filter((node) => node.offsetParent && node.getBoundingClientRect().top < innerHeight / 3);
      const read = scrollY > innerHeight / 2 && above.length && !location.hash.includes("=");
      const place = read ? `#${encodeURIComponent(above.at(-1).id)}` : location.hash;
      link.setAttribute("href", there + place);
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("a.language").forEach(languageSwitch);
    const [theme, code] = ["switch-theme", "switch-code"].map((id) => document.getElementById(id));
    if (theme) themeSwitch(theme);
    if (code) codeSwitch(code);
    document.getElementById("print")?.addEventListener("click", () => print());
    document.querySelectorAll(".table table").forEach(sortable);
    for (const box of document.querySelectorAll(".table, .output, pre")) if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    menu(document.querySelector("details.drop"));
    const place = () => { try { return decodeURIComponent(location.hash.slice(1)); } catch { return ""; } };
    const open = () => { for (let box = document.getElementById(place())?.closest("details"); box; box = box.parentElement.closest("details")) box.open = true; };
    addEventListener("hashchange", open);
    open();
  });
})();
