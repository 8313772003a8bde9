// The bell: a stream while the page is looked at, asking once a minute where there is no stream.

import { say } from "./find.js";

const EVERY = 60000;
const FAULTS = 3;

let stream = null;
let timer = null;
let faults = 0;

function tell(unread) {
  for (const dot of document.querySelectorAll("[data-unread]")) {
    dot.hidden = unread === 0;
    dot.textContent = unread > 99 ? "99+" : unread;
  }
  for (const words of document.querySelectorAll("[data-unread-words]")) {
    words.textContent = unread ? say("unread", { n: unread }) : say("read");
  }
  document.dispatchEvent(new CustomEvent("gridgov:unread", { detail: { unread } }));
}

async function ask(url) {
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (answer.ok) tell((await answer.json()).unread);
  } catch { /* the next minute will do */ }
}

function stop() {
  stream?.close();
  stream = null;
  clearInterval(timer);
  timer = null;
}

function start() {
  const { streamUrl, unreadUrl } = document.body.dataset;
  stop();
  if (document.hidden) return;
  if (streamUrl && window.EventSource && faults < FAULTS) {
    stream = new EventSource(streamUrl);
    stream.addEventListener("unread", (event) => {
      faults = 0;
      tell(Number(event.data));
    });
    stream.addEventListener("error", () => {
      // What was refused is closed, and the browser tries no more; what broke off, it tries again.
      faults = stream.readyState === EventSource.CLOSED ? FAULTS : faults + 1;
      if (faults >= FAULTS) start();
    });
  } else if (unreadUrl) {
    ask(unreadUrl);
    timer = setInterval(() => ask(unreadUrl), EVERY);
  }
}

let begun = false;

export function wake() {
  if (begun) return;
  begun = true;
  // A tab that nobody looks at holds no connection: browsers have six to a site.
  document.addEventListener("visibilitychange", start);
  window.addEventListener("pagehide", stop);
  start();
}
