// Light or dark before anything is drawn: the visitor's own choice, else the system's.
"use strict";
const chosen = (() => { try { return localStorage.getItem("theme"); } catch { return null; } })();
if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
