import { h, fill } from './dom.js';
import { all, address, get, post } from './http.js';
import { follow, lamp } from './events.js';
import { table } from './table.js';
import { clock, local } from './time.js';
import { choice, field, text } from './forms.js';
import { button, copyButton, empty, facts, heading, link, load, problem, section, state, statusTone, value } from './parts.js';
import { keepQuery } from './router.js';
import { inline } from './markdown.js';
import { subject, summary } from './requests.js';

export default function activity(page, ctx) {
  return ctx.rest.length ? one(page, ctx, ctx.rest[0]) : live(page, ctx);
}

/** Requests of this directory, or, where a session may see it, of the server: those without a known key have no directory. */
const place = (ctx, isAll) => (isAll ? ['requests'] : ctx.in('requests'));

async function live(page, ctx) {
  const status = choice([['', 'All'], ['2xx', 'Accepted (2xx)'], ['4xx', 'Refused (4xx)'], ['401', 'Key refused (401)'], ['5xx', 'Server failed (5xx)']], ctx.query.get('status') ?? '');
  const connection = choice([['', 'All connections']]);
  const user = text({ type: 'search', placeholder: 'User name or id', value: ctx.query.get('user') ?? '' });
  const scope = choice([['', ctx.directory], ['all', 'The whole server']], ctx.can.everywhere ? ctx.query.get('of') ?? '' : '');
  const light = h('span', { class: 'live' }, 'connecting …');
  let isPaused = false;
  let missed = 0;
  const pause = button('Pause', () => {
    isPaused = !isPaused;
    pause.textContent = isPaused ? 'Go on' : 'Pause';
    if (!isPaused && missed) { missed = 0; list.reload(); }
  });
  const key = ctx.query.get('key') ?? '';
  const filters = () => ({ status: status.value, connection: connection.value, user: user.value.trim(), key });
  const list = table({
    label: 'Requests', keyOf: (item) => item.id,
    columns: [
      { title: 'Request', class: 'nowrap', cell: (item) => `${item.method} ${item.path}` },
      { title: 'Time', cell: (item) => clock(item.time) },
      { title: 'Status', cell: (item) => state(String(item.status), statusTone(item.status)) },
      { title: 'From', cell: (item) => item.connectionName ?? item.keyName ?? item.remote ?? 'unknown' },
      { title: 'What happened', cell: (item) => [summary(item), subject(item) ? h('span', { class: 'quiet' }, ` · ${subject(item)}`) : null] },
      { title: 'ms', class: 'end', cell: (item) => ((item.microseconds ?? 0) / 1000).toFixed(1) },
    ],
    href: (item) => ctx.href('activity', [item.id]),
    fetchPage: (cursor) => get(place(ctx, scope.value), { ...filters(), cursor }),
    none: () => empty('No requests', 'As soon as a provider sends one, it appears here.', ctx.can.write ? h('a', { class: 'button', href: ctx.href('connect') }, 'Connect a provider') : null),
  });
  let end = null;
  const begin = () => {
    end?.();
    end = follow(address([...place(ctx, scope.value), 'watch'], filters()), {
      onState: lamp(light, 'live', () => list.reload()),
      onItem: (item) => { if (isPaused) { missed += 1; light.textContent = `paused, ${missed} new`; } else list.prependItem(item); },
    });
  };
  let timer = null;
  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(() => { keepQuery({ ...filters(), of: scope.value }); list.reload(); begin(); }, 200);
  };
  for (const control of [status, connection, scope]) control.addEventListener('change', again);
  user.addEventListener('input', again);
  fill(page, heading('Activity', { eyebrow: ctx.directory, sub: 'What providers and applications ask for, as it happens.', actions: [light, pause] }),
    h('div', { class: 'filters' }, field('Status', status), field('Connection', connection), field('About', user), ctx.can.everywhere ? field('Of', scope) : null),
    key ? h('p', { class: 'row' }, 'Only requests with the key ', h('code', null, key), link('Show all', ctx.href('activity'))) : null, list);
  try {
    for (const item of await all(ctx.in('connections'))) connection.append(h('option', { value: item.id }, item.name));
    connection.value = ctx.query.get('connection') ?? '';
  } catch { /* The list works without the names. */ }
  if (connection.value) list.reload();
  begin();
  return () => end?.();
}

/** One request: what came, how we read it, what changed, what to do. */
async function one(page, ctx, id) {
  await load(page, 'the request', async () => {
    try { return await get(ctx.in('requests', id)); } catch (error) {
      if (error.status !== 404) throw error;
      return ctx.can.everywhere ? get(['requests', id]).catch((other) => { if (other.status !== 404) throw other; }) : null;
    }
  }, (item) => {
    if (!item) {
      return [heading('Nothing here', { eyebrow: link('Activity', ctx.href('activity')) }), empty('This request is not kept any more',
        'Requests are kept for a while. What one changed stays in the timeline of the person or the group.')];
    }
    const explained = item.explanation ?? {};
    return [
      heading(`${item.method} ${item.path}`, {
        eyebrow: link('Activity', ctx.href('activity')),
        sub: [state(String(item.status), statusTone(item.status)), ' ', h('time', { datetime: item.time, title: item.time }, local(item.time))],
      }),
      h('div', { class: 'panes' },
        section('What came', facts([
          ['Who', explained.who], ['Asked', explained.asked], ['Client', item.agent], ['Address', item.remote],
          ['Took', `${((item.microseconds ?? 0) / 1000).toFixed(1)} ms`], ['Id', value(item.id, 'id')],
        ]), item.query ? h('pre', { tabindex: '0', 'aria-label': 'Query' }, JSON.stringify(item.query, null, 2)) : null,
        item.body ? h('pre', { tabindex: '0', 'aria-label': 'Body' }, JSON.stringify(item.body, null, 2)) : null),
        section('How we read it', explained.understood?.length ? h('ul', { class: 'dots' }, explained.understood.map((text) => h('li', null, text))) : h('p', { class: 'quiet' }, 'There was nothing to read beyond the address.'),
          facts([['Rules', item.rules?.join(', ')], ['Not kept', item.ignored?.join(', ')], ['Skipped', item.skipped?.join(', ')]])),
        section('What changed', explained.changed?.length ? h('ul', { class: 'dots' }, explained.changed.map((text) => h('li', null, text))) : h('p', { class: 'quiet' }, 'Nothing.'),
          targets(item, ctx)),
        section('What to do', explained.refused
          ? [h('div', { class: 'problem' }, h('div', null, h('p', { class: 'problem-title' }, explained.refused), explained.fix ? h('p', null, inline(explained.fix)) : null))]
          : h('p', { class: 'quiet' }, 'Nothing: the request was accepted.'),
        item.key && item.directory === ctx.directory && item.method !== 'GET' ? replay(item, ctx) : null,
        item.curl ? h('div', { class: 'stack' }, h('div', { class: 'row spread' }, h('h3', null, 'Repeat it'), copyButton(item.curl, 'command')), h('pre', { tabindex: '0', 'aria-label': 'Command that repeats it' }, item.curl)) : null)),
    ];
  });
}

/** What the request would do now, which changes nothing. */
function replay(item, ctx) {
  const answer = h('div', { role: 'status' });
  return h('div', { class: 'stack' }, h('div', { class: 'actions' }, button('Try it now, without changing anything', async () => {
    try {
      const now = await post(ctx.in('requests', item.id, 'replay'), undefined, { query: { dryRun: true } });
      const told = now.explanation ?? {};
      fill(answer, h('div', { class: `note ${now.status < 400 ? 'good' : ''}` }, h('div', null, h('p', { class: 'problem-title' }, `Now it would get ${now.status}`),
        told.refused ? h('p', null, told.refused) : h('ul', { class: 'dots' }, (told.changed?.length ? told.changed : ['Nothing would change.']).map((text) => h('li', null, text))),
        told.fix ? h('p', null, inline(told.fix)) : null)));
    } catch (error) { fill(answer, problem(error)); }
  })), answer);
}

/** Links to what the request was about. */
function targets(item, ctx) {
  const seen = new Map();
  for (const change of item.changes ?? []) {
    const type = Object.values(change).find((text) => text === 'User' || text === 'Group');
    if (change.id && type) seen.set(change.id, type);
  }
  if (item.resource) seen.set(item.resource, item.path.startsWith('/Groups') ? 'Group' : 'User');
  if (!seen.size) return null;
  return h('ul', { class: 'list' }, [...seen].slice(0, 20).map(([id, type]) => h('li', null, link(`Open this ${type === 'Group' ? 'group' : 'person'}`, ctx.href(type === 'Group' ? 'groups' : 'people', [id])), h('code', { class: 'small quiet' }, id))));
}
