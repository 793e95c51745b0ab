// The page that is shown: its picture, and over it frames in the page's own pixels.
"use strict";

import { at, within } from "./keys.js";

const SVG = "http://www.w3.org/2000/svg";
const KEPT_PAGES = 6;
const WIDEST_PX = 1040; // print is large enough to read, and lines are not too long
const ROOM_PX = 24;

export class Sheet {
  // `sizes` are width and height of each page's picture; `drawn` is given each area that was drawn.
  constructor(sizes, drawn) {
    Object.assign(this, { sizes, drawn, page: 0, zoom: 1, whole: false, loaded: new Map() });
    [this.desk, this.sheet] = [at("desk"), at("sheet")];
    this.overlay = document.createElementNS(SVG, "svg");
    this.overlay.setAttribute("preserveAspectRatio", "none");
    this.overlay.addEventListener("pointerdown", (event) => this.startDrawing(event));
    addEventListener("resize", () => this.fit());
  }

  get drawing() {
    return this.sheet.classList.contains("drawing");
  }

  set drawing(on) {
    this.sheet.classList.toggle("drawing", on);
    at("draw").setAttribute("aria-pressed", String(on));
  }

  // Whether there is such a page.
  show(page) {
    if (page < 1 || page > this.sizes.length) return false;
    if (page !== this.page) {
      this.page = page;
      this.sheet.replaceChildren(this.picture(page), this.overlay);
      this.overlay.setAttribute("viewBox", `0 0 ${this.sizes[page - 1].join(" ")}`);
      this.fit();
      this.desk.scrollTo(0, 0);
      if (page < this.sizes.length) this.picture(page + 1); // on its way while this one is read
    }
    return true;
  }

  picture(page) {
    const [width, height] = this.sizes[page - 1];
    const image = this.loaded.get(page) ?? Object.assign(new Image(width, height), {
      src: `${this.sheet.dataset.copy}/${page}.png`, alt: `Page ${page} of the held copy`, draggable: false,
    });
    this.loaded.delete(page);
    this.loaded.set(page, image);
    if (this.loaded.size > KEPT_PAGES) this.loaded.delete(this.loaded.keys().next().value);
    return image;
  }

  fit() {
    const [width, height] = this.sizes[this.page - 1];
    const wide = Math.min(this.desk.clientWidth - ROOM_PX, width, WIDEST_PX);
    const fit = this.whole ? Math.min(wide, ((this.desk.clientHeight - ROOM_PX) * width) / height) : wide;
    this.sheet.style.width = `${fit * this.zoom}px`;
    this.sheet.style.aspectRatio = `${width} / ${height}`;
  }

  // By a factor; 0 fits the width, and once more the whole page.
  enlarge(by) {
    const { desk } = this;
    const middle = (desk.scrollTop + desk.clientHeight / 2) / desk.scrollHeight;
    if (by === 0 && this.zoom === 1) this.whole = !this.whole;
    this.zoom = by === 0 ? 1 : within(this.zoom * by, 0.3, 6);
    this.fit();
    desk.scrollTop = middle * desk.scrollHeight - desk.clientHeight / 2;
  }

  reveal({ left, top, right, bottom }) {
    const { desk, sheet } = this;
    const scale = sheet.clientWidth / this.sizes[this.page - 1][0];
    const x = sheet.offsetLeft + ((left + right) / 2) * scale - desk.clientWidth / 2;
    const isTall = (bottom - top) * scale > desk.clientHeight * 0.8;
    const y = isTall ? top * scale - 40 : ((top + bottom) / 2) * scale - desk.clientHeight / 2;
    desk.scrollTo(x, sheet.offsetTop + y);
  }

  // `frames` have a name, which is their class, and what is told where the mouse comes upon them.
  frame(frames, tell) {
    this.overlay.replaceChildren(...frames.map((frame) => {
      const shape = rectangle(frame, frame.name);
      if (frame.told) shape.addEventListener("pointerenter", () => tell(frame.told));
      return shape;
    }));
  }

  // With the mouse, a pen or a finger: from where it comes down to where it is lifted.
  startDrawing(event) {
    if (!this.drawing || event.button !== 0) return;
    event.preventDefault();
    const { overlay } = this;
    overlay.setPointerCapture(event.pointerId);
    const [x, y] = this.point(event);
    const area = { page: this.page, left: x, top: y, right: x, bottom: y };
    const shape = rectangle(area, "mark");
    overlay.append(shape);
    const over = new AbortController();
    overlay.addEventListener("pointermove", (move) => {
      const [to, down] = this.point(move);
      [area.left, area.right, area.top, area.bottom] = [Math.min(x, to), Math.max(x, to), Math.min(y, down), Math.max(y, down)];
      reshape(shape, area);
    }, over);
    for (const name of ["pointerup", "pointercancel"]) {
      overlay.addEventListener(name, () => {
        over.abort();
        shape.remove();
        if (name === "pointerup") this.drawn(area);
      }, over);
    }
  }

  point(event) {
    const frame = this.overlay.getBoundingClientRect();
    const [width, height] = this.sizes[this.page - 1];
    return [((event.clientX - frame.left) / frame.width) * width, ((event.clientY - frame.top) / frame.height) * height];
  }
}

function rectangle(area, name) {
  const made = document.createElementNS(SVG, "rect");
  made.setAttribute("class", name);
  reshape(made, area);
  return made;
}

function reshape(shape, { left, top, right, bottom }) {
  const sides = { x: left, y: top, width: right - left, height: bottom - top };
  for (const [name, value] of Object.entries(sides)) shape.setAttribute(name, value);
}
