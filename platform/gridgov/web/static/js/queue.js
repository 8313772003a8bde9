// A queue under the fingers: j and k walk, Enter opens, p previews, x ticks; ticked rows bring the batch bar. / goes to the search box.

import { fresh } from "./find.js";

const writing = (element) => element?.matches?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
const preview = () => document.querySelector("#preview");
const rows = () => [...document.querySelectorAll("[data-queue] .queue-row")];
const here = () => document.activeElement?.closest(".queue-row");

function look(row) {
  if (!row?.dataset.preview || !preview() || !window.htmx) return;
  for (const other of rows()) other.toggleAttribute("aria-selected", false);
  row.setAttribute("aria-selected", "true");
  window.htmx.ajax("GET", row.dataset.preview, { target: "#preview", swap: "innerHTML" });
}

function walk(step) {
  const all = rows();
  const next = all[Math.min(Math.max(all.indexOf(here()) + step, 0), all.length - 1)];
  next?.querySelector("[data-row-link]").focus();
  if (preview()?.childElementCount) look(next);
}

function count(queue) {
  const bar = document.querySelector("[data-batch]");
  const ticked = queue.querySelectorAll("[data-tick]:checked").length;
  if (!bar) return;
  bar.hidden = ticked === 0;
  bar.querySelector("[data-batch-count]").textContent = ticked;
  const all = queue.querySelector("[data-tick-all]");
  const whole = queue.querySelectorAll("[data-tick]").length;
  if (all) {
    all.checked = ticked > 0 && ticked === whole;
    all.indeterminate = ticked > 0 && ticked < whole;
  }
}

function tick(queue, on) {
  for (const box of queue.querySelectorAll("[data-tick]")) box.checked = on;
  count(queue);
}

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || writing(event.target) || document.querySelector("dialog[open]")) return;
  const row = here();
  if (event.key === "/") {
    const search = document.querySelector("#search");
    if (!search?.checkVisibility?.()) return;
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === "j" || event.key === "k") walk(event.key === "j" ? 1 : -1);
  else if (event.key === "p" && row) look(row);
  else if (event.key === "x" && row) row.querySelector("[data-tick]")?.click();
  else if (event.key === "Escape" && preview()?.childElementCount) {
    preview().replaceChildren();
    rows().find((one) => one.getAttribute("aria-selected") === "true")?.querySelector("[data-row-link]").focus();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.id === "search") event.target.blur();
});

document.addEventListener("click", (event) => {
  const density = event.target.closest("[data-toggle-density]");
  if (density) {
    const dense = document.documentElement.dataset.density === "dense" ? "" : "dense";
    document.documentElement.dataset.density = dense;
    density.setAttribute("aria-pressed", Boolean(dense));
    try { localStorage.setItem("gridgov:density", dense); } catch { /* then only for this page */ }
  }
  if (event.target.closest("[data-tick-none]")) for (const queue of document.querySelectorAll("[data-queue]")) tick(queue, false);
});

try { document.documentElement.dataset.density = localStorage.getItem("gridgov:density") ?? ""; } catch { /* the usual density */ }

export function wake(root) {
  for (const queue of fresh(root, "[data-queue]", wake)) {
    let last = null;
    queue.addEventListener("click", (event) => {
      const box = event.target.closest("[data-tick]");
      if (box) {
        const all = [...queue.querySelectorAll("[data-tick]")];
        if (event.shiftKey && last) {
          const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((one, other) => one - other);
          for (const other of all.slice(from, to + 1)) other.checked = box.checked;
        }
        last = box;
      } else if (!event.target.closest("a, button, label, input")) look(event.target.closest(".queue-row"));
    });
    queue.addEventListener("change", (event) => {
      if (event.target.matches("[data-tick-all]")) tick(queue, event.target.checked);
      else count(queue);
    });
    count(queue);
  }
}
