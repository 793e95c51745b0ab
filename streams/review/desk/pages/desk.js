// The desk's pages: the list, a copy, what came of it. They ask for nothing but pictures; a decision goes by the form.
"use strict";

import { copyPage } from "./copy.js";
import { all, at, listen, within } from "./keys.js";

const ALIVE_MS = 60000;

// Nobody leaves a page with a record on it: the desk ends by itself, and so does what it showed.
// While somebody works here it is told so, or what they marked would be lost.
function watchIdle() {
  const idle = Number(document.body.dataset.idle) * 1000;
  let [last, told] = [Date.now(), Date.now()];
  const active = () => {
    last = Date.now();
    if (last - told < Math.min(ALIVE_MS, idle / 3)) return;
    told = last;
    new Image().src = `${document.body.dataset.at}/icon.svg?${told}`;
  };
  for (const name of ["keydown", "pointerdown", "pointermove", "wheel"]) addEventListener(name, active, { passive: true });
  setInterval(() => {
    if (Date.now() - last < idle || at("work")?.textContent) return;
    document.body.replaceChildren(Object.assign(document.createElement("p"), { textContent: "The desk has ended." }));
  }, 1000);
}

function listPage() {
  const buttons = all("button.go");
  buttons[0]?.focus();
  const step = (by) => buttons[within(buttons.indexOf(document.activeElement) + by, 0, buttons.length - 1)]?.focus();
  listen({ n: () => step(1), p: () => step(-1), j: () => step(1), k: () => step(-1) });
}

function camePage() {
  listen({ n: () => at("next")?.click(), a: () => at("again")?.click() });
}

watchIdle();
({ copy: copyPage, came: camePage }[document.body.className] ?? listPage)();
