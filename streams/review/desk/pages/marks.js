// What is to be burned, or leaks. The form's own hidden fields are the list, so that what is seen is what is sent.
"use strict";

import { all, at, within } from "./keys.js";

const SMALLEST_PX = 3; // a slip of the mouse is no place

const plain = (kind) => kind.replaceAll("_", " ");

export class Marks {
  // `sizes` are width and height of what can be marked on each page; `changed` is called when the list was.
  constructor(sizes, changed) {
    Object.assign(this, { sizes, changed });
    this.list();
  }

  // Pages count from 1, sides are in pixels of the page.
  get places() {
    return all("#marks input").map((field) => {
      const [page, sides, kind] = field.value.split(":");
      const [left, top, right, bottom] = sides.split(",").map(Number);
      return { field, page: Number(page), left, top, right, bottom, kind: kind ?? "" };
    });
  }

  // Says what was marked.
  add(area, kind) {
    const [width, height] = this.sizes[area.page - 1];
    const [left, right] = [area.left, area.right].map((x) => Math.round(within(x, 0, width)));
    const [top, bottom] = [area.top, area.bottom].map((y) => Math.round(within(y, 0, height)));
    if (right - left < SMALLEST_PX || bottom - top < SMALLEST_PX) return "That is no place on the page.";
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: "burn" });
    field.value = `${area.page}:${left},${top},${right},${bottom}${kind && `:${kind}`}`;
    const item = document.createElement("li");
    item.append(field);
    at("marks").append(item);
    document.querySelector("input[name=choice][data-marks]").checked = true;
    this.list();
    return `${at("marks").dataset.told}: page ${area.page}, ${left},${top} to ${right},${bottom}${kind && `, ${plain(kind)}`}.`;
  }

  removeLast() {
    const last = at("marks").lastElementChild;
    last?.remove();
    this.list();
    return last ? "The mark is gone." : "Nothing is marked.";
  }

  list() {
    for (const { field, page, left, top, right, bottom, kind } of this.places) {
      const text = Object.assign(document.createElement("span"), { className: "at" });
      text.textContent = `page ${page}: ${left},${top} to ${right},${bottom}${kind && ` ${plain(kind)}`}`;
      const off = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
      const item = field.parentElement;
      off.setAttribute("aria-label", `Remove ${text.textContent}`);
      off.addEventListener("click", () => {
        item.remove();
        this.list();
      });
      item.replaceChildren(field, text, off);
    }
    at("marks-none").hidden = this.places.length > 0;
    this.changed();
  }
}
