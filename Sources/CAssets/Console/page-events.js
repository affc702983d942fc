import { h, fill } from './dom.js';
import { address, all, get, post } from './http.js';
import { follow, lamp } from './events.js';
import { table } from './table.js';
import { clock, local } from './time.js';
import { choice, field, form } from './forms.js';
import { button, empty, facts, heading, link, load, section, tabs, value } from './parts.js';
import { keepQuery } from './router.js';
import { isWatched } from './requests.js';
import { eventTypes, selections } from './event-types.js';
import { attemptNote, newWebhook, webhook, webhooks } from './webhooks.js';
import { leavers } from './leavers.js';

const views = [['', 'Feed'], ['webhooks', 'Webhooks'], ['leavers', 'Leavers']];
const subs = {
  '': 'What changed, in order, as your applications read it.',
  webhooks: 'Your applications that get a signed call for each event.',
  leavers: 'Who was deactivated or deleted since the server started, and when each application accepted it.',
};

export default function events(page, ctx) {
  const [view = '', id] = ctx.rest;
  if (view === 'event' && id) return one(page, ctx, id);
  if (view === 'webhooks' && id) return webhook(page, ctx, id);
  const known = view in subs ? view : '';
  const content = h('div', { class: 'stack' });
  const light = h('span', { class: 'live' }, 'connecting …');
  const actions = known === '' ? [light] : [];
  if (known === 'webhooks' && ctx.can.write) actions.push(button('New webhook', () => newWebhook(ctx), { kind: 'primary', symbol: 'plus' }));
  fill(page, heading('Events', { eyebrow: ctx.directory, sub: subs[known], actions }),
    tabs(views.map(([key, title]) => [key, title, ctx.href('events', key ? [key] : [])]), known, 'Parts of events'), content);
  if (known === 'webhooks') return webhooks(content, ctx);
  if (known === 'leavers') return leavers(content, ctx);
  return feed(content, ctx, light);
}

// The feed

export const subjectName = (subject) => subject.userName ?? subject.displayName ?? subject.name ?? `${subject.id.slice(0, 8)}…`;

/** The page of what an event is about; null if it has none. */
function subjectHref({ type, id }, ctx) {
  const places = {
    User: ['people', [id]], Group: ['groups', [id]], Connection: ['connections', [id]], Role: ['access', ['role', id]],
    Draft: ['access', ['drafts', id]], Review: ['access', ['reviews', id]], Webhook: ['events', ['webhooks', id]],
  };
  return type in places ? ctx.href(...places[type]) : null;
}

/** The attributes that it changed, in a few words; what begins or ends has all of them. */
function changedWords(event) {
  if (event.erased) return 'the values were erased';
  if (/\.(created|deleted|restored|opened|granted|revoked|expired|removed)$/.test(event.type)) return '';
  const names = Object.keys(event.changed ?? event.previous ?? {}).filter((name) => name !== 'schemas' && name !== 'meta');
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}

function feed(content, ctx, light) {
  const types = choice(selections, ctx.query.get('types') ?? '');
  // An address may name a selection that is not offered.
  if (!types.value) types.value = '';
  let names = new Map();
  // The feed works without the names.
  const naming = all(ctx.in('connections')).then((items) => { names = new Map(items.map((item) => [item.id, item.name])); }, () => {});
  const by = (actor) => names.get(actor?.connection) ?? actor?.key ?? actor?.kind ?? '';
  const list = table({
    label: 'Events', keyOf: (event) => event.id,
    columns: [
      { title: 'Event', class: 'nowrap', cell: (event) => event.type },
      { title: 'Time', cell: (event) => clock(event.time) },
      { title: 'About', cell: (event) => [h('span', { class: 'quiet' }, event.subject.type, ' '), subjectName(event.subject)] },
      { title: 'Changed', cell: changedWords },
      { title: 'By', cell: (event) => by(event.actor) },
    ],
    href: (event) => ctx.href('events', ['event', event.id]),
    // The newest ones; applications read what came before from their own place on. Few, as after an import each record
    // that is read for them has a thousand.
    fetchPage: async () => {
      const [found] = await Promise.all([get(ctx.in('events'), { newest: true, limit: 25, types: types.value }), naming]);
      return { items: found.items.reverse() };
    },
    none: () => empty('No events', 'As soon as a person, a group or somebody’s access changes, it appears here.'),
  });
  let end = null;
  const begin = () => {
    end?.();
    end = follow(address([...ctx.in('events'), 'watch'], { types: types.value }), {
      types: types.value ? types.value.split(',') : eventTypes,
      onState: lamp(light, 'live', () => list.reload()),
      onItem: (event) => list.prependItem(event),
    });
  };
  types.addEventListener('change', () => { keepQuery({ types: types.value }); list.reload(); begin(); });
  fill(content, h('div', { class: 'filters' }, field('Show', types)), list);
  begin();
  return () => end?.();
}

// One event

async function one(page, ctx, id) {
  await load(page, 'the event', () => Promise.all([get(ctx.in('events', id)), get(ctx.in('webhooks'), { limit: 500 })]), ([event, hooks]) => {
    const name = subjectName(event.subject);
    const place = subjectHref(event.subject, ctx);
    return [
      heading(event.type, {
        eyebrow: link('Events', ctx.href('events')),
        sub: [`${event.subject.type} `, place ? link(name, place) : name, ' · ', h('time', { datetime: event.time, title: event.time }, local(event.time))],
      }),
      h('div', { class: 'grid' },
        section('What changed', event.erased ? h('p', { class: 'quiet' }, 'The person was erased, and with it all values.') : values(event)),
        h('div', { class: 'stack' },
          section('Record', facts([
            ['Id', value(event.id, 'id')],
            ['Before it', event.previousId ? link(event.previousId, ctx.href('events', ['event', event.previousId])) : 'the oldest that is kept'],
            ['By', [event.actor?.kind, event.actor?.key].filter(Boolean).join(' ')],
            ['Request', isWatched(event.request) ? link(event.request, ctx.href('activity', [event.request])) : event.request],
            ['Hash', h('code', { class: 'small' }, event.hash)],
          ])),
          ctx.can.write && hooks.items.length ? section('Send it again', resend(event, hooks.items, ctx)) : null)),
    ];
  });
}

const shown = (item) => (typeof item === 'string' ? item : JSON.stringify(item, null, 1));

function values(event) {
  const names = [...new Set([...Object.keys(event.previous ?? {}), ...Object.keys(event.changed ?? {})])].filter((name) => name !== 'schemas' && name !== 'meta');
  if (!names.length) return h('p', { class: 'quiet' }, 'It carries no values.');
  return facts(names.map((name) => {
    const [old, now] = [event.previous?.[name], event.changed?.[name]];
    return [name, h('span', null, old === undefined || old === null ? null : [h('span', { class: 'was' }, shown(old)), ' '],
      now === undefined || now === null ? h('span', { class: 'quiet' }, 'removed') : h('span', { class: 'is' }, shown(now)))];
  }));
}

function resend(event, hooks, ctx) {
  const which = choice(hooks.map((hook) => [hook.id, hook.name]));
  which.name = 'webhook';
  const answer = h('div', { role: 'status' });
  return [form([field('To the webhook', which)], 'Send now', async ({ webhook: hook }) => {
    fill(answer);
    fill(answer, attemptNote(await post(ctx.in('webhooks', hook, 'resend'), { event: event.id })));
  }, { kind: '' }), answer];
}
