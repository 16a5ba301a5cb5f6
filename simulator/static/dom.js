// Building elements. Text only ever becomes text: nothing here parses HTML.

/** Make an element; children that are strings become text nodes, empty ones are left out. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") element.addEventListener("click", value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== null && child !== ""));
  return element;
}

/** Make a link that may only lead to a web page. */
export function link(url, text, attributes = {}) {
  if (!/^https?:\/\//i.test(url)) return document.createTextNode(text);
  return make("a", { href: url, target: "_blank", rel: "noopener noreferrer", ...attributes }, text);
}

/** Make a person's avatar: the first character of the name on a colour of its own. */
export function fillAvatar(element, person) {
  const sum = [...person.userid].reduce((total, letter) => total + letter.codePointAt(0), 0);
  element.className = `avatar a${sum % 6}`;
  element.textContent = [...person.name][0] ?? "";
  return element;
}

let hiding;

/** Show a short notice for a few seconds. */
export function toast(text) {
  const element = document.getElementById("toast");
  element.textContent = text;
  element.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { element.hidden = true; }, 4000);
}
