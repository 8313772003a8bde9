// Dialogs open, menus close, folds fold on the phone.

import { fresh } from "./find.js";

const phone = window.matchMedia("(width < 900px)");

function menus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu !== except && !menu.contains(except)) menu.open = false;
  }
}

document.addEventListener("click", (event) => {
  menus(event.target.closest("details[data-menu]"));
  const opener = event.target.closest("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (dialog instanceof HTMLDialogElement) {
    event.preventDefault();
    dialog.showModal();
    dialog.querySelector("[autofocus], .input, .choice input, .dialog-body .button")?.focus();
  }
  const inside = event.target.closest("[data-close-dialog]")?.closest("dialog");
  if (inside) {
    inside.close();
    if (location.hash === `#${inside.id}`) history.replaceState(null, "", location.pathname + location.search);
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const open = document.querySelector("details[data-menu][open]");
    menus(null);
    open?.querySelector("summary")?.focus();
  }
  if (event.key === " " && event.target.matches?.("a[role='button']")) {
    event.preventDefault();
    event.target.click();
  }
});

// A dialog whose form succeeded has nothing more to say.
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful && event.detail.xhr.status !== 422) event.target.closest?.("dialog[open]")?.close();
});

export function wake(root) {
  if (phone.matches) for (const fold of fresh(root, "details[data-fold]", wake)) fold.open = false;
  for (const link of fresh(root, "[data-photo-open]", menus)) {
    link.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      const large = document.createElement("dialog");
      large.className = "photo-large";
      const image = new Image();
      image.src = link.href;
      image.alt = link.querySelector("img")?.alt ?? "";
      large.append(image);
      large.addEventListener("click", () => large.close());
      large.addEventListener("close", () => large.remove());
      document.body.append(large);
      large.showModal();
    });
  }
}
