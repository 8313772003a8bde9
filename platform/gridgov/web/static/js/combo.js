// A long select becomes a box to search in: recent choices first, then by words, pinyin initials or code.

import { fresh, make } from "./find.js";

const SHOWN = 40;
const RECENT = 5;

function recent(name) {
  try {
    return JSON.parse(localStorage.getItem(`gridgov:recent:${name}`) ?? "[]");
  } catch {
    return [];
  }
}

function remember(name, value) {
  try {
    const values = [value, ...recent(name).filter((one) => one !== value)].slice(0, RECENT);
    localStorage.setItem(`gridgov:recent:${name}`, JSON.stringify(values));
  } catch { /* then there are no recent ones */ }
}

function combo(box) {
  const select = box.querySelector("select");
  const name = box.dataset.combo;
  const options = [...select.options].filter((option) => option.value).map((option) => ({
    value: option.value,
    words: option.textContent,
    group: option.dataset.group ?? "",
    keys: `${option.dataset.keys ?? ""} ${option.value}`.toLowerCase(),
  }));
  const input = make("input", {
    class: "input", id: select.id, type: "text", role: "combobox", autocomplete: "off", spellcheck: "false",
    "aria-expanded": "false", "aria-controls": `${select.id}-list`, "aria-autocomplete": "list",
    "aria-describedby": select.getAttribute("aria-describedby"), placeholder: box.dataset.placeholder,
    "aria-invalid": select.closest("[data-wrong]") ? "true" : undefined,
  });
  const list = make("div", { class: "combo-list", id: `${select.id}-list`, role: "listbox", hidden: true });
  list.setAttribute("aria-label", document.querySelector(`label[for="${select.id}"]`)?.firstChild.textContent ?? name);
  select.id += "-select";
  select.hidden = true;
  select.before(input);
  box.append(list);
  let shown = [];
  let at = -1;

  const words = () => options.find((option) => option.value === select.value)?.words ?? "";

  function matching(text) {
    const asked = text.trim().toLowerCase();
    if (!asked || asked === words().toLowerCase()) {
      const lately = recent(name).map((value) => options.find((option) => option.value === value)).filter(Boolean);
      return [...lately.map((option) => ({ ...option, group: box.dataset.wordsRecent })), ...options].slice(0, SHOWN + lately.length);
    }
    const rank = (option) => (option.words.startsWith(asked) ? 0 : option.keys.startsWith(asked) ? 1 : 2);
    return options
      .filter((option) => option.words.toLowerCase().includes(asked) || option.keys.includes(asked) || option.group.includes(asked))
      .sort((one, other) => rank(one) - rank(other) || one.words.length - other.words.length).slice(0, SHOWN);
  }

  function point(place) {
    at = place;
    for (const [index, row] of [...list.querySelectorAll("[role=option]")].entries()) {
      row.setAttribute("aria-selected", index === at);
      if (index === at) {
        input.setAttribute("aria-activedescendant", row.id);
        row.scrollIntoView({ block: "nearest" });
      }
    }
    if (at < 0) input.removeAttribute("aria-activedescendant");
  }

  function open() {
    shown = matching(input.value);
    const rows = [];
    let group = null;
    for (const [index, option] of shown.entries()) {
      if (option.group !== group) {
        group = option.group;
        if (group) rows.push(make("div", { class: "combo-group", role: "presentation" }, group));
      }
      rows.push(make("div", { class: "combo-option", role: "option", id: `${list.id}-${index}`, "aria-selected": "false", "data-place": index }, option.words));
    }
    list.replaceChildren(...(rows.length ? rows : [make("div", { class: "combo-none", role: "presentation" }, box.dataset.wordsNone)]));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    point(input.value && input.value !== words() && shown.length ? 0 : -1);
  }

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    input.value = words();
  }

  function choose(option) {
    select.value = option.value;
    remember(name, option.value);
    close();
    select.dispatchEvent(new Event("input", { bubbles: true }));
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  input.value = words();
  input.addEventListener("focus", () => { input.select(); open(); });
  input.addEventListener("click", () => { if (list.hidden) open(); });
  input.addEventListener("input", (event) => { event.stopPropagation(); open(); });
  input.addEventListener("blur", () => {
    if (!input.value.trim()) select.value = "";
    close();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) open();
      point(Math.min(Math.max(at + (event.key === "ArrowDown" ? 1 : -1), 0), shown.length - 1));
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      if (shown[at]) choose(shown[at]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      close();
    }
  });
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault(); // the focus stays in the box
    const row = event.target.closest("[data-place]");
    if (row) choose(shown[Number(row.dataset.place)]);
  });
  select.addEventListener("change", () => { if (list.hidden) input.value = words(); });
}

export function wake(root) {
  for (const box of fresh(root, "[data-combo]", wake)) combo(box);
}
