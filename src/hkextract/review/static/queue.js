// The list of what is to be judged, and what it is filtered by.

import { get } from "./api.js";
import { byId, element, fill } from "./dom.js";
import { kindOf, symbol } from "./item.js";
import { t, term } from "./lang.js";
import { parameters, state, TO_DO } from "./state.js";

const FACETS = ["status", "reason", "table", "kind", "article", "rule", "organisation", "reviewer"];
const opened = new Set(["status", "table"]);

export function showRows(open) {
  const rows = state.rows.map((row, at) => {
    const button = element(
      "button",
      { type: "button", class: `row ${row.table}`, "aria-current": at === state.at ? "true" : null, onclick: () => open(at) },
      symbol(row.state),
      element("span", { class: "surface", lang: "zh-Hans" }, row.surface),
      element("span", { class: "quiet" }, row.reason === "rest" ? kindOf(row) : t(`reason.${row.reason}`)),
      element("span", { class: "quiet title", lang: "zh-Hans" }, row.title),
    );
    return element("li", {}, button);
  });
  fill(byId("rows"), ...rows);
  byId("more").hidden = !state.more;
  byId("matching").textContent = t("matching", { n: state.matching });
  const row = byId("rows").children[state.at];
  row?.scrollIntoView({ block: "nearest" });
}

export function showProgress() {
  const { total, open, disputed } = state.progress;
  const judged = total - open - disputed;
  byId("bar").max = Math.max(total, 1);
  byId("bar").value = judged;
  byId("bar").setAttribute("aria-label", t("progress", { judged, n: total }));
  byId("bar-text").textContent = t("progress", { judged, n: total });
  byId("queue-open").textContent = t("queue_open", { n: open + disputed });
}

export function nameOf(facet, value, titles = {}) {
  if (facet === "article") return titles[value] || value;
  if (facet === "kind") return term("kind", value) === value ? term("type", value) : term("kind", value);
  if (["status", "reason", "table"].includes(facet)) return t(`${facet}.${value}`);
  return value;
}

function same(one, other) {
  return one.length === other.length && one.every((value) => other.includes(value));
}

// Ready-made views for those who never open the filters, and the filters that are on.
export function showChips(change) {
  const status = state.filter.values.status || [];
  const view = (name, wanted, count) =>
    element(
      "button",
      {
        type: "button",
        class: "chip view",
        "aria-pressed": String(same(status, wanted)),
        onclick: () => change({ ...state.filter.values, status: wanted }, state.filter.search),
      },
      t(name),
      count === undefined ? null : ` ${count.toLocaleString("en")}`,
    );
  const { open, disputed, skipped, total } = state.progress;
  const views = [view("view_to_do", TO_DO, open + disputed)];
  if (disputed) views.push(view("view_disputed", ["disputed"], disputed));
  if (skipped) views.push(view("view_skipped", ["skipped"], skipped));
  views.push(view("view_all", [], total));
  const chips = Object.entries(state.filter.values).flatMap(([facet, values]) =>
    facet === "status" && [TO_DO, ["disputed"], ["skipped"]].some((known) => same(known, values))
      ? []
      : values.map((value) =>
          element(
            "button",
            { type: "button", class: "chip", onclick: () => toggle(facet, value, false, change), "aria-label": t("remove_filter", { name: nameOf(facet, value) }) },
            nameOf(facet, value),
            " ✕",
          ),
        ),
  );
  fill(byId("chips"), ...views, ...chips);
  const on = Object.entries(state.filter.values).filter(([facet]) => facet !== "status").flatMap(([, values]) => values).length;
  byId("filters-open").textContent = on ? t("filters_on", { n: on }) : t("filters");
}

function toggle(facet, value, on, change) {
  const values = (state.filter.values[facet] || []).filter((one) => one !== value);
  change({ ...state.filter.values, [facet]: on ? [...values, value] : values }, state.filter.search);
}

export async function showFilters(change) {
  const box = byId("filters");
  if (box.hidden) return;
  const found = await get("facets", parameters());
  const focused = document.activeElement?.id;
  fill(box, ...FACETS.filter((facet) => found[facet].values.length).map((facet) => facetBox(facet, found[facet], change)));
  if (focused && byId(focused)) byId(focused).focus();
}

function facetBox(facet, found, change) {
  const list = element("ul", {});
  const showValues = (values, titles) =>
    fill(
      list,
      ...values.map(([value, count], at) => {
        const id = `filter-${facet}-${at}`;
        const on = (state.filter.values[facet] || []).includes(value);
        const tick = element("input", { type: "checkbox", id, checked: on, onchange: (event) => toggle(facet, value, event.target.checked, change) });
        const lang = ["article", "organisation"].includes(facet) ? "zh-Hans" : null;
        return element("li", {}, tick, element("label", { for: id, lang }, nameOf(facet, value, titles)), element("span", { class: "quiet" }, count.toLocaleString("en")));
      }),
    );
  showValues(found.values, found.titles);
  const details = element("details", { open: opened.has(facet), ontoggle: () => (details.open ? opened.add(facet) : opened.delete(facet)) }, element("summary", {}, t(`facet.${facet}`)));
  if (found.of > found.values.length) {
    const find = async (event) => {
      const next = await get("facet", { ...parameters(), name: facet, find: event.target.value });
      showValues(next.values, next.titles);
    };
    details.append(element("input", { type: "search", "aria-label": t("find_in", { name: t(`facet.${facet}`) }), placeholder: t("find_of", { n: found.of }), oninput: find }));
  }
  details.append(list);
  return details;
}
