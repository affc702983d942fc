// A request in a few words.

/** Whom or what it was about, as far as the request says it. */
export function subject(item) {
  const body = item.body ?? {};
  const name = body.userName ?? body.displayName;
  return typeof name === 'string' ? name : '';
}

/** Whether Activity may know a request: acts of administrators and of the clock are in the audit instead. */
export const isWatched = (id) => /^[0-9a-f]{8}-\d+$/.test(id ?? '');

/** What it did, or why it was refused. */
export function summary(item) {
  if (item.refused) return `key refused: ${item.refused.reason}`;
  if (item.error) return item.error.detail ?? '';
  const changes = item.changes ?? [];
  if (!changes.length) return item.method === 'GET' ? 'read' : 'nothing changed';
  const [verb] = Object.keys(changes[0]);
  const first = typeof changes[0][verb] === 'string' ? `${changes[0][verb]} ${verb}` : verb;
  return changes.length > 1 ? `${first} and ${changes.length - 1} more` : first;
}
