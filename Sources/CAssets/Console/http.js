// Requests to the admin API. Addresses are relative, so that they also work behind a proxy that adds a path.

/** A refusal as RFC 9457 describes it: what happened, why, and what to do next. */
export class Problem extends Error {
  constructor(status, body) {
    super(body?.detail ?? body?.title ?? `The server answered with status ${status}.`);
    this.status = status;
    this.code = body?.code;
    this.title = body?.title ?? 'The request failed';
    this.fix = body?.fix;
    this.request = body?.request;
    this.pointer = body?.pointer;
    this.candidates = body?.candidates ?? [];
  }
}

/** Raised when the session has ended while a page was open. */
export const sessionEnded = new EventTarget();

export const segment = encodeURIComponent;

/** Path segments and a query as an address of the admin API; values that are empty are left out. */
export function address(segments, query = {}) {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const search = new URLSearchParams(pairs).toString();
  return `admin/v1/${segments.map(segment).join('/')}${search ? `?${search}` : ''}`;
}

export async function send(path, { method = 'GET', body, ifMatch, base = '../' } = {}) {
  const headers = { Accept: 'application/json' };
  if (method !== 'GET') headers['X-Scimd-Console'] = '1';
  if (method !== 'GET') headers['X-Scimd-Command'] = `console ${location.hash.split('?')[0].split('/')[2] ?? ''}`.trim();
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (ifMatch) headers['If-Match'] = ifMatch;
  let response;
  try {
    response = await fetch(base + path, {
      method, headers, body: body === undefined ? undefined : JSON.stringify(body),
      credentials: 'same-origin', cache: 'no-store', redirect: 'error',
    });
  } catch {
    throw new Problem(0, {
      title: 'The server does not answer', detail: 'No connection to the server.',
      fix: 'Check that scimd is running, then try again.',
    });
  }
  const text = await response.text();
  let json = null;
  if (text && (response.headers.get('Content-Type') ?? '').includes('json')) {
    try { json = JSON.parse(text); } catch { json = null; }
  }
  if (response.ok) return json ?? text;
  const problem = new Problem(response.status, json);
  if (problem.code === 'sessionEnded') sessionEnded.dispatchEvent(new Event('ended'));
  throw problem;
}

/** A list of path segments below /admin/v1. */
export const get = (segments, query, options) => send(address(segments, query), options);
export const post = (segments, body, options = {}) =>
  send(address(segments, options.query), { ...options, method: 'POST', body });
export const patch = (segments, body, options = {}) =>
  send(address(segments, options.query), { ...options, method: 'PATCH', body });
export const remove = (segments, options = {}) =>
  send(address(segments, options.query), { ...options, method: 'DELETE' });
export const docs = (path) => send(`docs/${path}`);

/** Every item of a list, up to a limit that keeps pages small. */
export async function all(segments, query = {}, limit = 2000) {
  const items = [];
  let cursor;
  do {
    const page = await get(segments, { ...query, limit: 500, cursor });
    items.push(...page.items);
    cursor = page.next;
  } while (cursor && items.length < limit);
  return items;
}
