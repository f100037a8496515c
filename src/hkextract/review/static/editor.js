// Changing a mention or adding a missed one: its span in the text, by dragging, selecting or keys, and its values.

import { get } from "./api.js";
import { suggesting } from "./combo.js";
import { byId, element, fill } from "./dom.js";
import { mainView } from "./item.js";
import { t, term } from "./lang.js";
import { state } from "./state.js";
import { offsetAt, reveal, selected, show, slice } from "./text.js";

const TABLES = ["amounts", "dates", "organisations", "furniture"];
const DERIVED = new Set(["si_value", "si_unit"]);
const FAR = 10;
let waiting = 0;

// state.editing: adding, table, span, was (the machine's values), values (as they stand), typed (fields a person changed)
export function edit(item, human, span) {
  begin({ adding: false, table: item.table, span: [...(span || item.clean.span)], was: item.values, values: { ...item.values, ...human }, typed: new Set(Object.keys(human)) });
}

export async function add(span) {
  const view = mainView();
  const start = view.sentence ? Math.max(view.sentence[0], view.offset) : view.offset;
  begin({ adding: true, table: "amounts", span: span || [start, start + 1], was: {}, values: {}, typed: new Set() });
  if (span) await guessTable();
}

function begin(editing) {
  state.editing = editing;
  showEditor();
  byId("clean").focus();
  if (editing.adding && editing.span[1] - editing.span[0] > 1) readSoon();
}

// Goes on with an edit after the text was fetched anew.
export function resume(editing) {
  state.editing = editing;
  showEditor();
  byId("clean").focus();
}

export function leave() {
  state.editing = null;
  byId("editor").hidden = true;
  byId("values-box").hidden = false;
  byId("clean").classList.remove("editing");
}

// What is to be written: an edit's changed values, an addition's values.
export function outcome() {
  const { adding, table, span, was, values } = state.editing;
  const changed = Object.entries(values).filter(([name, value]) => value !== (was[name] || ""));
  const human = table === "furniture" ? {} : Object.fromEntries(changed);
  return { human, span: adding || !same(span, state.item.clean.span) ? span : null };
}

function same(one, other) {
  return one[0] === other[0] && one[1] === other[1];
}

function showEditor() {
  const { adding, table } = state.editing;
  byId("editor").hidden = false;
  byId("values-box").hidden = true;
  byId("clean").classList.add("editing");
  fill(
    byId("editor"),
    element("h3", {}, t(adding ? "add" : "edit")),
    element("p", { class: "hint" }, t(adding ? "add_hint" : "edit_hint")),
    element("p", { class: "chosen" }, t("column.surface"), ": ", element("q", { id: "chosen", lang: "zh-Hans" })),
    spanButtons(),
    adding ? tables() : null,
    table === "furniture" ? element("p", { class: "hint" }, t("furniture_hint")) : fields(),
  );
  showSpan();
}

function spanButtons() {
  const group = (name, which) =>
    element(
      "span",
      { class: "pair", role: "group", "aria-label": t(name) },
      element("button", { type: "button", "aria-label": `${t(name)} ←`, onclick: () => move(which, -1) }, "←"),
      element("span", {}, t(name)),
      element("button", { type: "button", "aria-label": `${t(name)} →`, onclick: () => move(which, 1) }, "→"),
    );
  return element("p", { class: "pairs" }, group("span_start", "start"), group("span_both", "both"), group("span_end", "end"));
}

function tables() {
  const choose = (table) => {
    Object.assign(state.editing, { table, values: {}, typed: new Set() });
    showEditor();
    readSoon();
    byId(`table-${table}`).focus();
  };
  const radios = TABLES.map((table) =>
    element("label", { class: "radio" }, element("input", { type: "radio", name: "table", id: `table-${table}`, checked: table === state.editing.table, onchange: () => choose(table) }), t(`one.${table}`)),
  );
  return element("fieldset", { class: "tables" }, element("legend", {}, t("what_is_it")), ...radios);
}

function fields() {
  const { table } = state.editing;
  const names = state.about.columns[table].filter((name) => !DERIVED.has(name));
  return element("div", { class: "fields" }, ...names.map((name) => field(table, name)));
}

function field(table, name) {
  const id = `field-${name}`;
  const value = state.editing.values[name] || "";
  const typed = (event) => note(name, event.target.value);
  const choices = state.about.choices[table][name];
  const input = choices ? choice(id, name, choices, value, typed) : element("input", { id, value, autocomplete: "off", oninput: typed, inputmode: ["low", "high"].includes(name) ? "decimal" : null });
  const label = element("label", { for: id }, t(`column.${name}`));
  if (name === "canonical") return element("div", { class: "field wide" }, label, suggesting(input, take));
  return element("div", { class: "field" }, label, input);
}

function choice(id, name, choices, value, typed) {
  const known = choices.includes(value) ? choices : [value, ...choices];
  return element("select", { id, onchange: typed }, ...known.map((one) => element("option", { value: one, selected: one === value }, term(name, one))));
}

function note(name, value) {
  state.editing.values[name] = value;
  state.editing.typed.add(name);
}

// A suggested organisation brings its type and parent along.
function take(found) {
  for (const name of ["canonical", "type", "parent"]) {
    note(name, found[name]);
    setField(name, found[name]);
  }
}

function setField(name, value) {
  const input = byId(`field-${name}`);
  if (!input) return;
  if (input.tagName === "SELECT" && ![...input.options].some((one) => one.value === value)) input.prepend(element("option", { value }, term(name, value)));
  input.value = value;
}

function showSpan() {
  const view = mainView();
  show(byId("clean"), view, { span: state.editing.span, handles: true });
  reveal(byId("clean"));
  byId("chosen").textContent = slice(view, state.editing.span);
}

function setSpan([start, end]) {
  const view = mainView();
  const last = view.offset + Array.from(view.text).length;
  if (start < view.offset || end > last || start >= end || same([start, end], state.editing.span)) return;
  state.editing.span = [start, end];
  showSpan();
  readSoon();
}

export function move(which, by) {
  const [start, end] = state.editing.span;
  setSpan([which === "end" ? start : start + by, which === "start" ? end : end + by]);
}

// Arrow keys in the text: both ends, with Shift the last one, with Ctrl or Alt the first one. True for a key that was used.
export function arrow(event) {
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -FAR, ArrowDown: FAR }[event.key];
  if (!step) return false;
  move(event.shiftKey ? "end" : event.ctrlKey || event.altKey ? "start" : "both", step);
  return true;
}

function readSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(read, 150);
}

// What the rules make of the span, in the fields that nobody has typed in. An organisation is at least called what it says.
async function read() {
  const editing = state.editing;
  if (!editing || editing.table === "furniture" || (!editing.adding && same(editing.span, state.item.clean.span))) return;
  const values = await meaning(editing.table);
  if (state.editing !== editing) return;
  if (!values.canonical && editing.adding && editing.table === "organisations") values.canonical = slice(mainView(), editing.span);
  if (editing.adding) for (const [name, choices] of Object.entries(state.about.choices[editing.table])) values[name] ||= choices[0];
  for (const [name, value] of Object.entries(values)) {
    if (editing.typed.has(name)) continue;
    editing.values[name] = value;
    setField(name, value);
  }
}

async function meaning(table) {
  const [start, end] = state.editing.span;
  const { values } = await get("meaning", { article: state.item.article, table, start, end });
  return values;
}

async function guessTable() {
  const editing = state.editing;
  for (const table of ["amounts", "dates", "organisations"]) {
    const values = await meaning(table);
    if (state.editing !== editing || editing.typed.size) return;
    if (Object.keys(values).length) {
      editing.table = table;
      showEditor();
      readSoon();
      return;
    }
  }
}

// Dragging: a handle moves its end of the span, anything else selects a new span.
export function watchPointer() {
  const box = byId("clean");
  let edge = null;
  box.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest?.(".handle");
    if (!handle || !state.editing) return;
    event.preventDefault();
    edge = Number(handle.dataset.edge);
    box.setPointerCapture(event.pointerId);
    box.classList.add("dragging");
  });
  box.addEventListener("pointermove", (event) => {
    if (edge === null || !state.editing) return;
    const at = offsetAt(box, event.clientX, event.clientY);
    if (at !== null) setSpan(edge ? [state.editing.span[0], at] : [at, state.editing.span[1]]);
  });
  const drop = () => {
    edge = null;
    box.classList.remove("dragging");
  };
  box.addEventListener("pointercancel", drop);
  box.addEventListener("pointerup", () => {
    const dragged = edge !== null;
    drop();
    if (!state.editing || dragged) return;
    const span = selected(box);
    if (!span) return;
    window.getSelection().removeAllRanges();
    setSpan(span);
    if (state.editing.adding && !state.editing.typed.size) guessTable();
  });
}
