// The page: what happens when something is pressed.

import { get, post, Refusal } from "./api.js";
import * as dialogs from "./dialogs.js";
import { byId, element, fill, keyed } from "./dom.js";
import * as editor from "./editor.js";
import { mainView, own, showItem, showRule } from "./item.js";
import { listen } from "./keys.js";
import { language, speak, t } from "./lang.js";
import { remember, remembered } from "./memory.js";
import { showChips, showFilters, showProgress, showRows } from "./queue.js";
import { current, parameters, state, TO_DO } from "./state.js";
import { selected, slice } from "./text.js";

const DONE = { accept: "news_accepted", reject: "news_rejected", edit: "news_edited", skip: "news_skipped", comment: "news_comment" };
let last = Promise.resolve();

// One thing after the other, so that fast keys meet the row they were meant for; what fails is told.
function run(what) {
  last = last.then(what).catch((error) => {
    if (!(error instanceof Refusal)) console.error(error);
    tell(t(`error.${error.code}`) === `error.${error.code}` ? error.message : `${t(`error.${error.code}`)}${error.code === "value" ? ` ${error.message}` : ""}`, true);
  });
  return last;
}

function tell(text, wrong = false, ...more) {
  fill(byId("news"), text, ...more);
  byId("news").className = wrong ? "wrong" : text ? "said" : "";
}

async function reload(number = null) {
  const found = await get("list", parameters());
  Object.assign(state, { rows: found.rows, more: found.more, matching: found.matching, progress: found.progress });
  state.at = number === null ? (state.rows.length ? 0 : -1) : state.rows.findIndex((row) => row.number === number);
  if (number !== null && state.at < 0 && state.rows.length) state.at = 0;
  await open(state.at);
  showFilters(change).catch(() => {});
}

async function fetchMore() {
  if (!state.more) return false;
  const found = await get("list", { ...parameters(), after: state.rows.at(-1).place.join(",") });
  const known = new Set(state.rows.map((row) => row.number));
  const fresh = found.rows.filter((row) => !known.has(row.number));
  Object.assign(state, { rows: [...state.rows, ...fresh], more: found.more, progress: found.progress });
  return fresh.length > 0;
}

async function open(at) {
  state.at = at;
  if (state.editing) editor.leave();
  byId("picked").hidden = true;
  const row = current();
  state.item = row ? await get("item", { me: state.me, number: row.number, whole: state.whole ? 1 : 0, reveal: reveals() ? 1 : 0 }) : null;
  show();
  if (!state.item) return;
  remember("row", row.id);
  fetchRule(state.item).catch(() => {});
}

// Nobody waits for the rule: it may still be loading when the first decisions are made.
async function fetchRule(item) {
  const { card } = item.rule ? await get("rule", { id: item.rule }) : { card: null };
  if (state.item === item) showRule(card);
}

function reveals() {
  return state.reveal || (state.filter.values.reviewer || []).length > 0;
}

function show() {
  showProgress();
  showChips(change);
  showRows((at) => run(() => open(at)));
  showItem(() => does.finish());
  showEmpty();
  showActions();
  byId("who").textContent = t("reviewer_is", { name: state.me });
  byId("corpus").textContent = state.about.corpus;
  document.title = `${t("title")} – ${state.about.corpus}`;
}

function showEmpty() {
  byId("empty").hidden = Boolean(state.item);
  if (state.item) return;
  const { open: left, disputed, skipped } = state.progress;
  const finished = left + disputed === 0;
  const button = (name, values) => element("button", { type: "button", onclick: () => change(values, "") }, t(name, { n: skipped }));
  fill(
    byId("empty"),
    element("h2", {}, t(finished ? "all_done" : "nothing_fits")),
    element("p", {}, t(finished ? "all_done_next" : "nothing_fits_next")),
    finished ? element("p", {}, element("code", {}, `hkextract run`)) : null,
    element("p", { class: "buttons" }, left + disputed ? button("view_to_do", { status: [...TO_DO] }) : null, skipped ? button("show_skipped", { status: ["skipped"] }) : null, button("view_all", {})),
  );
}

function showActions() {
  const item = state.item;
  const busy = state.editing;
  const options = (name) => ({ class: name, disabled: !item && name !== "undo" });
  const undo = { class: "undo", disabled: !state.progress.undo };
  const furniture = item?.table === "furniture";
  const buttons = busy
    ? [keyed("Enter", t("save"), does.save, { class: "accept" }), keyed("Esc", t("cancel"), does.cancel, { class: "skip" })]
    : [
        keyed("A", t(furniture ? "accept_furniture" : "accept"), does.accept, options("accept")),
        keyed("R", t(furniture ? "reject_furniture" : "reject"), does.reject, options("reject")),
        keyed("E", t("edit"), does.edit, { class: "edit", disabled: !item || furniture }),
        keyed("S", t("skip"), does.skip, options("skip")),
        keyed("U", t("undo"), does.undo, undo),
        keyed("M", t("add"), does.add, { class: "small", disabled: !item || furniture }),
        keyed("B", item?.equal ? t("bulk_n", { n: item.equal }) : t("bulk"), does.bulk, { class: "small", disabled: !item?.equal }),
        keyed("C", t("comment"), does.comment, { class: "small", disabled: !item }),
        keyed("D", t("finish"), does.finish, { class: "small", disabled: !item || item.done }),
      ];
  fill(byId("actions"), ...buttons);
  byId("actions").classList.toggle("busy", Boolean(busy));
}

function update(answer) {
  const fresh = new Map(answer.rows.map((row) => [row.number, row]));
  const before = state.rows.filter(fits).length;
  state.rows = state.rows.map((row) => (fresh.has(row.number) ? { ...fresh.get(row.number), reason: row.reason, place: row.place } : row));
  state.matching += state.rows.filter(fits).length - before;
  state.progress = answer.progress;
}

// Whether a row still has the status that the list is of.
function fits(row) {
  const wanted = state.filter.values.status || [];
  return !wanted.length || wanted.includes(row.state);
}

// On to the next row that is still to be judged, or with `any` to the next one.
async function advance(any = false) {
  for (let at = state.at + 1; ; at += 1) {
    if (at >= state.rows.length && !(await fetchMore())) break;
    if (any || fits(state.rows[at])) return open(at);
  }
  if (any) return show();
  return reload();
}

function judge(action, extra = {}) {
  return run(async () => {
    if (!state.item) return;
    const surface = state.item.surface.slice(0, 30);
    const answer = await post("decide", { me: state.me, action, numbers: [state.item.number], ...extra });
    update(answer);
    await (action === "comment" ? open(state.at) : advance());
    tell(t(DONE[action], { surface }));
  });
}

function step(name) {
  return run(async () => {
    const answer = await post(name, { me: state.me });
    if (!answer.rows.length && !answer.count) {
      state.progress = answer.progress;
      show();
      return tell(t(`news_${name}_article`));
    }
    update(answer);
    const first = answer.rows[0];
    if (!state.rows.some((row) => row.number === first.number)) state.rows.splice(Math.max(state.at, 0), 0, first);
    await open(state.rows.findIndex((row) => row.number === first.number));
    tell(t(answer.count > 1 ? `news_${name}_many` : `news_${name}`, { n: answer.count, surface: first.surface.slice(0, 30) }));
  });
}

function change(values, search) {
  return run(async () => {
    state.filter = { values: Object.fromEntries(Object.entries(values).filter(([, asked]) => asked.length)), search };
    if (byId("search").value.trim() !== search.trim()) byId("search").value = search;
    tell("");
    await reload();
  });
}

async function applyToAll(action, numbers, made) {
  const edit = action === "edit" ? { human: changed(made), span: made.span } : {};
  const answer = await post("decide", { me: state.me, action, numbers, ...edit });
  update(answer);
  state.matching -= answer.rows.filter((row) => !fits(row) && !state.rows.some((known) => known.number === row.number)).length;
  await advance();
  tell(t("news_bulk", { n: answer.count }));
}

function changed(made) {
  return Object.fromEntries(Object.entries(made.human).filter(([name, value]) => value !== (state.item.values[name] || "")));
}

async function save() {
  const { adding, table } = state.editing;
  const { human, span } = editor.outcome();
  if (adding) {
    const answer = await post("add", { me: state.me, article: state.item.article, table, human, span });
    const surface = slice(mainView(), span);
    update(answer);
    state.rows.splice(state.at + 1, 0, ...answer.rows.filter((row) => !state.rows.some((known) => known.number === row.number)));
    editor.leave();
    await open(state.at);
    return tell(t("news_added", { surface }));
  }
  if (!span && !Object.keys(human).length) return tell(t("nothing_changed"), true);
  const answer = await post("decide", { me: state.me, action: "edit", numbers: [state.item.number], human, span });
  const { surface } = state.item;
  editor.leave();
  update(answer);
  await advance();
  return tell(t("news_edited", { surface: surface.slice(0, 30) }));
}

function cancel() {
  editor.leave();
  show();
  byId("clean").focus();
}

const does = {
  accept: () => judge("accept"),
  reject: () => judge("reject"),
  skip: () => judge("skip"),
  undo: () => step("undo"),
  redo: () => step("redo"),
  next: () => run(() => advance(true)),
  previous: () => run(() => (state.at > 0 ? open(state.at - 1) : null)),
  edit: () =>
    run(() => {
      if (!state.item?.clean) return;
      const made = own(state.item);
      editor.edit(state.item, made?.action === "edit" ? changed(made) : {}, made?.span);
      showActions();
    }),
  add: () =>
    run(async () => {
      if (!state.item?.clean) return;
      const span = selected(byId("clean"));
      byId("picked").hidden = true;
      const begun = editor.add(span);
      showActions();
      await begun;
    }),
  save: () => run(() => (state.editing ? save() : null)),
  cancel: () => run(() => (state.editing ? cancel() : null)),
  comment: () => state.item && dialogs.comment((text) => judge("comment", { comment: text })),
  bulk: () => run(() => (state.item?.equal ? dialogs.bulk(parameters(), (...chosen) => run(() => applyToAll(...chosen))) : null)),
  finish: () =>
    run(async () => {
      if (!state.item || state.item.done) return;
      update(await post("finish", { me: state.me, article: state.item.article }));
      await open(state.at);
      tell(t("news_finished", { title: state.item.title }));
    }),
  whole: () =>
    run(async () => {
      state.whole = !state.whole;
      const { editing } = state;
      await open(state.at);
      if (editing) editor.resume(editing);
      showActions();
    }),
  search: () => byId("search").focus(),
  filters: () => byId("filters-open").click(),
  help: () => dialogs.help(),
};

function askWho() {
  dialogs.reviewer((name, reveal) => {
    Object.assign(state, { me: name, reveal });
    remember("reviewer", name);
    run(async () => {
      await reload(state.item?.number ?? null);
      if (!state.progress.undo) greet();
    });
  });
}

function watch() {
  listen(does);
  editor.watchPointer();
  byId("who").onclick = askWho;
  byId("help-open").onclick = dialogs.help;
  byId("whole").onclick = does.whole;
  byId("more").onclick = () => run(async () => ((await fetchMore()) ? show() : null));
  byId("dialog-close").onclick = dialogs.close;
  byId("dialog").addEventListener("close", () => state.me || askWho());
  byId("language").onchange = (event) => run(() => speak(event.target.value).then(showAll));
  byId("filters-open").onclick = () => {
    byId("filters").hidden = !byId("filters").hidden;
    byId("filters-open").setAttribute("aria-expanded", String(!byId("filters").hidden));
    showFilters(change);
  };
  byId("queue-open").onclick = () => {
    const shown = document.body.classList.toggle("queue-shown");
    byId("queue-open").setAttribute("aria-expanded", String(shown));
  };
  byId("rows").addEventListener("click", () => document.body.classList.remove("queue-shown"));
  let typing = 0;
  byId("search").oninput = () => {
    clearTimeout(typing);
    typing = setTimeout(() => change(state.filter.values, byId("search").value), 200);
  };
  document.addEventListener("selectionchange", offer);
}

// A stretch of text that is selected can be added at once.
function offer() {
  if (state.editing || !state.item?.clean) return;
  const span = selected(byId("clean"));
  byId("picked").hidden = !span;
  if (span) fill(byId("picked"), element("q", { lang: "zh-Hans" }, slice(mainView(), span).slice(0, 40)), " ", keyed("M", t("add_selected"), does.add));
}

async function showAll() {
  byId("language").value = language;
  if (!state.me) return;
  const { at } = state;
  show();
  await open(at);
  await showFilters(change);
}

async function start() {
  await speak();
  byId("language").value = language;
  state.keys = remembered("keys") !== "off";
  state.about = await get("about");
  state.me = remembered("reviewer");
  watch();
  if (!state.me) return askWho();
  await reload();
  greet();
}

// What to do, for the first row; a telephone has no keys.
function greet() {
  if (state.item && matchMedia("(min-width: 761px)").matches) tell(t("news_start"));
}

run(start);
