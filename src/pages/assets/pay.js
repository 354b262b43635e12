// What the pages with a payment window do alike: ask the server, open the provider's window, and report what it said. The
// server alone decides whether something was paid: everything here may be lost, repeated, or done in two tabs at once.

export function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Asks the server. The same key and body twice have one effect. Throws when there is no answer. */
export async function send(method, url, body, key) {
  const headers = {};
  if (body) headers['content-type'] = 'application/json';
  if (key) headers['idempotency-key'] = key;
  const response = await fetch(url, {
    method,
    headers,
    body: body && JSON.stringify(body),
    cache: 'no-store',
  });
  return { status: response.status, body: await response.json().catch(() => ({})) };
}

export function hasSdk() {
  return typeof window.Steppay !== 'undefined';
}

/** Opens the provider's window. Answers how it ended, as far as the window knows: { idKey }, or declined, closed, noSdk. */
export function opensWindow(payment) {
  return new Promise((resolve) => {
    try {
      window.Steppay.requestPay(payment)
        .success((result) => resolve({ idKey: String(result.idKey) }))
        .error(() => resolve('declined'))
        .cancel(() => resolve('closed'));
    } catch {
      resolve('noSdk');
    }
  });
}

/** Reports a payment until the server has taken it. Answers what it said; undefined where it does not want to know. */
export async function report(url, paid, waiting) {
  for (let wait = 500; ; wait = Math.min(wait * 2, 8000)) {
    const answer = await send('POST', url, paid).catch(() => undefined);
    if (answer?.status === 200) return answer.body;
    if (answer && answer.status < 500 && answer.status !== 429) return undefined;
    waiting();
    await pause(wait);
  }
}

/** What this tab keeps over a reload, so that a payment is reported all the same. */
export function memory(name) {
  const quietly = (act) => {
    try {
      return act();
    } catch {
      // Without it the webhook still tells the server.
      return null;
    }
  };
  return {
    keep: (paid) => quietly(() => sessionStorage.setItem(name, JSON.stringify(paid))),
    forget: () => quietly(() => sessionStorage.removeItem(name)),
    recall: () => quietly(() => JSON.parse(sessionStorage.getItem(name))),
  };
}
