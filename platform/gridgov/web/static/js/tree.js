// The keys of a tree: up and down through the rows, right opens, left closes or climbs.

import { fresh } from "./find.js";

function rows(tree) {
  return [...tree.querySelectorAll(".tree-row")].filter((row) => row.checkVisibility?.() ?? row.offsetParent);
}

const stop = (row) => (row.matches("summary") ? row : row.querySelector("a"));

function keys(tree) {
  tree.addEventListener("keydown", (event) => {
    const row = event.target.closest(".tree-row");
    if (!row || event.altKey || event.ctrlKey || event.metaKey) return;
    const branch = row.parentElement.matches("details") ? row.parentElement : null;
    const all = rows(tree);
    const place = all.indexOf(row);
    let next = null;
    if (event.key === "ArrowDown") next = all[place + 1];
    else if (event.key === "ArrowUp") next = all[place - 1];
    else if (event.key === "ArrowRight" && branch) {
      if (branch.open) next = all[place + 1];
      branch.open = true;
    } else if (event.key === "ArrowLeft") {
      if (branch?.open) branch.open = false;
      else next = row.closest(".tree .tree")?.closest("details")?.querySelector("summary");
    } else return;
    event.preventDefault();
    if (next) stop(next).focus();
  });
}

export function wake(root) {
  for (const tree of fresh(root, "[data-tree]", wake)) keys(tree);
}
