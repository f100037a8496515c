// A field that suggests organisations while a name is typed (the ARIA pattern of a combo box with a list).

import { get } from "./api.js";
import { element, fill } from "./dom.js";
import { t, term } from "./lang.js";

export function suggesting(input, take) {
  const list = element("ul", { id: `${input.id}-list`, role: "listbox", class: "suggestions", "aria-label": t("suggestions") });
  list.hidden = true;
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" })) input.setAttribute(name, value);
  let found = [];
  let at = -1;
  let asked = 0;

  const hide = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const pick = (one) => {
    hide();
    take(one);
  };
  const mark = (to) => {
    at = (to + found.length) % found.length;
    [...list.children].forEach((line, n) => line.setAttribute("aria-selected", String(n === at)));
    input.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  };
  const line = (one, n) =>
    element(
      "li",
      { role: "option", id: `${list.id}-${n}`, "aria-selected": "false", lang: "zh-Hans", onpointerdown: (event) => (event.preventDefault(), pick(one)) },
      one.canonical,
      element("span", { class: "quiet" }, [one.text === one.canonical ? "" : one.text, term("type", one.type), one.mentions ? t("mentions", { n: one.mentions }) : ""].filter(Boolean).join(" · ")),
    );
  const search = async () => {
    const own = (asked += 1);
    const { names } = await get("suggest", { text: input.value });
    if (own !== asked || document.activeElement !== input) return;
    found = names;
    if (!found.length) return hide();
    fill(list, ...found.map(line));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    at = -1;
  };

  input.addEventListener("input", search);
  input.addEventListener("blur", hide);
  input.addEventListener("keydown", (event) => {
    if (list.hidden) {
      if (event.key === "ArrowDown") search();
      return;
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") mark(event.key === "ArrowDown" ? at + 1 : at < 0 ? -1 : at - 1);
    else if (event.key === "Enter" && at >= 0) pick(found[at]);
    else if (event.key === "Escape") hide();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return element("div", { class: "combo" }, input, list);
}
