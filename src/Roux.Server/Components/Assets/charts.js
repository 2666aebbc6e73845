// Charts that the server draws for the room that they have: their width, hints beside the pointer, dragging over an axis, and their numbers as a file.
"use strict";
(() => {
  const call = (target, name, ...values) => target.invokeMethodAsync(name, ...values).catch(() => { /* the page has been left */ });

  function drawn(box, target) {
    const size = new ResizeObserver(() => call(target, "Fit", Math.round(box.clientWidth)));
    size.observe(box);
    box.addEventListener("pointerdown", event => {
      const axis = event.target.closest?.("[data-axis]"), svg = box.querySelector("svg");
      if (!axis || event.button !== 0) return;
      event.preventDefault();
      const edge = svg.getBoundingClientRect(), place = move => Math.max(0, Math.min(edge.height, move.clientY - edge.top)), from = place(event);
      const mark = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      mark.setAttribute("class", "zoom"); mark.setAttribute("x", axis.getAttribute("x")); mark.setAttribute("width", axis.getAttribute("width"));
      svg.appendChild(mark);
      const drag = move => { const y = place(move); mark.setAttribute("y", Math.min(from, y)); mark.setAttribute("height", Math.abs(y - from)); };
      const drop = up => { removeEventListener("pointermove", drag); removeEventListener("pointercancel", drop); removeEventListener("pointerup", drop); mark.remove(); call(target, "Brush", Number(axis.dataset.axis), from, place(up)); };
      addEventListener("pointermove", drag); addEventListener("pointerup", drop); addEventListener("pointercancel", drop);
    });
    return { dispose() { size.disconnect(); } };
  }

  // A hint beside the pointer, with the text of the mark under it or of the nearest one.
  let tip = null, at = null;
  const near = (box, x, y) => {
    let best = null, least = 14 * 14;
    for (const mark of box.querySelectorAll("circle[data-tip]")) { const r = mark.getBoundingClientRect(), dx = r.x + r.width / 2 - x, dy = r.y + r.height / 2 - y, d = dx * dx + dy * dy; if (d < least) { least = d; best = mark; } }
    return best;
  };
  const hide = () => { at?.classList.remove("here"); at = null; if (tip) tip.hidden = true; };
  document.addEventListener("pointermove", event => {
    const box = event.target.closest?.(".plot.drawn");
    if (!box) { if (at) hide(); return; }
    const mark = event.target.closest("[data-tip]") || near(box, event.clientX, event.clientY);
    if (!mark) { if (at) hide(); return; }
    if (!tip) { tip = document.createElement("div"); tip.className = "tip hint"; tip.setAttribute("aria-hidden", "true"); document.body.appendChild(tip); }
    if (mark !== at) { at?.classList.remove("here"); at = mark; mark.classList.add("here"); tip.textContent = mark.dataset.tip; tip.hidden = false; }
    const { width, height } = tip.getBoundingClientRect();
    tip.style.left = Math.max(6, event.clientX + 14 + width > innerWidth ? event.clientX - width - 12 : event.clientX + 14) + "px";
    tip.style.top = Math.max(6, Math.min(innerHeight - height - 6, event.clientY + 12)) + "px";
  }, { passive: true });
  document.addEventListener("pointerleave", hide);
  addEventListener("scroll", hide, { passive: true, capture: true });
  document.addEventListener("click", event => {
    const box = event.target.closest?.(".plot.drawn");
    const mark = box && (event.target.closest("[data-go]") || (at?.dataset.go && box.contains(at) ? at : null));
    if (mark && !event.target.closest("[data-axis]")) { hide(); Blazor.navigateTo(mark.dataset.go); }
  });

  Object.assign(window.roux, { drawn, table: (name, text) => window.roux.save(name, new Blob([text], { type: "text/csv" })) });
})();
