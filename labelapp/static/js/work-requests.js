// Requests of the labeling screen. Never throws: no network is status 0, a redirect to the sign-in is 401.
const PATIENCE = 20_000;

export async function post(url, body, { user, accept = "application/json" }) {
  try {
    const response = await fetch(url, {
      method: "POST",
      body: new URLSearchParams(body),
      redirect: "manual",
      headers: { Accept: accept, "X-CSRFToken": cookie("csrftoken"), "X-Work-User": user },
      keepalive: true,
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (response.type === "opaqueredirect") return { status: 401 };
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
    if (isJson) return { status: response.status, ...(await response.json()) };
    return { status: response.status, html: await response.text() };
  } catch {
    return { status: 0 };
  }
}

function cookie(name) {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}
