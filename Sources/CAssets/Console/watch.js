// A connection as it happens: its steps and the requests of it that were refused.
import { get } from './http.js';
import { follow } from './events.js';

/**
 * `onConnection` gets the connection whenever it may have changed, `onRefusal` each refused request with its explanation.
 * Returns a function that ends it. `read(what, id)` and `stream` say where the API is.
 */
export function watchConnection({ read, stream, isOurs, onConnection, onRefusal, onState, base }) {
  let timer = null;
  let isReading = false;
  let isDone = false;
  const seen = new Set();

  async function refresh() {
    if (isReading || isDone) return;
    isReading = true;
    try {
      const connection = await read('connection');
      if (!isDone) onConnection(connection);
    } catch { /* The stream says that the server is away. */ } finally { isReading = false; }
  }

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(refresh, 250);
  }

  async function explain(item) {
    if (seen.has(item.id) || seen.size > 20) return;
    seen.add(item.id);
    try {
      const entry = await read('request', item.id);
      if (!isDone) onRefusal(entry);
    } catch { /* It is gone already. */ }
  }

  const end = follow(stream, {
    base,
    onState: (state) => { onState?.(state); if (state === 'live') refresh(); },
    onItem: (item) => {
      if (!isOurs(item)) return;
      soon();
      const isLookUp = item.method === 'GET' && item.status === 404;
      if (item.status >= 400 && !isLookUp) explain(item);
    },
  });
  // A step is known a moment after the answer was sent.
  const again = setInterval(refresh, 5000);
  refresh();
  return () => { isDone = true; clearTimeout(timer); clearInterval(again); end(); };
}

/** The same with the admin API. */
export function watchAdmin(ctx, connection, handlers) {
  // A request with a wrong key belongs to no directory; only a session for all directories sees it.
  const place = ctx.can.everywhere ? ['requests'] : ctx.in('requests');
  return watchConnection({
    ...handlers,
    stream: `admin/v1/${[...place, 'watch'].map(encodeURIComponent).join('/')}`,
    isOurs: (item) => item.connection === connection.id || (!item.key && item.status === 401),
    read: (what, id) => (what === 'connection' ? get(ctx.in('connections', connection.id)) : get([...place, id])),
  });
}
