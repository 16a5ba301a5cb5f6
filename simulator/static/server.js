// The page's only way to the simulator.

/** What the server refused; the message is a Chinese sentence. */
export class Refused extends Error {}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(`/simulator/${path}`, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused("连不上演示程序，请看看终端里的 make demo 是否还在运行。");
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(answer.error ?? "演示程序出了问题，请看终端。");
  return answer;
}

export function get(path, signal) {
  return ask(path, { signal });
}

export function post(path, data) {
  return ask(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(data),
  });
}
