import { h, fill } from './dom.js';
import { get } from './http.js';
import { table } from './table.js';
import { time } from './time.js';
import { choice, field, text, whenTyped } from './forms.js';
import { empty, heading, state } from './parts.js';
import { keepQuery } from './router.js';

/** A text of a filter (RFC 7644 §3.4.2.2). */
export const quoted = (value) => JSON.stringify(value);

/** The filter of what was typed. Only user names and e-mail addresses have an `@`: less is searched then. */
function filterOf(words, which) {
  const parts = [];
  const value = quoted(words);
  if (words.includes('@')) parts.push(`(userName co ${value} or emails.value co ${value} or externalId eq ${value})`);
  else if (words) {
    parts.push(`(userName co ${value} or displayName co ${value} or name.familyName sw ${value} or name.givenName sw ${value} or emails.value co ${value} or externalId eq ${value})`);
  }
  if (which === 'active') parts.push('active eq true');
  if (which === 'inactive') parts.push('active eq false');
  return parts.join(' and ') || undefined;
}

export default function people(page, ctx) {
  const words = text({ type: 'search', placeholder: 'Name, user name or e-mail', value: ctx.query.get('q') ?? '' });
  const which = choice([['', 'Everybody'], ['active', 'Active'], ['inactive', 'Inactive'], ['deleted', 'Deleted']], ctx.query.get('show') ?? '');
  const list = table({
    label: 'People',
    columns: [
      { title: 'User name', cell: (user) => user.name ?? user.id },
      { title: 'E-mail', cell: (user) => user.email ?? '' },
      { title: 'State', cell: (user) => (which.value === 'deleted' ? state('deleted', 'bad') : state(user.active === false ? 'inactive' : 'active')) },
      { title: 'Groups', cell: (user) => String(user.groups ?? 0), class: 'end' },
      { title: 'Managed by', cell: (user) => user.managedBy?.name ?? user.managedBy?.kind ?? '' },
      { title: 'Changed', cell: (user) => time(user.deleted ?? user.modified) },
    ],
    href: (user) => ctx.href('people', [user.id], which.value === 'deleted' ? { deleted: 1 } : {}),
    fetchPage: (cursor) => {
      const isDeleted = which.value === 'deleted';
      return get(ctx.in('users'), { cursor, deleted: isDeleted || undefined, filter: isDeleted ? undefined : filterOf(words.value.trim(), which.value) });
    },
    none: () => (words.value || which.value
      ? empty('Nobody matches', 'Search for a part of the user name, the display name or an e-mail address.')
      : empty('Nobody is here yet', 'People arrive when a provider is connected and somebody is assigned there.',
        ctx.can.write ? h('a', { class: 'button primary', href: ctx.href('connect') }, 'Connect a provider') : null)),
  });
  const again = whenTyped(() => {
    if (!words.isConnected) return null;
    words.closest('.field').hidden = which.value === 'deleted';
    keepQuery({ q: words.value.trim(), show: which.value });
    return list.reload();
  });
  words.addEventListener('input', again);
  which.addEventListener('change', again);
  fill(page, heading('People', { eyebrow: ctx.directory }), h('div', { class: 'filters' }, field('Search', words), field('Show', which)), list);
}
