import { h, fill } from './dom.js';
import { icon } from './icons.js';
import { get } from './http.js';
import { clock, time } from './time.js';
import { subject, summary } from './requests.js';
import { button, empty, heading, link, load, section, state, statusTone } from './parts.js';

/** What needs attention, the figures, the connections, the last changes. */
export default function overview(page, ctx) {
  const top = h('div');
  const attention = h('div');
  const lists = h('div', { class: 'grid' });
  fill(page, heading('Overview', {
    eyebrow: ctx.directory,
    actions: ctx.can.write ? [h('a', { class: 'button primary', href: ctx.href('connect') }, icon('plus'), 'Connect a provider')] : [],
  }), top, attention, lists);
  load(top, 'the figures', () => get(ctx.in()), (directory) => figures(directory, ctx));
  load(attention, 'what needs attention', () => worries(ctx), (items) => attentionCard(items));
  load(lists, 'connections and changes', () => Promise.all([
    get(ctx.in('connections'), { limit: 20 }), get(ctx.in('requests'), { limit: 100 }),
  ]), ([connections, requests]) => [connectionCard(connections.items, ctx), changesCard(requests.items, ctx)]);
}

function figures(directory, ctx) {
  const figure = (number, word, page) => h('a', { href: ctx.href(page) }, h('strong', null, Number(number ?? 0).toLocaleString('en')), h('span', null, word));
  const words = (number, one, many) => (number === 1 ? one : many);
  return h('div', { class: 'figures' }, figure(directory.users, words(directory.users, 'person', 'people'), 'people'), figure(directory.groups, words(directory.groups, 'group', 'groups'), 'groups'),
    figure(directory.connections, words(directory.connections, 'connection', 'connections'), 'connections'), figure(directory.keys, words(directory.keys, 'key', 'keys'), 'keys'));
}

/** Everything that an administrator should look at, the most urgent first. */
async function worries(ctx) {
  const since = new Date(Date.now() - 86400000).toISOString();
  const [keys, refused, findings, connections, directory, webhooks, leavers, reviews] = await Promise.all([
    get(ctx.in('keys'), { limit: 500 }), get(ctx.in('requests'), { status: '4xx', since, limit: 200 }),
    get(ctx.in('findings'), { limit: 50 }), get(ctx.in('connections'), { limit: 500 }), get(ctx.in()),
    get(ctx.in('webhooks'), { limit: 500 }), get(ctx.in('leavers'), { slow: true, limit: 50 }), get(ctx.in('reviews'), { limit: 500 }),
  ]);
  const items = [];
  if (directory.state !== 'active') items.push(['warn', `The directory is ${directory.state}: providers get 503.`, 'Settings', ctx.href('settings')]);
  for (const connection of connections.items) {
    if (connection.state === 'failing') items.push(['bad', `${connection.name} is failing: its last writes were refused.`, 'See why', ctx.href('activity', [], { connection: connection.id, status: '4xx' })]);
    if (connection.state === 'paused') items.push(['warn', `${connection.name} is paused: its requests get 503.`, 'Open', ctx.href('connections', [connection.id])]);
    if (connection.heldBack) items.push(['warn', `${connection.name} grants no roles before its first review is applied.`, 'Review', ctx.href('access', ['drafts'])]);
  }
  for (const key of keys.items) {
    if (key.status === 'expired') items.push(['bad', `The key ${key.name} has expired: its client is refused.`, 'Open', ctx.href('keys', [key.id])]);
    else if (key.status === 'active' && key.daysLeft !== undefined && key.daysLeft <= 14) items.push(['warn', `The key ${key.name} expires in ${key.daysLeft} ${key.daysLeft === 1 ? 'day' : 'days'}.`, 'Rotate', ctx.href('keys', [key.id])]);
  }
  for (const hook of webhooks.items) {
    if (hook.state === 'disabled') items.push(['bad', `The webhook ${hook.name} is disabled: its application learns nothing.`, 'Open', ctx.href('events', ['webhooks', hook.id])]);
    else if (hook.progress.circuitOpen) items.push(['bad', `The webhook ${hook.name} is failing.`, 'See why', ctx.href('events', ['webhooks', hook.id])]);
  }
  const late = leavers.items.filter((item) => item.milliseconds > directory.policies.leaverSLA * 1000);
  if (late.length) items.push(['bad', `${late.length} ${late.length === 1 ? 'leaver was' : 'leavers were'} not known to every application in time.`, 'See who', ctx.href('events', ['leavers'], { slow: true })]);
  for (const review of reviews.items) {
    if (review.overdue) items.push(['warn', `The review ${review.name} is overdue.`, 'Decide', ctx.href('access', ['reviews', review.id])]);
  }
  const writes = refused.items.filter((item) => !(item.method === 'GET' && item.status === 404));
  if (writes.length) items.push(['warn', `${writes.length}${refused.next ? ' or more' : ''} ${writes.length === 1 ? 'request was' : 'requests were'} refused in the last 24 hours.`, 'See why', ctx.href('activity', [], { status: '4xx' })]);
  const serious = findings.items.filter((finding) => finding.kind !== 'unusedRole');
  if (serious.length) items.push(['warn', serious[0].text + (serious.length > 1 ? ` And ${serious.length - 1} more findings about access.` : ''), 'Look', ctx.href('access', ['findings'])]);
  return items.map(([tone, text, verb, href]) => ({ tone, text, verb, href }));
}

function attentionCard(items) {
  if (!items.length) {
    return h('div', { class: 'note good' }, icon('check'), h('div', null, h('p', { class: 'problem-title' }, 'Nothing needs your attention'),
      h('p', null, 'No expiring keys, no refused requests in the last 24 hours, no findings about access.')));
  }
  return section('Needs attention', h('ul', { class: 'list' }, items.slice(0, 8).map((item) =>
    h('li', null, state(item.tone === 'bad' ? 'urgent' : 'look', item.tone), h('span', { class: 'grow' }, item.text), link(item.verb, item.href)))));
}

function connectionCard(items, ctx) {
  if (!items.length) {
    return section('Connections', empty('No provider is connected yet',
      'Connect Okta, Entra ID or another identity provider: you get a base URL and a key, and watch the first people arrive.',
      ctx.can.write ? h('a', { class: 'button primary', href: ctx.href('connect') }, 'Connect a provider') : null));
  }
  return section('Connections', h('ul', { class: 'list' }, items.slice(0, 8).map((connection) => {
    const last = connection.keys.map((key) => key.lastUse?.time).filter(Boolean).sort().at(-1);
    return h('li', null, h('span', { class: 'grow' }, link(connection.name, ctx.href('connections', [connection.id])),
      h('span', { class: 'quiet small' }, last ? [' · last request ', time(last)] : ' · no request yet')), state(connection.state));
  })));
}

function changesCard(requests, ctx) {
  const changes = requests.filter((item) => item.changes?.length || (item.status < 400 && item.method !== 'GET')).slice(0, 8);
  if (!changes.length) {
    return section('Last changes', empty('Nothing has changed yet', 'As soon as a provider creates or changes somebody, it is listed here.',
      button('Watch requests', () => ctx.go('activity'))));
  }
  return section('Last changes', h('ul', { class: 'list' }, changes.map((item) =>
    h('li', null, h('span', { class: 'number quiet small' }, clock(item.time)),
      h('span', { class: 'grow' }, link(summary(item), ctx.href('activity', [item.id])), h('span', { class: 'quiet small' }, [subject(item), item.connectionName ?? item.keyName].filter(Boolean).map((text) => ` · ${text}`))),
      state(String(item.status), statusTone(item.status))))));
}
