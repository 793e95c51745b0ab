// One key each, none of them while somebody types, and all of them can be switched off.
"use strict";

export const at = (id) => document.getElementById(id);
export const all = (selector) => [...document.querySelectorAll(selector)];
export const within = (number, least, most) => Math.min(Math.max(number, least), most);

// `keys` maps what is pressed to what it does.
export function listen(keys) {
  const dialog = at("keys");
  const on = at("keys-on");
  at("show-keys").addEventListener("click", () => dialog.showModal());
  addEventListener("keydown", (event) => {
    const { target, key } = event;
    const chooses = target.matches?.("input[type=radio], input[type=checkbox]");
    const types = target.matches?.("input, select, textarea") && !chooses;
    if (types || dialog.open || event.ctrlKey || event.altKey || event.metaKey) return;
    if (chooses && key.startsWith("Arrow")) return;
    if (key === "?") dialog.showModal();
    else if (keys[key] && (on.checked || key.length > 1)) keys[key]();
    else return;
    event.preventDefault();
  });
}
