// The clock in the head and the time machine's dialog.
import { make, toast } from "./dom.js";
import { exactTime, fullDay, inputValue, time } from "./moment.js";
import { get, post } from "./server.js";

export class TimeMachine {
  /** `moved()` is called after each jump. */
  constructor(moved) {
    this.moved = moved;
    this.offset = 0;
    this.dialog = document.getElementById("time");
    this.own = document.getElementById("own-moment");
    this.warning = document.getElementById("backward");
    document.getElementById("time-open").addEventListener("click", () => this.open());
    document.getElementById("time-close").addEventListener("click", () => this.dialog.close());
    this.own.addEventListener("input", () => this.#calm());
    document.getElementById("own-time").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#jumpToOwn();
    });
    setInterval(() => this.#tick(), 500);
  }

  /** Set the shown clock to the server's. */
  take(now) {
    this.offset = new Date(now) - Date.now();
    this.#tick();
  }

  now() {
    return new Date(Date.now() + this.offset);
  }

  async open() {
    try {
      const { now, moments } = await get("moments");
      this.take(now);
      this.#draw(moments);
    } catch (error) {
      toast(error.message);
      return;
    }
    this.own.value = inputValue(this.now());
    this.#calm();
    this.dialog.showModal();
  }

  #draw(moments) {
    const groups = [...new Set(moments.map((moment) => moment.group))];
    document.getElementById("moments").replaceChildren(...groups.flatMap((group) => [
      make("h3", {}, group),
      make("ul", {}, ...moments.filter((moment) => moment.group === group).map((moment) => this.#button(moment))),
    ]));
  }

  #button(moment) {
    const at = new Date(moment.at);
    const button = make("button", { type: "button", onclick: () => this.jump(at, moment.name) },
      moment.name, make("small", {}, `${inputValue(at).slice(0, 10)} ${time(at)}`));
    return make("li", {}, button);
  }

  #calm() {
    this.warning.hidden = true;
    document.querySelector("#own-time button").textContent = "跳转";
  }

  #jumpToOwn() {
    const at = new Date(`${this.own.value}:00+08:00`);
    if (at < this.now() && this.warning.hidden) {
      this.warning.hidden = false;
      document.querySelector("#own-time button").textContent = "仍要往回调";
      return;
    }
    this.jump(at, "");
  }

  /** Move the clock; the bot is started again, so this takes some seconds. */
  async jump(at, name) {
    this.dialog.close();
    this.#veil(`正在跳到${name ? `“${name}”：` : " "}${fullDay(at)} ${time(at)}，机器人马上就好……`);
    try {
      const { now } = await post("clock", { at: at.toISOString() });
      this.take(now);
      this.moved();
      toast(`现在是 ${fullDay(this.now())} ${time(this.now())}`);
    } catch (error) {
      toast(error.message);
    }
    this.#veil("");
  }

  #veil(text) {
    document.getElementById("moving").hidden = !text;
    document.getElementById("moving-text").textContent = text;
  }

  #tick() {
    const now = this.now();
    const [year, day] = fullDay(now).split(/(?<=年)/);
    document.getElementById("clock-year").textContent = year;
    document.getElementById("clock-day").textContent = day;
    document.getElementById("clock-time").textContent = exactTime(now);
    document.getElementById("present").textContent = `${fullDay(now)} ${exactTime(now)}`;
  }
}
