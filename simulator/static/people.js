// The sample people: a list by role, with search and the number of unread messages.
import { fillAvatar, make } from "./dom.js";

const ORDER = ["双拥办", "审核员", "领导", "联络员"];
const SEEN = "seen";

export class People {
  /** `choose(person)` is called when someone is chosen. */
  constructor(choose) {
    this.choose = choose;
    this.all = [];
    this.received = {};
    this.seen = JSON.parse(localStorage.getItem(SEEN) ?? "{}");
    this.list = document.getElementById("people-list");
    this.panel = document.getElementById("people");
    this.search = document.getElementById("search");
    this.search.addEventListener("input", () => this.draw());
    this.#drawer();
  }

  load({ people, received }) {
    this.all = people;
    this.take(received);
  }

  /** Take the numbers of messages that people have received. */
  take(received) {
    Object.assign(this.received, received);
    this.#readMine();
    this.draw();
  }

  /** Make someone the person in front of the screen. */
  show(person) {
    this.me = person;
    localStorage.setItem("me", person.userid);
    document.cookie = `simulator_userid=${encodeURIComponent(person.userid)}; path=/; SameSite=Lax`;
    fillAvatar(document.getElementById("me-avatar"), person);
    document.getElementById("me-name").textContent = person.name;
    document.getElementById("me-role").textContent = person.role;
    document.getElementById("me-unit").textContent = person.unit;
    this.#readMine();
    this.draw();
    this.list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  /** The person to begin with: the last one, else the first 联络员. */
  first() {
    const last = localStorage.getItem("me");
    return this.all.find((one) => one.userid === last)
      ?? this.all.find((one) => one.role === "联络员")
      ?? this.all[0];
  }

  unread(person) {
    const received = this.received[person.userid.toLowerCase()] ?? 0;
    const seen = this.seen[person.userid] ?? 0;
    return received < seen ? received : received - seen;
  }

  draw() {
    const wanted = this.search.value.trim().toLowerCase();
    const found = this.all.filter((one) => `${one.name} ${one.unit} ${one.role} ${one.userid}`.toLowerCase().includes(wanted));
    const roles = [...new Set([...ORDER, ...found.map((one) => one.role)])];
    const groups = roles.flatMap((role) => this.#group(role, found.filter((one) => one.role === role)));
    const focused = this.list.contains(document.activeElement) && document.activeElement.dataset.userid;
    this.list.replaceChildren(...(groups.length ? groups : [make("p", {}, "没有找到这个人。")]));
    if (focused) this.list.querySelector(`[data-userid="${CSS.escape(focused)}"]`)?.focus();
    const others = this.all.filter((one) => one !== this.me).reduce((sum, one) => sum + this.unread(one), 0);
    const badge = document.getElementById("others-unread");
    badge.hidden = others === 0;
    badge.textContent = count(others);
    badge.setAttribute("aria-label", `别人有 ${others} 条未读消息`);
  }

  #group(role, people) {
    if (!people.length) return [];
    return [make("h2", {}, `${role}（${people.length}）`), ...people.map((person) => this.#row(person))];
  }

  #row(person) {
    const unread = person === this.me ? 0 : this.unread(person);
    return make("button", {
      type: "button",
      class: "person",
      "data-userid": person.userid,
      "aria-current": person === this.me ? "true" : undefined,
      onclick: () => { this.close(); this.choose(person); },
    },
    fillAvatar(make("span", { "aria-hidden": "true" }), person),
    make("span", { class: "person-text" }, person.name, make("small", {}, person.unit)),
    unread ? make("span", { class: "badge", "aria-label": `${unread} 条未读` }, count(unread)) : "");
  }

  #readMine() {
    if (!this.me) return;
    this.seen[this.me.userid] = this.received[this.me.userid.toLowerCase()] ?? 0;
    localStorage.setItem(SEEN, JSON.stringify(this.seen));
  }

  #drawer() {
    this.opener = document.getElementById("people-open");
    this.veil = document.getElementById("veil");
    this.chat = document.getElementById("chat");
    this.opener.addEventListener("click", () => this.open());
    // On a wide screen the list is always there: nothing to open.
    const wide = matchMedia("(min-width: 821px)");
    const adapt = () => {
      this.close();
      this.opener.disabled = wide.matches;
    };
    wide.addEventListener("change", adapt);
    adapt();
    document.getElementById("people-close").addEventListener("click", () => this.close());
    this.veil.addEventListener("click", () => this.close());
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") this.close(); });
  }

  open() {
    this.panel.classList.add("open");
    this.veil.hidden = false;
    this.chat.inert = true;
    this.opener.setAttribute("aria-expanded", "true");
    // Not the search field: on a phone its keyboard would cover the list.
    (this.list.querySelector("[aria-current]") ?? this.search).focus();
  }

  close() {
    if (!this.panel.classList.contains("open")) return;
    this.panel.classList.remove("open");
    this.veil.hidden = true;
    this.chat.inert = false;
    this.opener.setAttribute("aria-expanded", "false");
    this.opener.focus();
  }
}

function count(number) {
  return number > 99 ? "99+" : String(number);
}
