// What was typed is kept on this device until it is accepted: forms marked data-draft, never a data-private field.

import { fresh, make, say } from "./find.js";

const PREFIX = "gridgov:draft:";
const SENT = "gridgov:sent";
const KEPT = 72 * 3600 * 1000;
const QUIET = 400;

const owner = () => document.body.dataset.owner ?? "";
const key = (form) => `${PREFIX}${location.pathname}#${form.id || new URL(form.action).pathname}`;

function store(action) {
  try {
    return action(localStorage);
  } catch {
    return null; // private browsing: then there is no draft
  }
}

function drafts(keep) {
  store((kept) => {
    for (const name of Object.keys(kept).filter((one) => one.startsWith(PREFIX))) {
      const draft = JSON.parse(kept.getItem(name));
      if (!keep(draft)) kept.removeItem(name);
    }
  });
}

function fields(form) {
  return [...form.elements].filter((field) => field.name && !field.name.startsWith("_") && !field.matches('[data-private], [type="hidden"], [type="password"], [type="file"], button'));
}

function read(form) {
  const values = [];
  for (const field of fields(form)) {
    if (field.matches('[type="checkbox"], [type="radio"]')) {
      if (field.checked) values.push([field.name, field.value]);
    } else if (field.value) values.push([field.name, field.value]);
  }
  return values;
}

function write(form, values) {
  for (const field of fields(form)) {
    const mine = values.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.matches('[type="checkbox"], [type="radio"]')) field.checked = mine.includes(field.value);
    else if (mine.length) field.value = mine.shift();
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

const forget = (form) => store((kept) => kept.removeItem(key(form)));

function keep(form) {
  const values = read(form);
  if (!values.length) forget(form);
  else store((kept) => kept.setItem(key(form), JSON.stringify({ owner: owner(), at: Date.now(), values })));
}

function restore(form) {
  const draft = store((kept) => JSON.parse(kept.getItem(key(form)) ?? "null"));
  if (!draft || form.querySelector("[data-wrong]")) return;
  const before = read(form);
  if (JSON.stringify(before) === JSON.stringify(draft.values)) return;
  write(form, draft.values);
  const away = make("button", { class: "button", type: "button", "data-kind": "quiet" }, say("forget"));
  const note = make("div", { class: "notice", role: "status" }, make("div", { class: "row" }, make("span", {}, say("draft")), away));
  away.addEventListener("click", () => {
    forget(form);
    write(form, before);
    note.remove();
  });
  form.prepend(note);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-log-out]")) drafts(() => false);
  else if (form.matches("[data-draft]")) store((kept) => kept.setItem(SENT, key(form)));
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form[data-draft]");
  if (form && event.detail.successful) forget(form);
});

/** It could not be sent: what was typed stays on this device. */
export function stay(form) {
  store((kept) => kept.removeItem(SENT));
  keep(form);
}

// Another page came after sending, or the same that says so: accepted. The same and no word: it never arrived.
const sent = store((kept) => kept.getItem(SENT));
if (sent) {
  const again = [...document.querySelectorAll("form[data-draft]")].some((form) => key(form) === sent);
  const refused = document.querySelector("form[data-draft] [data-wrong], .error-page") || (again && !document.querySelector("[data-toast]"));
  store((kept) => {
    kept.removeItem(SENT);
    if (!refused) kept.removeItem(sent);
  });
}
drafts((draft) => draft.owner === owner() && Date.now() - draft.at < KEPT);

export function wake(root) {
  for (const form of fresh(root, "form[data-draft]", wake)) {
    restore(form);
    let timer;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => keep(form), QUIET);
    });
  }
}
