// The keys of a tree: up and down through the rows, right opens, left closes or climbs.

import { fresh } from "./find.js";

function rows(tree) {
  return [...tree.querySelectorAll(".tree-row")].filter((row) => row.checkVisibility?.() ?? row.offsetParent);
}

function turn(button, open) {
  const inner = document.getElementById(button.dataset.treeToggle);
  button.setAttribute("aria-expanded", open);
  inner.hidden = !open;
  if (open) window.htmx?.trigger(inner, "tree-open");
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-tree-toggle]");
  if (button) turn(button, button.getAttribute("aria-expanded") !== "true");
});

function keys(tree) {
  tree.addEventListener("keydown", (event) => {
    const row = event.target.closest(".tree-row");
    if (!row || event.altKey || event.ctrlKey || event.metaKey) return;
    const button = row.querySelector("[data-tree-toggle]");
    const open = button?.getAttribute("aria-expanded") === "true";
    const all = rows(tree);
    const place = all.indexOf(row);
    let next = null;
    if (event.key === "ArrowDown") next = all[place + 1];
    else if (event.key === "ArrowUp") next = all[place - 1];
    else if (event.key === "ArrowRight" && button) {
      if (open) next = all[place + 1];
      else turn(button, true);
    } else if (event.key === "ArrowLeft") {
      if (open) turn(button, false);
      else next = row.closest(".tree .tree")?.parentElement.querySelector(".tree-row");
    } else return;
    event.preventDefault();
    next?.querySelector("a").focus();
  });
}

export function wake(root) {
  for (const tree of fresh(root, "[data-tree]", wake)) keys(tree);
}
