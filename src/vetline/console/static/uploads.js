// Says of a file that it is too large before all of it is sent for nothing; the service says the same.
"use strict";

const input = document.querySelector("input[type=file][data-largest]");

function judge() {
  const [file] = input.files;
  const isTooLarge = Boolean(file) && file.size > Number(input.dataset.largest);
  input.setCustomValidity(isTooLarge ? input.dataset.tooLarge : "");
  if (isTooLarge) input.reportValidity();
}

if (input) input.addEventListener("change", judge);
