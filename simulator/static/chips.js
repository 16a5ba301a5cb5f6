// Common phrases, by role. A phrase that ends in … is put into the input to be finished.
import { make } from "./dom.js";

const REPORT = "第11条 已完成，走访部队5个，慰问金24万元";
const PHRASES = {
  联络员: ["我的任务", "第11条", { label: "填报示例", text: REPORT }, "进度", { label: "更正…", text: "更正 " }, "撤回", "帮助"],
  审核员: ["我的任务", "汇总", "第11条", "第11条 汇总", "帮助"],
  双拥办: ["汇总", "第11条 汇总", "催办 第11条", "第11条", { label: "销号…", text: "销号 第11条 " }, { label: "退回…", text: "退回 第11条 " }, "帮助"],
  领导: ["汇总", "第11条 汇总", "第11条", "帮助"],
};
const ANYONE = ["帮助", "第11条", "八一前要做哪些工作？", "我的任务"];

/** Show the phrases of a role. `send(text)` sends one, `fill(text)` puts it into the input. */
export function showChips(role, send, fill) {
  const chips = (PHRASES[role] ?? ANYONE).map((phrase) => (typeof phrase === "string"
    ? make("button", { type: "button", onclick: () => send(phrase) }, phrase)
    : make("button", { type: "button", onclick: () => fill(phrase.text) }, phrase.label)));
  document.getElementById("chips").replaceChildren(...chips);
}
