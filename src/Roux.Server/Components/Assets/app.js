// What pages need of the browser beyond the framework. One file, loaded before anything is drawn, so that the right theme is there from the first paint.
"use strict";
(() => {
  const store = { get: key => { try { return localStorage.getItem(key); } catch { return null; } }, set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* not kept */ } } };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const theme = () => store.get("roux-theme") || "auto";
  const paint = () => {
    const chosen = theme();
    document.documentElement.dataset.theme = chosen === "auto" ? (dark.matches ? "dark" : "light") : chosen;
    document.documentElement.dataset.choice = chosen;
    for (const button of document.querySelectorAll("[data-set-theme]")) button.setAttribute("aria-pressed", String(button.dataset.setTheme === chosen));
  };
  paint();
  dark.addEventListener("change", paint);

  document.addEventListener("click", event => {
    const button = event.target.closest?.("[data-set-theme]");
    if (button) { const order = ["light", "dark", "auto"]; store.set("roux-theme", matchMedia("(max-width: 760px)").matches ? order[(order.indexOf(theme()) + 1) % 3] : button.dataset.setTheme); paint(); }
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", event => {
    if (event.key === "Escape") for (const menu of document.querySelectorAll("details.menu[open]")) { menu.open = false; menu.querySelector("summary")?.focus(); }
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.target.closest?.("input, textarea, select, [contenteditable]")) { const box = document.querySelector("[data-search]"); if (box) { event.preventDefault(); box.focus(); } }
  });

  // Reconnecting: while the server is away its health is asked for; when it is back, the page goes on, or is loaded anew where its circuit is gone. All of a view is in its address.
  let away = false;
  const wait = time => new Promise(done => setTimeout(done, time));
  const shown = visible => document.getElementById("reconnect")?.classList.toggle("show", visible);
  async function comeBack() {
    if (away) return;
    away = true;
    await wait(300);
    while (away) {
      shown(true);
      try {
        if ((await fetch("/health", { cache: "no-store" })).ok) {
          let lives = false;
          try { lives = await Blazor.reconnect(); } catch { lives = false; }
          if (!lives) { location.reload(); return; }
          away = false;
        }
      } catch { /* still away */ }
      if (away) await wait(700);
    }
    shown(false);
  }
  addEventListener("DOMContentLoaded", () => {
    paint();
    // The framework draws the page anew once it is connected.
    let soon = 0;
    new MutationObserver(() => { if (!soon) soon = requestAnimationFrame(() => { soon = 0; if (document.querySelector("[data-set-theme]:not([aria-pressed])")) paint(); }); }).observe(document.body, { childList: true, subtree: true });
    if (window.Blazor) Blazor.start({ circuit: { reconnectionHandler: { onConnectionDown: comeBack, onConnectionUp: () => { away = false; shown(false); } } } }).then(() => document.documentElement.dataset.ready = "1", () => comeBack());
  });

  const call = (target, name, ...values) => target.invokeMethodAsync(name, ...values).catch(() => { /* the page has been left */ });

  // A table of any length: tells the server which rows are in view, and when a column is dragged to another width.
  function grid(box, target, row) {
    let last = "", busy = false, again = false;
    const look = async () => {
      if (busy) { again = true; return; }
      const head = box.querySelector("thead")?.offsetHeight || 32;
      const first = Math.max(0, Math.floor(box.scrollTop / row)), count = Math.max(1, Math.ceil((box.clientHeight - head) / row));
      const now = first + ":" + count;
      if (now === last) return;
      last = now; busy = true;
      await call(target, "Show", first, count);
      busy = false; box.dataset.live = "1";
      if (again) { again = false; look(); }
    };
    let frame = 0;
    const soon = () => { cancelAnimationFrame(frame); frame = requestAnimationFrame(look); };
    const sizes = new ResizeObserver(soon);
    box.addEventListener("scroll", soon, { passive: true });
    sizes.observe(box);
    box.addEventListener("pointerdown", event => {
      const grip = event.target.closest?.(".grip");
      if (!grip) return;
      event.preventDefault();
      const head = grip.parentElement, column = box.querySelectorAll("col")[head.cellIndex], from = event.clientX, width = head.offsetWidth;
      const width2 = move => Math.min(900, Math.max(60, Math.round(width + move.clientX - from)));
      const drag = move => { column.style.width = width2(move) + "px"; };
      const drop = move => { removeEventListener("pointermove", drag); call(target, "Resize", Number(grip.dataset.column), width2(move)); };
      addEventListener("pointermove", drag);
      addEventListener("pointerup", drop, { once: true });
    });
    look();
    return { dispose() { sizes.disconnect(); box.removeEventListener("scroll", soon); }, top() { box.scrollTop = 0; } };
  }

  // A chart: drawn by the server for the width that it has here; here are the cross hair, the stretch to zoom into, and the picture to save.
  function plot(box, target) {
    let asked = 0, pending = null, from = null, mark = null;
    const size = new ResizeObserver(() => call(target, "Fit", Math.round(box.clientWidth), Math.round(box.clientHeight)));
    size.observe(box);
    const place = event => event.clientX - box.getBoundingClientRect().left;
    const ask = async x => { if (asked) { pending = x; return; } asked = 1; await call(target, "Point", x); asked = 0; if (pending !== null) { const next = pending; pending = null; ask(next); } };
    const move = event => {
      if (from !== null && mark) { const x = place(event); mark.setAttribute("x", Math.min(from, x)); mark.setAttribute("width", Math.abs(x - from)); }
      ask(place(event));
    };
    box.addEventListener("pointermove", move);
    box.addEventListener("pointerleave", () => { pending = null; ask(-1); });
    box.addEventListener("pointerdown", event => {
      if (event.button !== 0 || event.pointerType === "touch") return;
      from = place(event);
      const svg = box.querySelector("svg");
      mark = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      mark.setAttribute("class", "zoom"); mark.setAttribute("y", "8"); mark.setAttribute("height", Math.max(0, box.clientHeight - 34));
      svg?.appendChild(mark);
      addEventListener("pointerup", up => { const to = place(up); mark?.remove(); mark = null; const start = from; from = null; if (Math.abs(to - start) > 6) call(target, "Zoom", Math.min(start, to), Math.max(start, to)); }, { once: true });
    });
    box.addEventListener("dblclick", () => call(target, "Zoom", 0, -1));
    return { dispose() { size.disconnect(); } };
  }

  const save = (name, blob) => { const link = document.createElement("a"); link.href = URL.createObjectURL(blob); link.download = name; link.click(); setTimeout(() => URL.revokeObjectURL(link.href), 10000); };

  // The drawing with its styles written into it, for it to look the same anywhere.
  function standalone(svg) {
    const copy = svg.cloneNode(true), all = svg.querySelectorAll("*"), copies = copy.querySelectorAll("*");
    all.forEach((element, index) => { const style = getComputedStyle(element); for (const name of ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font-size", "font-family", "text-anchor"]) copies[index].setAttribute(name, style.getPropertyValue(name)); copies[index].removeAttribute("class"); });
    const { width, height } = svg.getBoundingClientRect();
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg"); copy.setAttribute("width", width); copy.setAttribute("height", height);
    const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    ground.setAttribute("width", "100%"); ground.setAttribute("height", "100%"); ground.setAttribute("fill", getComputedStyle(document.body).backgroundColor);
    copy.insertBefore(ground, copy.firstChild);
    return { text: new XMLSerializer().serializeToString(copy), width, height };
  }
  async function picture(box, name, kind) {
    const svg = box.querySelector("svg");
    if (!svg) return;
    const { text, width, height } = standalone(svg);
    if (kind === "svg") { save(name + ".svg", new Blob([text], { type: "image/svg+xml" })); return; }
    const image = new Image();
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = width * 2; canvas.height = height * 2;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob(blob => save(name + ".png", blob), "image/png");
  }

  // Pages of a server without TLS may not use the clipboard, but a chosen text may be copied there.
  async function copy(text) {
    try { await navigator.clipboard.writeText(text); return true; } catch { /* the other way */ }
    const area = document.createElement("textarea"), within = document.querySelector("dialog[open]") || document.body;
    area.value = text; area.className = "sr"; within.appendChild(area); area.select();
    try { return document.execCommand("copy"); } finally { area.remove(); }
  }

  window.roux = {
    grid, plot, picture, save,
    caret: input => input?.selectionStart ?? 0,
    type: (input, text, at) => { if (!input) return; input.value = text; input.focus(); input.setSelectionRange(at, at); },
    keys: (input, names) => input?.addEventListener("keydown", event => { if (names.includes(event.key) && input.getAttribute("aria-expanded") === "true" && (event.key !== "Tab" || input.hasAttribute("aria-activedescendant"))) event.preventDefault(); }),
    open: dialog => dialog?.showModal?.(), close: dialog => dialog?.close?.(),
    copy,
    end: element => { if (element) element.scrollTop = element.scrollHeight; },
  };
})();
