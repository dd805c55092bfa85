// What every page does in the browser: times in the viewer's zone, copying, light and dark, and being offline.
"use strict";

const formats = {
  moment: new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }),
  day: new Intl.DateTimeFormat(undefined, { dateStyle: "medium" }),
};
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

// The service's clock counts: a sandbox's can be days ahead of the viewer's.
const ahead = new Date(document.body.dataset.now) - Date.now();

function since(moment) {
  const seconds = (moment - Date.now() - ahead) / 1000;
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? units[3];
  return relative.format(Math.trunc(seconds / size), unit);
}

// The server says UTC; the viewer reads their own zone, and the title keeps UTC.
function showTimes(root) {
  for (const time of root.querySelectorAll("time[data-show]")) {
    const moment = new Date(time.dateTime);
    const format = formats[time.dataset.show];
    time.textContent = format ? format.format(moment) : since(moment);
  }
}

async function copy(button) {
  try { await navigator.clipboard.writeText(button.dataset.copy); } catch { return tell("uncopied"); }
  button.dataset.said ??= button.textContent; // pressed again, it shows the other word already
  show(button, button.dataset.copied);
  setTimeout(() => show(button, button.dataset.said), 1500);
}

// Who cannot see the button change hears it.
function show(button, word) {
  button.textContent = word;
  document.getElementById("said").textContent = word === button.dataset.copied ? word : "";
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function turn() {
  const theme = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  try { localStorage.setItem("theme", theme); } catch { /* then it holds for this page alone */ }
  document.dispatchEvent(new Event("themechange"));
}

function tell(name) {
  const trouble = document.getElementById("trouble");
  trouble.textContent = trouble.dataset[name];
  trouble.hidden = false;
}

function showOffline() {
  document.getElementById("offline").hidden = navigator.onLine;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});
document.getElementById("theme").addEventListener("click", turn);
document.addEventListener("htmx:afterSwap", (event) => showTimes(event.target));
document.addEventListener("htmx:sendError", () => tell("lost"));
document.addEventListener("htmx:responseError", () => tell("failed"));
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) document.getElementById("trouble").hidden = true;
});
// A form is sent once, however often its button is pressed; going back to the page makes it usable again.
document.addEventListener("submit", (event) => {
  if (event.target.matches("form[method=post]")) {
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "yes";
  }
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
addEventListener("online", showOffline);
addEventListener("offline", showOffline);

showTimes(document);
showOffline();
if ("serviceWorker" in navigator) navigator.serviceWorker.register(document.body.dataset.offlineWorker).catch(() => {});
