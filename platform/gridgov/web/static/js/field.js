// Small services of fields and pages: counters, shown passwords, copying, printing, asking before leaving.

import { fresh, make, say } from "./find.js";
import { show } from "./toast.js";

const NEAR = 0.7;

function counter(field) {
  const out = make("span", { class: "field-count", hidden: true });
  field.after(out);
  const tell = () => {
    const free = field.maxLength - field.value.length;
    out.hidden = field.value.length < field.maxLength * NEAR;
    out.textContent = say("left", { n: free });
    out.toggleAttribute("data-near", free <= 5);
  };
  field.addEventListener("input", tell);
  field.addEventListener("change", tell);
  tell();
}

function ask(form) {
  let dirty = false;
  form.addEventListener("input", () => { dirty = true; });
  form.addEventListener("submit", () => { dirty = false; });
  window.addEventListener("beforeunload", (event) => { if (dirty && form.isConnected) event.preventDefault(); });
}

document.addEventListener("click", async (event) => {
  const target = event.target.closest("[data-print], [data-reload], [data-copy], [data-show-secret]");
  if (!target) return;
  const { copy, showSecret } = target.dataset;
  if (target.hasAttribute("data-print")) window.print();
  else if (target.hasAttribute("data-reload")) {
    event.preventDefault();
    location.reload();
  } else if (copy !== undefined) {
    await navigator.clipboard?.writeText(copy);
    show(say("copied"));
  } else {
    const field = document.getElementById(showSecret);
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    target.setAttribute("aria-pressed", shown);
  }
});

export function wake(root) {
  for (const field of fresh(root, "[data-count]", counter)) counter(field);
  for (const form of fresh(root, "form[data-ask-before-leaving]", ask)) ask(form);
  for (const button of fresh(root, "[data-show-secret]", wake)) button.hidden = false;
}
