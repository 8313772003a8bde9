// A strip of tabs that is wider than the phone: the chosen one is in view, in the middle if it can be.

import { fresh } from "./find.js";

export function wake(root) {
  for (const tab of fresh(root, ".tab[aria-current]", wake)) {
    const strip = tab.closest(".tabs-list");
    const [outer, inner] = [strip.getBoundingClientRect(), tab.getBoundingClientRect()];
    strip.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
  }
}
