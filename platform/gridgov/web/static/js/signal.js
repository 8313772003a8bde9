// In the field there is often no signal: a form is only sent where the site can be reached, else it stays as it is.
// The browser would leave for an error page of its own, and what was typed would go with the page.

import { stay } from "./draft.js";
import { make, say } from "./find.js";
import { end } from "./once.js";

const PATIENCE = 8000;

async function reached() {
  if (!navigator.onLine) return false;
  try {
    await fetch("/static/svg/mark.svg", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    return true;
  } catch {
    return false;
  }
}

function tell(form) {
  form.querySelector("[data-unsent]")?.remove();
  const words = form.querySelector("[data-private]") ? "unsent" : "kept";
  const note = make("p", { class: "notice", role: "alert", "data-kind": "stop", "data-unsent": true }, say(words));
  form.querySelector(".form-end")?.before(note);
}

function send(form, button) {
  if (button?.name) form.append(make("input", { type: "hidden", name: button.name, value: button.value }));
  form.submit(); // tells nobody: the event of the press was heard
}

// Last of all, so that the form has its number and its draft: pressed again, the number is the same.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches(".outdoors form[data-draft]:not([hx-post])")) return;
  event.preventDefault();
  if (await reached()) return send(form, event.submitter);
  end(form);
  stay(form);
  tell(form);
});

/** Waits for presses alone. */
export function wake() {}
