// Requests to the server. Whatever it refuses is thrown as a Refusal with a code that the language files know.

export class Refusal extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

async function answer(request) {
  let response;
  try {
    response = await request;
  } catch {
    throw new Refusal("offline", "The server does not answer.");
  }
  const type = response.headers.get("content-type") || "";
  if (!type.startsWith("application/json")) throw new Refusal("closed", await response.text());
  const found = await response.json();
  if (!response.ok) throw new Refusal(found.code, found.message);
  return found;
}

// Lists are sent as repeated parameters; null and undefined are left out.
export function get(name, parameters = {}) {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined) query.append(key, one);
    }
  }
  return answer(fetch(`/api/${name}?${query}`));
}

export function post(name, body) {
  return answer(
    fetch(`/api/${name}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-HKExtract": "1" },
      body: JSON.stringify(body),
    }),
  );
}
