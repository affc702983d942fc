// The history of a person or a group, newest first.
import { h } from './dom.js';
import { all } from './http.js';
import { clock } from './time.js';
import { empty, link } from './parts.js';
import { isWatched } from './requests.js';

const short = (value) => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
};
const isNothing = (value) => value === null || value === undefined;

function names(items, page, ctx) {
  return items.slice(0, 20).map((item, index) => [index ? ', ' : '', link(item.name ?? item.id, ctx.href(page, [item.id]))])
    .concat(items.length > 20 ? [` and ${items.length - 20} more`] : []);
}

function effect(item, ctx) {
  if (item.created) return 'Created';
  if (item.deleted) return 'Deleted';
  if (item.restored) return 'Restored';
  if (item.erased) return 'Erased: all values are gone';
  if (item.withheld) return 'The values were erased';
  if (item.membersAdded) return ['Added ', names(item.membersAdded, 'people', ctx)];
  if (item.membersRemoved) return ['Removed ', names(item.membersRemoved, 'people', ctx)];
  if (item.addedTo) return ['Added to ', names(item.addedTo, 'groups', ctx)];
  if (item.removedFrom) return ['Removed from ', names(item.removedFrom, 'groups', ctx)];
  return [h('code', null, item.changed), ' ',
    isNothing(item.before) ? null : [h('span', { class: 'was' }, short(item.before)), ' '],
    isNothing(item.after) ? h('span', { class: 'quiet' }, 'removed') : h('span', { class: 'is' }, short(item.after))];
}

/** `[{seq, …}]` as the API answers it. */
export async function historyOf(segments) {
  return (await all([...segments, 'history'], {}, 500)).reverse();
}

export function timeline(items, ctx) {
  if (!items.length) return empty('No history', 'It was removed after the retention time of the server.');
  return h('ol', { class: 'timeline' }, items.map((item) => h('li', null, h('div', null,
    h('p', { class: 'small' }, h('span', { class: 'quiet' }, clock(item.time)), ' · ', who(item.actor), ' · ',
      isWatched(item.request) ? link(item.operation, ctx.href('activity', [item.request]), { 'aria-label': `Request ${item.request}: ${item.operation}` }) : item.operation),
    h('ul', null, item.effects.map((one) => h('li', null, effect(one, ctx)))),
    item.ignored?.length ? h('p', { class: 'quiet small' }, `Not kept: ${item.ignored.join(', ')}`) : null))));
}

function who(actor) {
  const name = actor.name ?? actor.key;
  const command = actor.command ? ` with ${actor.command}` : '';
  return name ? `${name}${command}` : `${actor.origin}${command}`;
}
