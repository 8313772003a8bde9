// Elements to wake, each once, and the sentences of the page.

const awake = new WeakMap();

/** Every element at or under `root` that matches, and that `who` has not seen before. */
export function fresh(root, selector, who) {
  const seen = awake.get(who) ?? new WeakSet();
  awake.set(who, seen);
  const found = [...root.querySelectorAll(selector)];
  if (root.matches?.(selector)) found.unshift(root);
  return found.filter((element) => !seen.has(element) && seen.add(element));
}

let words;

/** A sentence of the page in its language, with `{n}` filled in. */
export function say(key, values = {}) {
  words ??= JSON.parse(document.body.dataset.words ?? "{}");
  return (words[key] ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** An element in one line: make("p", {class: "quiet"}, "text", child). */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** An icon of the sprite. */
export function icon(name, size = 20) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `/static/vendor/icons.svg#${name}`);
  for (const [key, value] of Object.entries({ class: "icon", width: size, height: size, "aria-hidden": "true" })) {
    svg.setAttribute(key, value);
  }
  svg.append(use);
  return svg;
}

/** A vendor script, loaded at most once. */
const loading = new Map();
export function load(source) {
  if (!loading.has(source)) {
    loading.set(source, new Promise((resolve, reject) => {
      const script = make("script", { src: source });
      script.addEventListener("load", resolve);
      script.addEventListener("error", reject);
      document.head.append(script);
    }));
  }
  return loading.get(source);
}

/** A colour of tokens.css, as the page's accent resolves it. */
export function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
