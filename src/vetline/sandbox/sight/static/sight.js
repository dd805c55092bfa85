// The journal while it happens: told of an exchange, the list is fetched anew; whoever reads can stop that.
"use strict";

const live = document.getElementById("live");
const together = 200; // milliseconds: what comes at once is shown at once
let due = 0;

async function refresh() {
  due = 0;
  const answer = await fetch(location.href);
  if (!answer.ok || !isLive()) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("found");
  const held = document.activeElement?.closest("#found a")?.getAttribute("href");
  document.getElementById("found").replaceChildren(...fresh.childNodes);
  if (held) document.querySelector(`#found a[href="${CSS.escape(held)}"]`)?.focus();
}

function isLive() {
  return live.getAttribute("aria-pressed") === "true";
}

function soon() {
  if (isLive() && !due) due = setTimeout(() => refresh().catch(() => {}), together);
}

if (live) {
  const source = new EventSource("stream" + location.search);
  source.addEventListener("exchange", soon);
  source.addEventListener("missed", soon);
  source.addEventListener("open", soon); // what came while nobody listened
  addEventListener("pagehide", () => source.close());
  live.hidden = false;
  live.addEventListener("click", () => {
    live.setAttribute("aria-pressed", String(!isLive()));
    soon();
  });
}
