// The row at hand: its text, values, rule and what was decided.

import { byId, element, fill, keyed } from "./dom.js";
import { language, t, term } from "./lang.js";
import { state } from "./state.js";
import { reveal, show } from "./text.js";

const HIDDEN = new Set(["si_value", "si_unit"]);
const SYMBOLS = { open: "○", accepted: "✓", rejected: "✕", edited: "✎", added: "＋", skipped: "…", disputed: "≠" };

export function symbol(of) {
  return element("span", { class: `state ${of}`, title: t(`status.${of}`) }, SYMBOLS[of], element("span", { class: "hidden" }, t(`status.${of}`)));
}

// What the reviewer last made of the row, or whoever settled it.
export function own(item) {
  const opinions = item.said.filter((one) => ["accept", "reject", "edit", "add"].includes(one.action));
  return opinions.findLast((one) => one.settles) || opinions.findLast((one) => one.reviewer === state.me) || null;
}

export function showItem(finish) {
  const item = state.item;
  byId("item").hidden = !item;
  byId("side").hidden = !item;
  if (!item) return;
  showHead(item);
  showNotice(item, finish);
  showTexts(item);
  showValues(item);
  showSaid(item);
}

function showHead(item) {
  const badge = (text, name = "") => element("span", { class: `badge ${name}` }, text);
  fill(
    byId("badges"),
    symbol(item.state),
    badge(t(`table.${item.table}`), item.table),
    item.kind ? badge(kindOf(item)) : null,
    item.reason === "rest" ? null : badge(t(`reason.${item.reason}`), "reason"),
    item.damaged && item.reason !== "damaged" ? badge(t("damaged"), "reason") : null,
  );
  byId("article-title").textContent = item.title;
  byId("article-title").lang = "zh-Hans";
  const day = item.meta.published_at ? item.meta.published_at.slice(0, 10) : t("no_date");
  byId("article-meta").textContent = [day, item.meta.source, item.meta.file].filter(Boolean).join(" · ");
}

export function kindOf(item) {
  if (item.table === "furniture") return item.kind;
  return term(item.table === "organisations" ? "type" : "kind", item.kind);
}

function showNotice(item, finish) {
  const notes = [];
  if (item.state === "disputed") notes.push(element("p", { class: "warn" }, t("disputed_note")));
  if (item.raw === null) notes.push(element("p", {}, t("no_raw")));
  else if (item.raw.stale) notes.push(element("p", { class: "warn" }, t("stale_raw")));
  const whole = item.done ? element("p", {}, `✓ ${t("article_done")}`) : item.left === 0 ? element("p", {}, t("article_left_none"), " ", keyed("D", t("finish"), finish)) : null;
  if (whole) notes.push(whole);
  fill(byId("notice"), ...notes);
  byId("notice").hidden = !notes.length;
}

// For furniture, which is not in the clean text, the raw text takes its place.
export function mainView() {
  return state.item.clean || state.item.raw;
}

export function showTexts(item) {
  const made = own(item);
  const furniture = item.table === "furniture";
  byId("clean-head").textContent = t(furniture ? "dropped_text" : "clean_text");
  byId("raw-box").hidden = furniture;
  const view = mainView();
  if (view && !state.editing) show(byId("clean"), view, { span: made?.span || view.span });
  const script = item.meta.script === "hant" ? "zh-Hant" : "zh-Hans";
  byId("clean").lang = furniture ? script : "zh-Hans";
  byId("raw").lang = script;
  if (item.raw && !furniture) show(byId("raw"), item.raw);
  else fill(byId("raw"), element("p", { class: "quiet" }, t("no_raw")));
  byId("whole").setAttribute("aria-pressed", String(state.whole));
  byId("raw-note").hidden = !item.raw;
  if (item.raw) byId("raw-note").textContent = t("raw_place", { start: item.raw.span[0], end: item.raw.span[1] });
  reveal(byId("raw"));
  reveal(byId("clean"));
}

function showValues(item) {
  const made = own(item);
  const human = made && ["edit", "add"].includes(made.action) ? made.human : {};
  const was = facts(item.table, item.values);
  const is = facts(item.table, { ...item.values, ...human });
  const pairs = Object.keys({ ...was, ...is }).map((name) => {
    if (made?.action !== "edit" || was[name] === is[name]) return pair(name, is[name] ?? was[name]);
    return pair(name, was[name] ? element("del", {}, was[name]) : "", " ", element("ins", {}, is[name] || t("none")));
  });
  if (made?.span) pairs.unshift(pair("surface", element("del", {}, item.surface), " ", element("ins", {}, made.surface)));
  if (item.cue) pairs.push(pair("cue", element("span", { lang: "zh-Hans" }, item.cue)));
  fill(byId("values"), ...pairs);
  byId("values-box").hidden = !pairs.length;
}

// What is shown of a row's values, by name: the two bounds of an amount as one, whatever else is empty left out.
function facts(table, values) {
  const found = Object.entries(values).filter(([name, value]) => value && !HIDDEN.has(name) && !["low", "high"].includes(name));
  const shown = found.map(([name, value]) => [name, told(name, value)]);
  if (table === "amounts") shown.splice(1, 0, ["value", bounds(values)]);
  return Object.fromEntries(shown);
}

function bounds({ low, high }) {
  if (!low && !high) return t("none");
  if (low === high) return readable(low);
  return low && high ? `${readable(low)} – ${readable(high)}` : low ? `≥ ${readable(low)}` : `≤ ${readable(high)}`;
}

function pair(name, ...shown) {
  return element("div", {}, element("dt", {}, t(`column.${name}`)), element("dd", {}, ...shown));
}

// A value as a person reads it: known words by name, numbers in groups, in Chinese also with 万 or 亿.
function told(name, value) {
  if (["low", "high"].includes(name)) return readable(value);
  if (["kind", "qualifier", "anchor", "type", "currency_basis"].includes(name)) return term(name, value);
  return value;
}

export function readable(number) {
  const [whole, rest] = number.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (rest ? `.${rest}` : "");
  const size = Math.abs(Number(number));
  const [unit, name] = size >= 1e8 ? [1e8, language === "zh-Hant" ? "億" : "亿"] : [1e4, language === "zh-Hant" ? "萬" : "万"];
  if (language === "en" || size < 1e5) return grouped;
  return `${grouped}（${Number((Number(number) / unit).toPrecision(12))}${name}）`;
}

function showSaid(item) {
  const lines = item.said.map((one) => {
    const who = one.reviewer === state.me ? t("you") : one.reviewer;
    const edited = Object.entries(one.human).filter(([name, value]) => one.action === "edit" && value !== item.values[name] && !HIDDEN.has(name));
    const changes = edited.map(([name, value]) => `${t(`column.${name}`)}: ${told(name, value) || t("none")}`);
    if (one.surface) changes.unshift(`${t("column.surface")}: ${one.surface}`);
    return element(
      "li",
      {},
      element("strong", {}, who),
      ` ${t(`did.${one.action}`)}${one.settles ? ` (${t("settled")})` : ""}`,
      changes.length ? ` ${changes.join("; ")}` : null,
      one.comment ? element("q", {}, one.comment) : null,
    );
  });
  fill(byId("said-list"), ...lines);
  byId("said").hidden = !lines.length;
}

export function showRule(card) {
  const item = state.item;
  const { accept, reject, edit } = item.judged;
  const judged = accept + reject + edit;
  const part = (head, lines) => (lines.length ? [element("h4", {}, head), element("ul", { lang: "zh-Hans" }, ...lines)] : []);
  const examples = (card?.examples || []).map(([before, mark, after]) => element("li", {}, before, element("mark", {}, mark), after));
  const not = (card?.not || []).map((text) => element("li", {}, text));
  fill(
    byId("rule"),
    element("p", { class: "rule-id" }, element("code", {}, item.rule || t("none"))),
    card ? element("p", { lang: "en" }, card.description) : element("p", { class: "quiet" }, t("no_rule")),
    judged ? element("p", { class: "quiet" }, t("rule_judged", { accept, judged })) : null,
    ...part(t("examples"), examples),
    ...part(t("not_examples"), not),
    card ? element("p", { class: "quiet", lang: "en" }, card.place) : null,
  );
}
