// The app's menu under the conversation, when the bot has made one.
import { link, make } from "./dom.js";

/** Show the menu. `press(key)` is called for a button of type click. */
export function showMenu(menu, press) {
  const bar = document.getElementById("menu");
  bar.hidden = menu.button.length === 0;
  bar.replaceChildren(...menu.button.map((button) => (button.sub_button?.length
    ? make("details", {}, make("summary", {}, `≡ ${button.name}`),
      make("div", {}, ...button.sub_button.map((sub) => item(sub, press))))
    : make("div", {}, item(button, press)))));
}

function item(button, press) {
  if (button.type === "view") return link(button.url, button.name);
  return make("button", { type: "button", onclick: (event) => {
    event.target.closest("details")?.removeAttribute("open");
    press(button.key);
  } }, button.name);
}
