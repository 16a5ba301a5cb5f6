// Puts the page together: who is in front of the screen, what they see, what they send.
import { showChips } from "./chips.js";
import { toast } from "./dom.js";
import { Conversation } from "./entries.js";
import { showMenu } from "./menu.js";
import { People } from "./people.js";
import { get, post } from "./server.js";
import { TimeMachine } from "./time.js";

const WAIT = 15;
const input = document.getElementById("input");
const typing = document.getElementById("typing");
const people = new People(choose);
const clock = new TimeMachine(() => loadMenu());
const conversation = new Conversation(press);

let me;
let watching = new AbortController();
let pending = 0;

async function act(path, data) {
  const asked = me;
  pending += 1;
  typing.hidden = false;
  conversation.scrollToEnd();
  try {
    return await post(path, { userid: asked.userid, ...data });
  } catch (error) {
    toast(error.message);
    return undefined;
  } finally {
    pending -= 1;
    typing.hidden = pending === 0;
  }
}

function send(text) {
  if (!me || !text.trim()) return;
  act("say", { text });
}

async function press(entry, key, selections, element) {
  element.classList.add("busy");
  await act("click", { entry: entry.number, key, selections });
  element.classList.remove("busy");
}

function fill(text) {
  input.value = text;
  grow();
  input.focus();
}

function choose(person) {
  if (person === me) return;
  me = person;
  people.show(person);
  conversation.open(person);
  showChips(person.role, send, fill);
  watch(person);
  post("enter", { userid: person.userid }).catch((error) => toast(error.message)).then(loadMenu);
}

async function watch(person) {
  watching.abort();
  watching = new AbortController();
  const { signal } = watching;
  let after = -1;
  let lost = false;
  while (!signal.aborted) {
    try {
      const wait = after < 0 || lost ? 0 : WAIT;
      const news = await get(`conversations/${encodeURIComponent(person.userid)}?after=${after}&wait=${wait}`, signal);
      if (signal.aborted) return;
      if (news.changed < after) {
        // The demo was started again from an older state: what is shown here is not its own.
        conversation.open(person);
        after = -1;
        continue;
      }
      after = news.changed;
      lost = false;
      clock.take(news.now);
      conversation.show(news.entries);
      people.take(news.received);
    } catch (error) {
      if (error.name === "AbortError") return;
      lost = true;
      toast(error.message);
      await new Promise((resolve) => { setTimeout(resolve, 3000); });
    }
  }
}

function loadMenu() {
  return get("menu").then((menu) => showMenu(menu, (key) => act("menu", { key }))).catch(() => undefined);
}

function grow() {
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight + 2}px`;
}

async function sendPhoto(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  act("photo", { name: file.name, data: btoa(binary) });
}

document.getElementById("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = input.value;
  input.value = "";
  grow();
  send(text);
});
input.addEventListener("input", grow);
input.addEventListener("keydown", (event) => {
  // While an input method composes, Enter belongs to it.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  document.getElementById("form").requestSubmit();
});
document.getElementById("photo").addEventListener("change", (event) => {
  const [file] = event.target.files;
  if (file) sendPhoto(file);
  event.target.value = "";
});

try {
  people.load(await get("people"));
  choose(people.first());
} catch (error) {
  toast(error.message);
}
