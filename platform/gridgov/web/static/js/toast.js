// One sentence in the corner. It leaves by itself, unless something went wrong.

import { fresh, icon, make, say } from "./find.js";

const STAYS = 8000;

/** Say `words`; kind is done, plain or stop. */
export function show(words, kind = "done") {
  const close = make("button", { class: "toast-close", type: "button", "data-close-toast": true, "aria-label": say("close") }, icon("x", 18));
  const mark = icon({ done: "circle-check", stop: "circle-alert" }[kind] ?? "info");
  const toast = make("div", { class: "toast", "data-toast": true, "data-kind": kind }, mark, make("p", {}, words), close);
  document.querySelector("#toasts")?.append(toast);
  wake(toast);
}

document.addEventListener("toast", (event) => show(event.detail.words, event.detail.kind));
document.addEventListener("click", (event) => event.target.closest("[data-close-toast]")?.closest(".toast").remove());

export function wake(root) {
  for (const toast of fresh(root, "[data-toast]", wake)) {
    if (toast.dataset.kind === "stop") continue;
    let timer = setTimeout(() => toast.remove(), STAYS);
    toast.addEventListener("pointerenter", () => clearTimeout(timer));
    toast.addEventListener("focusin", () => clearTimeout(timer));
    toast.addEventListener("pointerleave", () => { timer = setTimeout(() => toast.remove(), STAYS); });
  }
  // ?said=… has been shown: a reload shall not say it again.
  const here = new URL(location.href);
  if (here.searchParams.has("said")) {
    here.searchParams.delete("said");
    here.searchParams.delete("seal");
    history.replaceState(history.state, "", here);
  }
}
