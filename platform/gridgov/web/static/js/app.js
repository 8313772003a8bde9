// The entry: wakes what stands on the page, and what htmx brings later.

import * as combo from "./combo.js";
import * as dialog from "./dialog.js";
import * as draft from "./draft.js";
import * as field from "./field.js";
import * as live from "./live.js";
import * as once from "./once.js";
import * as photo from "./photo.js";
import * as queue from "./queue.js";
import * as signal from "./signal.js";
import * as swap from "./swap.js";
import * as tabs from "./tabs.js";
import * as toast from "./toast.js";
import * as tree from "./tree.js";
import * as wall from "./wall.js";

const MODULES = [swap, toast, dialog, once, draft, signal, field, photo, combo, tabs, tree, queue, live, wall];

function wake(root) {
  for (const module of MODULES) module.wake(root);
  if (root.querySelector("[data-map]")) import("./map.js").then((module) => module.wake(root));
  if (root.querySelector("[data-sign]")) import("./sign.js").then((module) => module.wake(root));
  if (root.querySelector("[data-chart]")) import("./charts.js").then((module) => module.wake(root));
}

document.addEventListener("htmx:load", (event) => wake(event.detail.elt));
wake(document.body);
swap.aim(document.body);
