// Template cards: what they show, what can be chosen on them, and their buttons.
import { link, make } from "./dom.js";

/** Build a card. `press(key, selections)` is called when a button is pressed. */
export function buildCard(entry, press) {
  const card = entry.body;
  const element = make("div", { class: "card", role: "group", "aria-label": card.main_title?.title ?? "卡片" });
  const body = make("div", { class: "card-body" }, ...shown(card), ...questions(card, entry));
  element.append(body);
  const pressKey = (key) => press(key, chosen(element), element);
  const menu = actionMenu(card, pressKey);
  if (menu) body.prepend(menu);
  const buttons = [...actionButtons(card, entry.button, pressKey), ...links(card)];
  if (buttons.length) element.append(make("div", { class: "card-buttons" }, ...buttons));
  return element;
}

function shown(card) {
  const { source, main_title: title, emphasis_content: emphasis, quote_area: quote } = card;
  const rows = (card.horizontal_content_list ?? []).flatMap((row) => [
    make("dt", {}, row.keyname ?? ""),
    make("dd", {}, row.url ? link(row.url, row.value ?? row.url) : (row.value ?? "")),
  ]);
  return [
    source?.desc && make("p", { class: "card-source" }, source.desc),
    title?.title && make("h3", {}, title.title),
    title?.desc && make("p", { class: "card-desc" }, title.desc),
    emphasis && make("p", { class: "card-emphasis" }, make("strong", {}, emphasis.title ?? ""), emphasis.desc ?? ""),
    quote && make("p", { class: "card-quote" }, [quote.title, quote.quote_text].filter(Boolean).join("：")),
    card.sub_title_text && make("p", { class: "card-text" }, card.sub_title_text),
    rows.length && make("dl", {}, ...rows),
  ].filter(Boolean);
}

function questions(card, entry) {
  const locked = Boolean(entry.button);
  const selects = [card.button_selection, ...(card.select_list ?? [])].filter(Boolean);
  const result = selects.map((question) => selection(question, locked));
  if (card.checkbox) result.push(checkbox(card.checkbox, entry.number, locked));
  return result;
}

function selection(question, locked) {
  const options = question.option_list.map((option) => make("option", {
    value: option.id, selected: option.id === question.selected_id,
  }, option.text));
  const select = make("select", { "data-question": question.question_key, disabled: locked }, ...options);
  return make("label", { class: "question" }, question.title ?? "请选择", select);
}

function checkbox(question, number, locked) {
  const type = Number(question.mode) === 1 ? "checkbox" : "radio";
  const options = question.option_list.map((option) => make("label", { class: "option" }, make("input", {
    type,
    name: `question-${number}`,
    value: option.id,
    checked: option.is_checked === true,
    disabled: locked || Boolean(question.disable),
    "data-question": question.question_key,
  }), option.text));
  return make("fieldset", {}, make("legend", {}, type === "radio" ? "请选择一项" : "可选多项"), ...options);
}

function chosen(element) {
  const selections = {};
  for (const control of element.querySelectorAll("[data-question]")) {
    if (control.tagName === "INPUT" && !control.checked) continue;
    (selections[control.dataset.question] ??= []).push(control.value);
  }
  return selections;
}

function actionMenu(card, press) {
  const menu = card.action_menu;
  if (!menu) return undefined;
  const actions = menu.action_list.map((action) => make(
    "button", { type: "button", onclick: () => press(action.key) }, action.text,
  ));
  return make("details", { class: "card-menu" }, make("summary", {}, `⋯ ${menu.desc ?? "更多操作"}`), make("div", {}, ...actions));
}

function actionButtons(card, replaced, press) {
  const buttons = [...(card.button_list ?? []), card.submit_button].filter(Boolean);
  if (replaced && buttons.length) return [make("button", { type: "button", disabled: true }, replaced)];
  return buttons.map((button) => (Number(button.type) === 1
    ? link(button.url, button.text)
    : make("button", { type: "button", class: `style${button.style ?? 1}`, onclick: () => press(button.key) }, button.text)));
}

function links(card) {
  const jumps = (card.jump_list ?? []).filter((jump) => jump.url).map((jump) => link(jump.url, `${jump.title} ›`));
  const action = card.card_action?.url ? [link(card.card_action.url, "查看详情 ›")] : [];
  return [...jumps, ...action];
}
