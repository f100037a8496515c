// Questions and explanations in front of the page.

import { get } from "./api.js";
import { byId, element, fill } from "./dom.js";
import { t } from "./lang.js";
import { remember } from "./memory.js";
import { state } from "./state.js";
import { own } from "./item.js";

const KEYS = [
  ["A", "accept"], ["R", "reject"], ["E", "edit"], ["S", "skip"], ["U", "undo"], ["Shift U", "redo"],
  ["N J →", "next"], ["P K ←", "previous"], ["M", "add"], ["B", "bulk"], ["C", "comment"], ["D", "finish"],
  ["W", "whole"], ["/", "search"], ["F", "filters"], ["?", "help"], ["Esc", "cancel"],
]; // prettier-ignore
const EDIT_KEYS = [["← →", "move_both"], ["Shift ← →", "move_end"], ["Ctrl ← →", "move_start"], ["↑ ↓", "move_far"], ["Enter", "save"], ["Esc", "cancel"]]; // prettier-ignore

export function isOpen() {
  return byId("dialog").open;
}

export function close() {
  byId("dialog").close();
}

function ask(title, ...children) {
  byId("dialog-head").textContent = title;
  byId("dialog").className = "";
  fill(byId("dialog-body"), ...children);
  if (!isOpen()) byId("dialog").showModal();
  (byId("dialog-body").querySelector("[autofocus]") || byId("dialog-head")).focus();
}

export function help() {
  const table = (keys) =>
    element("table", {}, element("tbody", {}, ...keys.map(([key, name]) => element("tr", {}, element("th", { scope: "row" }, ...key.split(" ").map((one) => element("kbd", {}, one))), element("td", {}, t(`help_${name}`))))));
  const tick = element("input", {
    type: "checkbox",
    id: "keys-on",
    checked: state.keys,
    onchange: (event) => {
      state.keys = event.target.checked;
      remember("keys", state.keys ? "" : "off");
    },
  });
  const body = [
    element("p", {}, t("help_intro")),
    element("div", { class: "two" }, table(KEYS), element("div", {}, element("h3", {}, t("help_editing")), table(EDIT_KEYS), element("p", {}, t("help_drag")))),
    element("p", { class: "tick" }, tick, element("label", { for: "keys-on" }, t("keys_on"))),
  ];
  ask(t("help"), ...body);
  byId("dialog").className = "wide";
}

// Asks who reviews; `then` is called with the name. Without a name the page cannot go on.
export function reviewer(then) {
  const name = element("input", { id: "name", maxlength: 60, required: true, autofocus: true, autocomplete: "name", value: state.me || state.about.reviewer });
  const tick = element("input", { type: "checkbox", id: "reveal", checked: state.reveal });
  const form = element(
    "form",
    {
      onsubmit: (event) => {
        event.preventDefault();
        if (!name.value.trim()) return;
        close();
        then(name.value.trim(), tick.checked);
      },
    },
    element("p", {}, t("reviewer_why")),
    element("label", { for: "name" }, t("reviewer_name")),
    name,
    knownNames(name),
    state.me ? element("p", { class: "tick" }, tick, element("label", { for: "reveal" }, t("reveal"))) : null,
    element("p", { class: "buttons" }, element("button", { class: "main" }, t("go_on"))),
  );
  ask(t("reviewer_title"), form);
  name.select();
}

function knownNames(field) {
  const others = state.about.reviewers.filter((one) => one !== field.value);
  const buttons = others.slice(0, 8).map((one) => element("button", { type: "button", class: "chip", onclick: () => ((field.value = one), field.focus()) }, one));
  return buttons.length ? element("p", { class: "quiet" }, t("reviewer_known"), " ", ...buttons) : null;
}

export function comment(then) {
  const text = element("textarea", { id: "comment", rows: 4, maxlength: 4000, autofocus: true });
  const send = (event) => {
    event.preventDefault();
    if (!text.value.trim()) return;
    close();
    then(text.value.trim());
  };
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send(event);
  });
  ask(t("comment"), element("form", { onsubmit: send }, element("label", { for: "comment" }, t("comment_label", { surface: state.item.surface.slice(0, 30) })), text, element("p", { class: "buttons" }, element("button", { class: "main" }, t("save")))));
}

// Shows every equal case before anything happens to it; `then` is called with the action and the rows that are ticked.
export async function bulk(parameters, then) {
  const item = state.item;
  const found = await get("equal", { ...parameters, number: item.number });
  const buttons = element("p", { class: "buttons" });
  const ticked = () => [...byId("dialog-body").querySelectorAll("input[name=row]:checked")].map((one) => found.rows[Number(one.value)]);
  const made = own(item);
  const showButtons = () => {
    const rows = ticked();
    const all = [item.number, ...rows.map((row) => row.number)];
    const equal = [item.number, ...rows.filter((row) => !Object.keys(row.differs).length).map((row) => row.number)];
    const button = (action, numbers, name) => element("button", { type: "button", class: action, onclick: () => (close(), then(action, numbers, made)) }, t(name, { n: numbers.length }));
    const edit = made?.action === "edit" ? button("edit", equal, "edit_all") : null;
    fill(buttons, button("accept", all, "accept_all"), button("reject", all, "reject_all"), edit, element("button", { type: "button", onclick: close }, t("cancel")));
  };
  const lines = found.rows.map((row, at) => {
    const tick = element("input", { type: "checkbox", name: "row", id: `row-${at}`, value: at, checked: true, onchange: showButtons });
    const differs = Object.entries(row.differs).filter(([name]) => !name.startsWith("si_"));
    const told = differs.map(([name, value]) => `${t(`column.${name}`)}: ${value || t("none")}`).join("; ");
    const label = element("label", { for: `row-${at}`, lang: "zh-Hans" }, row.before, element("mark", {}, row.surface), row.after, element("span", { class: "quiet" }, ` ${row.title}`), told ? element("span", { class: "differs" }, told) : null);
    return element("li", {}, tick, label);
  });
  const left = found.numbers.length - found.rows.length;
  if (!lines.length) {
    ask(t("bulk"), element("p", {}, t("bulk_none")), found.outside ? element("p", {}, t("bulk_outside", { n: found.outside })) : null, element("p", { class: "buttons" }, element("button", { type: "button", class: "main", autofocus: true, onclick: close }, t("close"))));
    return;
  }
  ask(
    t("bulk_title", { n: found.numbers.length + 1 }),
    element("p", {}, t("bulk_why", { surface: item.surface.slice(0, 30), rule: item.rule })),
    left ? element("p", { class: "warn" }, t("bulk_left", { n: left, shown: found.rows.length })) : null,
    found.outside ? element("p", { class: "quiet" }, t("bulk_outside", { n: found.outside })) : null,
    element("div", { class: "cases", tabindex: 0, role: "group", "aria-label": t("bulk") }, element("ul", {}, ...lines)),
    buttons,
  );
  byId("dialog").className = "wide";
  showButtons();
}
