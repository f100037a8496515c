// What the page knows at the moment.

export const TO_DO = ["open", "disputed"];

export const state = {
  me: "",
  about: null,
  filter: { values: { status: [...TO_DO] }, search: "" },
  rows: [], // the part of the queue that has been fetched
  at: -1, // the place in it of the row at hand
  more: false,
  matching: 0,
  progress: null,
  item: null, // the row at hand with its texts
  whole: false, // the whole article is shown
  reveal: false, // what others decided is shown
  editing: null, // what the editor holds, null while nothing is edited
  keys: true, // single keys decide
};

export function parameters() {
  return { me: state.me, search: state.filter.search || null, ...state.filter.values };
}

export function current() {
  return state.rows[state.at] || null;
}
