// The interface's languages: every text stands in lang/LANGUAGE.json under one name.

import { remember, remembered } from "./memory.js";

const LANGUAGES = ["zh-Hant", "zh-Hans", "en"];
let texts = {};
export let language = "en";

function preferred() {
  const kept = remembered("language");
  if (LANGUAGES.includes(kept)) return kept;
  for (const wish of navigator.languages || []) {
    const tag = wish.toLowerCase();
    if (tag.startsWith("zh")) return /hant|hk|tw|mo/.test(tag) ? "zh-Hant" : "zh-Hans";
    if (tag.startsWith("en")) return "en";
  }
  return "en";
}

export async function speak(wanted = preferred()) {
  const response = await fetch(`/static/lang/${wanted}.json`);
  texts = await response.json();
  language = wanted;
  remember("language", wanted);
  document.documentElement.lang = wanted;
  translate(document);
}

// A text with {names} filled in; NAME_one is taken where n is 1 and there is such a text.
export function t(name, given = {}) {
  const text = (given.n === 1 && texts[`${name}_one`]) || texts[name];
  if (text === undefined) return name;
  return text.replace(/\{(\w+)\}/g, (whole, key) => {
    const value = given[key];
    return value === undefined ? whole : typeof value === "number" ? value.toLocaleString("en") : value;
  });
}

// What a value of a table is called: its name in the language, else the value itself.
export function term(kind, value) {
  return value === "" ? t("none") : (texts[`${kind}.${value}`] ?? value);
}

export function translate(root) {
  for (const one of root.querySelectorAll("[data-t]")) one.textContent = t(one.dataset.t);
  for (const one of root.querySelectorAll("[data-t-label]")) one.setAttribute("aria-label", t(one.dataset.tLabel));
  for (const one of root.querySelectorAll("[data-t-placeholder]")) one.placeholder = t(one.dataset.tPlaceholder);
}
