// What htmx needs to know: the token of the session, what to do with refusals, where the focus goes.

import { say } from "./find.js";
import { show } from "./toast.js";

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector('meta[name="csrf-token"]');
  if (token) event.detail.headers["X-CSRF-Token"] = token.content;
});

// A swap drops the focus: give it to what the piece names, or keep it with the piece.
document.addEventListener("htmx:afterSettle", (event) => {
  const piece = event.detail.elt;
  if (!(piece instanceof Element) || piece.closest("[data-keep-focus]")) return;
  const target = piece.matches("[data-focus]") ? piece : piece.querySelector("[data-focus]");
  if (target) target.focus({ preventScroll: false });
});

// A page that came back refused opens at what names the faults, or at the first field at fault, unfolded.
export function aim(page) {
  const faults = [...page.querySelectorAll(".error-summary, .field[data-wrong]")];
  for (const wrong of faults.filter((one) => one.matches(".field"))) {
    for (let fold = wrong.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  }
  const fault = faults.find((one) => one.checkVisibility());
  if (!fault) return;
  const field = "input:not([type=hidden]), select, textarea, canvas";
  const seen = [...fault.querySelectorAll(field)].find((one) => one.checkVisibility());
  (fault.hasAttribute("tabindex") ? fault : seen)?.focus();
}

// An error page is not swapped in: its sentence is said, and what was typed stays.
const silent = (event) => event.detail.elt.closest?.("[data-wall]"); // says it itself, and large

document.addEventListener("htmx:responseError", (event) => {
  if (silent(event)) return;
  const answer = new DOMParser().parseFromString(event.detail.xhr.responseText ?? "", "text/html");
  const sentence = answer.querySelector("[data-sentence]")?.textContent.trim();
  if (event.detail.xhr.status === 401 && !event.detail.xhr.getResponseHeader("HX-Redirect")) location.reload();
  else show(sentence || say("failed"), "stop");
});
for (const fault of ["sendError", "timeout"]) {
  document.addEventListener(`htmx:${fault}`, (event) => silent(event) || show(say("lost"), "stop"));
}

// htmx notes the address of the page; nothing here pushes addresses, and nothing is to stay in the browser.
export function wake() {
  try {
    sessionStorage.removeItem("htmx-current-path-for-history");
  } catch { /* private browsing: nothing was kept */ }
}
