// A form is sent once: an operation number, a button that says it is working.

import { fresh, say } from "./find.js";
import { show } from "./toast.js";

const SIGN_AFTER = 100;
const SLOW_AFTER = 10000;

function operation() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const sending = new WeakMap();

function begin(form, button) {
  const state = { button, words: button?.querySelector("span:not(.hear)") ?? button };
  state.label = state.words?.textContent;
  state.sign = setTimeout(() => {
    if (!button) return;
    button.style.minWidth = `${button.offsetWidth}px`;
    button.setAttribute("aria-busy", "true");
    button.setAttribute("aria-disabled", "true");
    state.words.textContent = say("busy");
  }, SIGN_AFTER);
  state.slow = setTimeout(() => show(say("slow"), "plain"), SLOW_AFTER);
  sending.set(form, state);
}

/** The form may be sent again. */
export function end(form) {
  const state = sending.get(form);
  if (!state) return;
  clearTimeout(state.sign);
  clearTimeout(state.slow);
  sending.delete(form);
  if (!state.button) return;
  state.button.removeAttribute("aria-busy");
  state.button.removeAttribute("aria-disabled");
  state.button.style.minWidth = "";
  state.words.textContent = state.label;
}

// Capturing, so that a second press never reaches htmx.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (sending.has(form)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  const number = form.elements.namedItem("_op");
  if (number && !number.value) number.value = operation();
  const at = form.elements.namedItem("_at"); // when it was written, by this device: kept if it is sent again later
  if (at && !at.value) at.value = new Date().toISOString();
  begin(form, event.submitter);
}, true);

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (form) end(form);
});

// Coming back with the browser's button: the form may be sent again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.querySelectorAll("form[data-once]")) end(form);
});

export function wake(root) {
  for (const form of fresh(root, "form[data-once]", wake)) {
    // What was changed after sending is another matter, with another number.
    form.addEventListener("input", () => {
      const number = form.elements.namedItem("_op");
      const at = form.elements.namedItem("_at");
      if (number && !sending.has(form)) number.value = "";
      if (at && !sending.has(form)) at.value = "";
    });
  }
}
