// A screen on the wall says so when it hears nothing any more, instead of standing still.

for (const fault of ["sendError", "timeout", "responseError"]) {
  document.addEventListener(`htmx:${fault}`, (event) => {
    const wall = event.detail.elt.closest?.("[data-wall]");
    if (!wall) return;
    if (event.detail.xhr?.status === 404) location.reload(); // revoked: the page says what to do
    else wall.setAttribute("data-lost", "");
  });
}

/** Waits for faults alone: the next answer brings the whole wall anew. */
export function wake() {}
