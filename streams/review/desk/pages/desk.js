// The desk's only script: pages are turned, places stepped through and marked, with one key each.
// It asks for nothing but pictures; what is decided goes by the form.
"use strict";

const SVG = "http://www.w3.org/2000/svg";
const ZOOM = 1.25;
const KEPT_PAGES = 6;
const ALIVE_MS = 60000;
const WIDEST_PX = 1040; // print is large enough to read, and lines are not too long
const SMALLEST_PX = 3; // a slip of the mouse is no place

const at = (id) => document.getElementById(id);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const within = (number, least, most) => Math.min(Math.max(number, least), most);

// Nobody leaves a page with a record on it: the desk ends by itself, and so does what it showed.
// While somebody works here it is told so, or what they marked would be lost.
function watchIdle() {
  const idle = Number(document.body.dataset.idle) * 1000;
  let last = Date.now();
  let told = Date.now();
  const active = () => {
    last = Date.now();
    if (last - told > Math.min(ALIVE_MS, idle / 3)) {
      told = last;
      new Image().src = `${document.body.dataset.at}/icon.svg?${told}`;
    }
  };
  for (const name of ["keydown", "pointerdown", "pointermove", "wheel"]) addEventListener(name, active, { passive: true });
  setInterval(() => {
    if (Date.now() - last < idle || at("work")?.textContent) return;
    document.body.replaceChildren(Object.assign(document.createElement("p"), { textContent: "The desk has ended." }));
  }, 1000);
}

// `keys` maps what is pressed to what it does; none of it while somebody types.
function listen(keys) {
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

function listPage() {
  const buttons = all("button.go");
  buttons[0]?.focus();
  const step = (by) => {
    const now = buttons.indexOf(document.activeElement);
    buttons[within(now + by, 0, buttons.length - 1)]?.focus();
  };
  listen({ n: () => step(1), p: () => step(-1), j: () => step(1), k: () => step(-1) });
}

function camePage() {
  listen({ n: () => at("next")?.click(), a: () => at("again")?.click() });
}

function copyPage() {
  const { pictures, sizes, boxes } = JSON.parse(at("data").textContent);
  const desk = at("desk");
  const sheet = at("sheet");
  const places = all("#places button");
  const doubts = places.map((button, index) => {
    const [left, top, right, bottom] = button.dataset.box.split(",").map(Number);
    return { index, page: Number(button.dataset.page), left, top, right, bottom };
  });
  const loaded = new Map();
  let [page, place, box, zoom, whole] = [0, -1, -1, 1, false];

  const overlay = document.createElementNS(SVG, "svg");
  overlay.setAttribute("preserveAspectRatio", "none");
  sheet.replaceChildren(overlay);

  const tell = (text) => { at("told").textContent = text; };

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

  function picture(number) {
    const image = loaded.get(number) ?? Object.assign(new Image(), {
      src: `${location.pathname}/${number}.png`, alt: `Page ${number} of the held copy`, draggable: false,
    });
    [image.width, image.height] = pictures[number - 1];
    loaded.delete(number);
    loaded.set(number, image);
    if (loaded.size > KEPT_PAGES) loaded.delete(loaded.keys().next().value);
    return image;
  }

  function size() {
    const [width, height] = pictures[page - 1];
    const wide = Math.min(desk.clientWidth - 24, width, WIDEST_PX);
    const fit = whole ? Math.min(wide, ((desk.clientHeight - 24) * width) / height) : wide;
    sheet.style.width = `${fit * zoom}px`;
    sheet.style.aspectRatio = `${width} / ${height}`;
  }

  function draw() {
    overlay.setAttribute("viewBox", `0 0 ${pictures[page - 1].join(" ")}`);
    const drawn = [];
    boxes.forEach(([on, left, top, right, bottom, kind, why], index) => {
      if (on !== page) return;
      const made = rectangle({ left, top, right, bottom }, index === box ? "box now" : "box");
      made.addEventListener("pointerenter", () => tell(`Black: ${kind}; ${why}`));
      drawn.push(made);
    });
    for (const doubt of doubts) {
      if (doubt.page === page) drawn.push(rectangle(doubt, doubt.index === place ? "doubt now" : "doubt"));
    }
    for (const mark of marks()) if (mark.page === page) drawn.push(rectangle(mark, "mark"));
    overlay.replaceChildren(...drawn);
  }

  function show(number) {
    if (number < 1 || number > pictures.length) return false;
    if (number !== page) {
      page = number;
      at("page-now").textContent = page;
      at("by-page").value = page;
      sheet.replaceChildren(picture(page), overlay);
      size();
      desk.scrollTo(0, 0);
      if (page < pictures.length) picture(page + 1); // the next one is on its way while this one is read
    }
    draw();
    return true;
  }

  function turn(by) {
    box = -1;
    if (show(page + by)) tell(`Page ${page} of ${pictures.length}.`);
    else tell(by > 0 ? "This is the last page." : "This is the first page.");
  }

  function reveal({ left, top, right, bottom }) {
    const scale = sheet.clientWidth / pictures[page - 1][0];
    const x = sheet.offsetLeft + ((left + right) / 2) * scale - desk.clientWidth / 2;
    const tall = (bottom - top) * scale > desk.clientHeight * 0.8;
    const y = sheet.offsetTop + (tall ? top * scale - 40 : ((top + bottom) / 2) * scale - desk.clientHeight / 2);
    desk.scrollTo(x, y);
  }

  function toPlace(index) {
    if (index < 0 || index >= doubts.length) {
      tell(doubts.length ? (index < 0 ? "This is the first place." : "This was the last place.") : "No place is in doubt.");
      return;
    }
    places[place]?.removeAttribute("aria-current");
    [place, box] = [index, -1];
    places[place].setAttribute("aria-current", "true");
    places[place].scrollIntoView({ block: "nearest" });
    at("place-now").textContent = place + 1;
    show(doubts[place].page);
    reveal(doubts[place]);
    const kind = places[place].querySelector(".kind").textContent;
    tell(`Place ${place + 1} of ${doubts.length}, page ${page}, ${kind}.${places[place].querySelector(".unseen").textContent}`);
  }

  function nextPlace() {
    // From where one is: the first place on this page or behind it, until one was chosen.
    const first = doubts.findIndex((doubt) => doubt.page >= page);
    toPlace(place < 0 ? Math.max(first, 0) : place + 1);
  }

  function toBox(by) {
    const here = boxes.map((each, index) => [each, index]).filter(([each]) => each[0] === page);
    if (!here.length) return tell("No black box on this page is known.");
    const now = here.findIndex(([, index]) => index === box);
    const order = now < 0 ? (by > 0 ? 0 : here.length - 1) : (now + by + here.length) % here.length;
    const [[, left, top, right, bottom, kind, why], index] = here[order];
    box = index;
    draw();
    reveal({ left, top, right, bottom });
    tell(`Black box ${order + 1} of ${here.length} on this page: ${kind}; ${why}`);
  }

  function enlarge(by) {
    const middle = (desk.scrollTop + desk.clientHeight / 2) / desk.scrollHeight;
    if (by === 0 && zoom === 1) whole = !whole;
    zoom = by === 0 ? 1 : within(zoom * by, 0.3, 6);
    size();
    desk.scrollTop = middle * desk.scrollHeight - desk.clientHeight / 2;
  }

  // Marks: the form's own hidden fields are the list, so that what is seen is what is sent.
  function marks() {
    return all("#marks input").map((field) => {
      const [number, sides, kind] = field.value.split(":");
      const [left, top, right, bottom] = sides.split(",").map(Number);
      return { field, page: Number(number), left, top, right, bottom, kind: kind ?? "" };
    });
  }

  function mark(area, kind = at("kind").value) {
    const [width, height] = sizes[area.page - 1];
    const [left, right] = [area.left, area.right].map((x) => Math.round(within(x, 0, width)));
    const [top, bottom] = [area.top, area.bottom].map((y) => Math.round(within(y, 0, height)));
    if (right - left < SMALLEST_PX || bottom - top < SMALLEST_PX) {
      tell("That is no place on the page.");
      return;
    }
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: "burn" });
    field.value = `${area.page}:${left},${top},${right},${bottom}${kind && `:${kind}`}`;
    const item = document.createElement("li");
    item.append(field);
    at("marks").append(item);
    document.querySelector("input[name=choice][value=burn]").checked = true;
    listed();
    tell(`To burn: page ${area.page}, ${left},${top} to ${right},${bottom}${kind && `, ${kind.replaceAll("_", " ")}`}.`);
  }

  function unmark(item) {
    if (!item) return tell("Nothing is marked.");
    item.remove();
    listed();
    tell("The mark is gone.");
  }

  function listed() {
    for (const each of marks()) {
      const text = document.createElement("span");
      text.className = "at";
      const kind = each.kind ? each.kind.replaceAll("_", " ") : "black only";
      text.textContent = `page ${each.page}: ${each.left},${each.top} to ${each.right},${each.bottom} ${kind}`;
      const off = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
      const item = each.field.parentElement;
      off.setAttribute("aria-label", `Remove ${text.textContent}`);
      off.addEventListener("click", () => unmark(item));
      item.replaceChildren(each.field, text, off);
    }
    at("marks-none").hidden = marks().length > 0;
    draw();
  }

  function markPlace() {
    if (place < 0) return tell("Go to a place first (n).");
    mark(doubts[place], "");
  }

  // Drawing: with the mouse, a pen or a finger on the page.
  function drawing(on = !sheet.classList.contains("drawing")) {
    sheet.classList.toggle("drawing", on);
    at("draw").setAttribute("aria-pressed", String(on));
    tell(on ? "Draw: drag over what has to be burned. Esc ends it." : "Drawing has ended.");
  }

  function point(event) {
    const frame = overlay.getBoundingClientRect();
    const [width, height] = pictures[page - 1];
    return [((event.clientX - frame.left) / frame.width) * width, ((event.clientY - frame.top) / frame.height) * height];
  }

  overlay.addEventListener("pointerdown", (event) => {
    if (!sheet.classList.contains("drawing") || event.button !== 0) return;
    event.preventDefault();
    overlay.setPointerCapture(event.pointerId);
    const [x, y] = point(event);
    const area = { page, left: x, top: y, right: x, bottom: y };
    const shape = rectangle(area, "mark");
    overlay.append(shape);
    const move = (now) => {
      const [to, down] = point(now);
      Object.assign(area, { left: Math.min(x, to), right: Math.max(x, to), top: Math.min(y, down), bottom: Math.max(y, down) });
      reshape(shape, area);
    };
    const done = (now) => {
      overlay.removeEventListener("pointermove", move);
      overlay.removeEventListener("pointerup", done);
      overlay.removeEventListener("pointercancel", done);
      shape.remove();
      if (now.type === "pointerup") mark(area);
    };
    overlay.addEventListener("pointermove", move);
    overlay.addEventListener("pointerup", done);
    overlay.addEventListener("pointercancel", done);
  });

  function typed() {
    const [number, left, top, right, bottom] = ["page", "left", "top", "right", "bottom"].map((name) => at(`by-${name}`).valueAsNumber);
    const whole = [number, left, top, right, bottom].every(Number.isInteger);
    if (whole && number >= 1 && number <= pictures.length) mark({ page: number, left, top, right, bottom });
    else tell("Type five whole numbers: the page, and the box in its pixels.");
  }

  function choose(name) {
    const radio = document.querySelector(`input[name=choice][value=${name}]`);
    if (radio.disabled) return tell("Nobody can answer a doubt of this copy: burn or withhold.");
    radio.checked = true;
    radio.focus();
    radio.scrollIntoView({ block: "nearest" });
  }

  let sent = false;
  at("decide").addEventListener("submit", (event) => {
    if (sent) return event.preventDefault();
    sent = true;
    at("work").textContent = "At work: masked and checked again. This takes seconds a page.";
    at("send").setAttribute("aria-disabled", "true");
    at("send").classList.remove("go");
  });
  addEventListener("beforeunload", (event) => { if (!sent && marks().length) event.preventDefault(); });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  addEventListener("resize", size);

  const clicks = {
    "page-back": () => turn(-1), "page-on": () => turn(1), "place-back": () => toPlace(place - 1), "place-on": nextPlace,
    "box-on": () => toBox(1), draw: () => drawing(), "zoom-out": () => enlarge(1 / ZOOM), "zoom-fit": () => enlarge(0),
    "zoom-in": () => enlarge(ZOOM), "mark-shown": markPlace, "by-add": typed,
    "mark-last": () => unmark(at("marks").lastElementChild),
  };
  for (const [id, click] of Object.entries(clicks)) at(id).addEventListener("click", click);
  places.forEach((button, index) => button.addEventListener("click", () => toPlace(index)));
  listen({
    n: nextPlace, p: () => toPlace(place - 1), j: () => turn(1), k: () => turn(-1),
    ArrowRight: () => turn(1), ArrowLeft: () => turn(-1), "+": () => enlarge(ZOOM), "=": () => enlarge(ZOOM),
    "-": () => enlarge(1 / ZOOM), 0: () => enlarge(0), b: () => toBox(1), B: () => toBox(-1), d: () => drawing(),
    Escape: () => drawing(false), m: markPlace, x: () => unmark(at("marks").lastElementChild),
    1: () => choose("release"), 2: () => choose("burn"), 3: () => choose("withhold"),
  });
  show(1);
  listed();
}

watchIdle();
if (document.body.classList.contains("copy")) copyPage();
else if (document.body.classList.contains("came")) camePage();
else listPage();
