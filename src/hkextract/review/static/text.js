// A stretch of an article with marks in it, and the way from a place on the screen back to a character.
// Offsets count characters (code points) of the whole text, as the server does.

import { element, fill } from "./dom.js";

// `view` is what the server sends: text, offset, span, others, and for the clean text its sentence.
export function show(box, view, { span = view.span, handles = false } = {}) {
  const chars = Array.from(view.text);
  const last = view.offset + chars.length;
  const marks = [
    ...(view.sentence ? [{ start: view.sentence[0], end: view.sentence[1], name: "sentence" }] : []),
    ...(view.others || []).map(([start, end, table]) => ({ start, end, name: `other ${table}` })),
    ...(span ? [{ start: span[0], end: span[1], name: "mention" }] : []),
  ];
  const edges = new Set([view.offset, last]);
  for (const mark of marks) for (const edge of [mark.start, mark.end]) if (edge > view.offset && edge < last) edges.add(edge);
  chars.forEach((char, at) => {
    if (char === "\n") edges.add(view.offset + at).add(view.offset + at + 1);
  });
  const order = [...edges].sort((a, b) => a - b);
  const paragraphs = [element("p")];
  for (let i = 0; i + 1 < order.length; i += 1) {
    const [start, end] = [order[i], order[i + 1]];
    const text = chars.slice(start - view.offset, end - view.offset).join("");
    if (text === "\n") paragraphs.push(element("p"));
    else paragraphs.at(-1).append(piece(text, start, end, marks, span, handles));
  }
  fill(box, more(view.offset > 0), ...paragraphs.filter((one) => one.childNodes.length), more(last < view.length));
}

function more(cut) {
  return cut ? element("p", { class: "cut", "aria-hidden": "true" }, "⋯") : null;
}

function piece(text, start, end, marks, span, handles) {
  const names = marks.filter((mark) => mark.start <= start && end <= mark.end).map((mark) => mark.name);
  const mention = names.includes("mention");
  const made = element(mention ? "mark" : "span", { class: names.join(" "), "data-at": start }, text);
  if (mention && handles) {
    if (start === span[0]) made.prepend(element("i", { class: "handle first", "data-edge": "0", "aria-hidden": "true" }));
    if (end === span[1]) made.append(element("i", { class: "handle last", "data-edge": "1", "aria-hidden": "true" }));
  }
  return made;
}

export function reveal(box) {
  const mark = box.querySelector("mark");
  if (!mark) return;
  const [outer, inner] = [box.getBoundingClientRect(), mark.getBoundingClientRect()];
  if (inner.top < outer.top || inner.bottom > outer.bottom) {
    box.scrollTop += inner.top - outer.top - outer.height / 3;
  }
  mark.scrollIntoView({ block: "nearest" });
}

// The offset of a place in a text node below `box`; null outside of its text.
function offsetOf(box, node, within) {
  if (!node || !box.contains(node)) return null;
  if (node.nodeType !== Node.TEXT_NODE) {
    const next = node.childNodes[within];
    const inside = next?.nodeType === Node.TEXT_NODE ? next.parentElement : next?.closest?.("[data-at]") || next?.querySelector?.("[data-at]");
    if (inside) return Number(inside.dataset.at);
    const all = (node.closest("[data-at]") ? [node.closest("[data-at]")] : [...node.querySelectorAll("[data-at]")]).at(-1);
    return all ? Number(all.dataset.at) + Array.from(all.textContent).length : null;
  }
  const holder = node.parentElement.closest("[data-at]");
  return holder ? Number(holder.dataset.at) + Array.from(node.data.slice(0, within)).length : null;
}

// The character offset under a point of the screen, null where there is no text.
export function offsetAt(box, x, y) {
  if (document.caretPositionFromPoint) {
    const found = document.caretPositionFromPoint(x, y);
    return found ? offsetOf(box, found.offsetNode, found.offset) : null;
  }
  const range = document.caretRangeFromPoint(x, y);
  return range ? offsetOf(box, range.startContainer, range.startOffset) : null;
}

// What is selected in a box, as [start, end]; null where nothing is.
export function selected(box) {
  const selection = window.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const start = offsetOf(box, range.startContainer, range.startOffset);
  const end = offsetOf(box, range.endContainer, range.endOffset);
  return start !== null && end !== null && start < end ? [start, end] : null;
}

// The characters of a span as far as they are in a view.
export function slice(view, [start, end]) {
  return Array.from(view.text).slice(start - view.offset, end - view.offset).join("");
}
