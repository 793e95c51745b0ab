// A held copy: its places in doubt and black boxes stepped through, what is to be burned marked, the decision sent.
"use strict";

import { all, at, listen } from "./keys.js";
import { Marks } from "./marks.js";
import { Sheet } from "./sheet.js";

const ZOOM = 1.25;

class Copy {
  constructor({ pictures, sizes, boxes }) {
    this.boxes = boxes.map(([page, left, top, right, bottom, kind, why]) => ({ page, left, top, right, bottom, told: `${kind}; ${why}` }));
    this.buttons = all("#places button");
    this.doubts = this.buttons.map((button) => {
      const [left, top, right, bottom] = button.dataset.box.split(",").map(Number);
      return { page: Number(button.dataset.page), left, top, right, bottom };
    });
    [this.place, this.box] = [null, null];
    this.sheet = new Sheet(pictures, (area) => this.mark(area));
    this.sheet.show(1);
    this.marks = new Marks(sizes, () => this.draw());
    this.draw();
  }

  tell(text) {
    at("told").textContent = text;
  }

  draw() {
    const { sheet, box, place, boxes, doubts } = this;
    const frames = [
      ...boxes.map((each) => ({ ...each, name: each === box ? "box now" : "box", told: `Black: ${each.told}` })),
      ...doubts.map((each) => ({ ...each, name: each === place ? "doubt now" : "doubt" })),
      ...(this.marks?.places ?? []).map((each) => ({ ...each, name: "mark" })),
    ];
    sheet.frame(frames.filter((frame) => frame.page === sheet.page), (text) => this.tell(text));
  }

  show(page) {
    if (!this.sheet.show(page)) return false;
    at("page-now").textContent = page;
    at("by-page").value = page;
    this.draw();
    return true;
  }

  turn(by) {
    this.box = null;
    if (this.show(this.sheet.page + by)) this.tell(`Page ${this.sheet.page} of ${this.sheet.sizes.length}.`);
    else this.tell(by > 0 ? "This is the last page." : "This is the first page.");
  }

  // The first step goes to the first place on this page or behind it.
  stepPlace(by) {
    const behind = this.doubts.findIndex((doubt) => doubt.page >= this.sheet.page);
    this.toPlace(this.place ? this.doubts.indexOf(this.place) + by : Math.max(behind, 0));
  }

  toPlace(index) {
    const place = this.doubts[index];
    if (!place) {
      const end = index < 0 ? "This is the first place." : "This was the last place.";
      this.tell(this.doubts.length ? end : "No place is in doubt.");
      return;
    }
    [this.place, this.box] = [place, null];
    this.buttons.forEach((button) => button.removeAttribute("aria-current"));
    const button = this.buttons[index];
    button.setAttribute("aria-current", "true");
    button.scrollIntoView({ block: "nearest" });
    at("place-now").textContent = index + 1;
    this.show(place.page);
    this.sheet.reveal(place);
    const [kind, why] = [".kind", ".unseen"].map((part) => button.querySelector(part).textContent);
    this.tell(`Place ${index + 1} of ${this.doubts.length}, page ${place.page}, ${kind}.${why}`);
  }

  stepBox(by) {
    const here = this.boxes.filter((box) => box.page === this.sheet.page);
    if (!here.length) {
      this.tell("No black box on this page is known.");
      return;
    }
    const now = here.indexOf(this.box);
    const next = now < 0 && by < 0 ? here.length - 1 : (now + by + here.length) % here.length;
    this.box = here[next];
    this.draw();
    this.sheet.reveal(this.box);
    this.tell(`Black box ${next + 1} of ${here.length} on this page: ${this.box.told}`);
  }

  mark(area, kind = at("kind").value) {
    this.tell(this.marks.add(area, kind));
  }

  markPlace() {
    if (this.place) this.mark(this.place, "");
    else this.tell("Go to a place first (n).");
  }

  markTyped() {
    const names = ["page", "left", "top", "right", "bottom"];
    const typed = Object.fromEntries(names.map((name) => [name, at(`by-${name}`).valueAsNumber]));
    const isWhole = Object.values(typed).every(Number.isInteger);
    if (isWhole && this.sheet.sizes[typed.page - 1]) this.mark(typed);
    else this.tell("Type five whole numbers: the page, and the box in its pixels.");
  }

  unmark() {
    this.tell(this.marks.removeLast());
  }

  toggleDrawing(on = !this.sheet.drawing) {
    this.sheet.drawing = on;
    this.tell(on ? "Draw: drag over the place. Esc ends it." : "Drawing has ended.");
  }

  // The first choice is number 1.
  choose(number) {
    const radio = all("input[name=choice]")[number - 1];
    if (!radio) return;
    if (radio.disabled) {
      this.tell("Nobody can answer a doubt of this copy: burn or withhold.");
      return;
    }
    radio.checked = true;
    radio.focus();
    radio.scrollIntoView({ block: "nearest" });
  }
}

function sendOnce(copy) {
  let sent = false;
  at("decide").addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
      return;
    }
    sent = true;
    at("work").textContent = at("work").dataset.told;
    at("send").setAttribute("aria-disabled", "true");
    at("send").classList.remove("go");
  });
  addEventListener("beforeunload", (event) => { if (!sent && copy.marks.places.length) event.preventDefault(); });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
}

export function copyPage() {
  const copy = new Copy(JSON.parse(at("data").textContent));
  const does = {
    "page-back": () => copy.turn(-1), "page-on": () => copy.turn(1),
    "place-back": () => copy.stepPlace(-1), "place-on": () => copy.stepPlace(1), "box-on": () => copy.stepBox(1),
    "zoom-in": () => copy.sheet.enlarge(ZOOM), "zoom-out": () => copy.sheet.enlarge(1 / ZOOM), "zoom-fit": () => copy.sheet.enlarge(0),
    draw: () => copy.toggleDrawing(), "mark-shown": () => copy.markPlace(), "mark-last": () => copy.unmark(), "by-add": () => copy.markTyped(),
  };
  for (const [id, act] of Object.entries(does)) at(id).addEventListener("click", act);
  copy.buttons.forEach((button, index) => button.addEventListener("click", () => copy.toPlace(index)));
  listen({
    n: does["place-on"], p: does["place-back"], j: does["page-on"], k: does["page-back"],
    ArrowRight: does["page-on"], ArrowLeft: does["page-back"], b: does["box-on"], B: () => copy.stepBox(-1),
    "+": does["zoom-in"], "=": does["zoom-in"], "-": does["zoom-out"], 0: does["zoom-fit"],
    d: does.draw, Escape: () => copy.toggleDrawing(false), m: does["mark-shown"], x: does["mark-last"],
    1: () => copy.choose(1), 2: () => copy.choose(2), 3: () => copy.choose(3),
  });
  sendOnce(copy);
}
