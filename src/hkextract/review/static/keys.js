// Which key does what.

import * as dialogs from "./dialogs.js";
import { arrow } from "./editor.js";
import { byId } from "./dom.js";
import { state } from "./state.js";

const TYPING = new Set(["text", "search", "", "number"]);

function isTyping(target) {
  return target.tagName === "TEXTAREA" || target.tagName === "SELECT" || (target.tagName === "INPUT" && TYPING.has(target.getAttribute("type") || ""));
}

// The letter of a key, also while a Chinese input method is switched on.
function letter(event) {
  if (/^Key[A-Z]$/.test(event.code) && !/^[a-z]$/i.test(event.key)) return event.code.slice(3).toLowerCase();
  return event.key.length === 1 ? event.key.toLowerCase() : event.key;
}

// `does` leads from names of actions to functions.
export function listen(does) {
  const plain = {
    a: "accept", r: "reject", e: "edit", s: "skip", u: "undo", n: "next", j: "next", ArrowRight: "next",
    p: "previous", k: "previous", ArrowLeft: "previous", m: "add", b: "bulk", c: "comment", d: "finish",
    w: "whole", "/": "search", f: "filters", "?": "help",
  }; // prettier-ignore
  document.addEventListener("keydown", (event) => {
    if (dialogs.isOpen() || event.isComposing || event.metaKey || event.defaultPrevented) return;
    if (state.editing) return whileEditing(event, does);
    if (isTyping(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (event.ctrlKey || event.altKey || event.repeat || !state.keys) return;
    const key = letter(event);
    if (key.startsWith("Arrow") && event.shiftKey) return; // selects text
    const name = key === "u" && event.shiftKey ? "redo" : plain[key];
    if (!name) return;
    event.preventDefault();
    does[name]();
  });
}

function whileEditing(event, does) {
  if (event.key === "Escape") does.cancel();
  else if (event.key === "Enter" && (event.target === byId("clean") || event.ctrlKey || event.target.tagName === "INPUT")) does.save();
  else if (event.target === byId("clean") && letter(event) === "w") does.whole();
  else if (!(event.target === byId("clean") && arrow(event))) return;
  event.preventDefault();
}
