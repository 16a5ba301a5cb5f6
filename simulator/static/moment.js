// Moments in the office's zone, in Chinese.
const ZONE = "Asia/Shanghai";

function format(options) {
  const formatter = new Intl.DateTimeFormat("zh-CN", { timeZone: ZONE, ...options });
  return (at) => formatter.format(at);
}

const weekday = format({ weekday: "short" });
export const time = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
export const exactTime = format({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const date = format({ year: "numeric", month: "long", day: "numeric" });

/** `2021年7月28日 周三` */
export function fullDay(at) {
  return `${date(at)} ${weekday(at)}`;
}

/** `2021年7月28日 09:00`, above a group of messages. */
export function shortMoment(at) {
  return `${date(at)} ${time(at)}`;
}

/** `2021-07-28T09:00`, what a datetime-local input holds. */
export function inputValue(at) {
  const parts = new Intl.DateTimeFormat("sv-SE", {
    timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
  });
  return parts.format(at).replace(" ", "T");
}
