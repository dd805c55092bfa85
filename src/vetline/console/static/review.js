// The reviewers' keys, the rows of the queue, and the seconds in which a decision can be undone.
"use strict";

const typing = (element) => element.matches("input:not([type=checkbox]), textarea, select");

function press(key) {
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]:not([disabled])`);
  if (!target) return false;
  if (target.matches("textarea")) target.focus();
  else target.click();
  return true;
}

// Rows of the queue are walked with J and K; Enter opens the one that has the focus.
function walk(step) {
  const rows = [...document.querySelectorAll("[data-row]")];
  if (!rows.length) return false;
  const here = rows.indexOf(document.activeElement);
  const there = here < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(here + step, 0), rows.length - 1);
  rows[there].focus();
  return true;
}

function help() {
  const keys = document.getElementById("keys");
  keys.open = !keys.open;
  if (keys.open) keys.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (event.repeat) return; // a key that is held down decides one case, not ten
  const key = event.key.toLowerCase();
  if (key === "?") help();
  else if (key === "j") { if (!walk(1)) return; }
  else if (key === "k") { if (!walk(-1)) return; }
  else if (!/^[a-z1-7]$/.test(key) || !press(key)) return;
  event.preventDefault();
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-all]")) return;
  for (const box of event.target.form.querySelectorAll("input[name=case]")) box.checked = event.target.checked;
});

function countDown() {
  for (const form of document.querySelectorAll("form[data-until]")) {
    const seconds = Math.ceil((new Date(form.dataset.until) - Date.now() - ahead) / 1000);
    if (seconds <= 0) form.remove();
    else form.querySelector(".left").textContent = seconds;
  }
}
countDown();
setInterval(countDown, 250);
