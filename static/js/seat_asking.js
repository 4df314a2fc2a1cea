// Asks the server for JSON; null when it cannot be had, which is never a reason to stop a guest.
export async function asked(url) {
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" }, cache: "no-cache" });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}
