// One conversation on the screen.
import { buildCard } from "./cards.js";
import { fillAvatar, link, make } from "./dom.js";
import { description, markdown, text } from "./richtext.js";
import { shortMoment } from "./moment.js";

const PAUSE = 5 * 60 * 1000;

export class Conversation {
  /** `press(entry, key, selections)` is called for a card's button. */
  constructor(press) {
    this.press = press;
    this.list = document.getElementById("entries");
    this.log = document.getElementById("log");
    this.empty = document.getElementById("empty");
  }

  /** Begin anew for one person. */
  open(person) {
    this.person = person;
    this.elements = new Map();
    this.last = 0;
    this.list.replaceChildren();
    this.empty.hidden = true;
  }

  /** Show entries that are new or changed. */
  show(entries) {
    const atEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 160;
    for (const entry of entries.toSorted((one, other) => one.number - other.number)) this.#put(entry);
    this.empty.hidden = this.elements.size > 0;
    const own = entries.some((entry) => entry.kind === "sent");
    if (entries.length && (atEnd || own)) this.scrollToEnd();
  }

  scrollToEnd() {
    this.log.scrollTo({ top: this.log.scrollHeight });
  }

  #put(entry) {
    const element = this.#build(entry);
    const old = this.elements.get(entry.number);
    if (old) old.replaceWith(element);
    else {
      this.#stamp(new Date(entry.at));
      this.list.append(element);
    }
    this.elements.set(entry.number, element);
  }

  #stamp(at) {
    if (Math.abs(at - this.last) > PAUSE) this.list.append(make("li", { class: "stamp" }, shortMoment(at)));
    this.last = at;
  }

  #build(entry) {
    if (entry.kind === "note") return make("li", { class: "note" }, entry.body.content);
    const own = entry.kind === "sent";
    const avatar = own
      ? fillAvatar(make("span", { "aria-hidden": "true" }), this.person)
      : make("img", { src: "/static/icon.svg", alt: "" });
    const content = entry.recalled
      ? make("div", { class: "bubble recalled" }, "这条消息已撤回")
      : this.#content(entry);
    const tag = entry.kind === "push" && make("span", { class: "tag" }, "双拥通 · 主动推送");
    const said = make("div", { class: "said" }, make("span", { class: "hidden" }, own ? "我：" : "双拥通："), tag || "", content);
    return make("li", { class: own ? "entry own" : "entry", "data-kind": entry.kind }, avatar, said);
  }

  #content(entry) {
    const build = BUILDERS[entry.msgtype];
    if (entry.msgtype === "template_card") {
      return buildCard(entry, (key, selections, element) => this.press(entry, key, selections, element));
    }
    return build ? build(entry.body) : make("div", { class: "bubble" }, `[${entry.msgtype}]`);
  }
}

const BUILDERS = {
  text: (body) => make("div", { class: "bubble" }, ...text(body.content)),
  menu: (body) => make("div", { class: "bubble" }, body.content),
  markdown: (body) => make("div", { class: "bubble markdown" }, ...markdown(body.content)),
  image: (body) => make("div", { class: "bubble picture" }, make("img", { src: media(body), alt: body.name })),
  file: (body) => make("a", { class: "bubble file", href: media(body), download: body.name },
    make("span", { class: "file-icon", "aria-hidden": "true" }, extension(body.name)),
    make("span", {}, body.name, make("small", {}, size(body.size)))),
  textcard: (body) => make("div", { class: "card" },
    make("div", { class: "card-body" }, make("h3", {}, body.title), ...description(body.description)),
    make("div", { class: "card-buttons" }, link(body.url, `${body.btntxt} ›`))),
  news: (body) => make("div", { class: "card" }, make("div", { class: "card-body" },
    ...body.articles.map((article) => make("p", {}, link(article.url ?? "", article.title))))),
};

function media(body) {
  return `/simulator/media/${encodeURIComponent(body.media_id)}`;
}

function extension(name) {
  return (name.includes(".") ? name.split(".").at(-1) : "文件").slice(0, 4).toUpperCase();
}

function size(bytes) {
  if (bytes === undefined) return "";
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
