// WeCom's few kinds of formatted text, turned into elements.
import { link, make } from "./dom.js";

const LINK = /<a\s+href="([^"]*)"[^>]*>([^<]*)<\/a>|(https?:\/\/[A-Za-z0-9\-._~:/?#@!$&*+=%[\]]+)/g;

const LIGHTS = { "✅": "done", "↩️": "returned", "🟢": "green", "🟡": "yellow", "🔴": "red", "🔵": "blue", "🟠": "orange", "⚪": "white" };

/** Lights are drawn, for not every machine has a font with them; the character stays as text. */
function lights(content) {
  return content.split(/(✅|↩\ufe0f|🟢|🟡|🔴|🔵|🟠|⚪)/u).map((part) => (
    LIGHTS[part] ? make("span", { class: `light ${LIGHTS[part]}` }, part) : part));
}

/** Plain text with `<a href>` and bare addresses. */
export function text(content) {
  const nodes = [];
  let end = 0;
  for (const match of content.matchAll(LINK)) {
    nodes.push(...lights(content.slice(end, match.index)));
    nodes.push(match[3] ? link(match[3], match[3]) : link(match[1], match[2]));
    end = match.index + match[0].length;
  }
  return [...nodes, ...lights(content.slice(end))].filter((node) => node !== "");
}

const INLINE = /\*\*(.+?)\*\*|`([^`]+)`|\[([^\]]+)\]\(([^)\s]+)\)|<font color="(info|comment|warning)">(.*?)<\/font>/g;

function inline(content) {
  const nodes = [];
  let end = 0;
  for (const match of content.matchAll(INLINE)) {
    nodes.push(...text(content.slice(end, match.index)));
    nodes.push(mark(match));
    end = match.index + match[0].length;
  }
  return [...nodes, ...text(content.slice(end))];
}

function mark([, bold, code, label, url, colour, coloured]) {
  if (bold) return make("strong", {}, ...inline(bold));
  if (code) return make("code", {}, code);
  if (label) return link(url, label);
  return make("span", { class: colour }, ...inline(coloured));
}

/** The subset of Markdown that app messages know: headings, quotes, bold, code, links, colours. */
export function markdown(content) {
  return content.split("\n").filter((line) => line.trim()).map((line) => {
    const heading = /^#{1,6}\s+(.*)$/.exec(line);
    if (heading) return make("h3", {}, ...inline(heading[1]));
    const quote = /^>\s?(.*)$/.exec(line);
    if (quote) return make("blockquote", {}, ...inline(quote[1]));
    return make("p", {}, ...inline(line));
  });
}

/** The `<div class>` and `<br>` of a textcard's description. */
export function description(content) {
  const lines = content.replace(/<br\s*\/?>/g, "\n").split(/(?=<div)|(?<=<\/div>)/);
  return lines.filter((line) => line.trim()).map((line) => {
    const part = /^<div class="(gray|normal|highlight)">([\s\S]*)<\/div>$/.exec(line);
    return make("p", { class: part?.[1] }, part ? part[2] : line);
  });
}
