// Elements. Text always goes in as text: nothing that an article holds is ever read as HTML.

// element("p", { class: "quiet", onclick: f }, "text", child, ...)
export function element(name, options = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(options)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function fill(parent, ...children) {
  parent.replaceChildren(...children.filter((child) => child !== null && child !== undefined));
}

export function byId(id) {
  return document.getElementById(id);
}

// A button with its key in front.
export function keyed(key, text, action, options = {}) {
  const label = element("span", { class: "label" }, text);
  return element("button", { type: "button", onclick: action, ...options }, element("kbd", {}, key), label);
}
