import { h, fill } from './dom.js';
import { icon } from './icons.js';
import { docs, get, post, patch, remove } from './http.js';
import { table, plainTable } from './table.js';
import { time } from './time.js';
import { confirm, dialog } from './dialog.js';
import { choice, field, form, text } from './forms.js';
import { button, empty, facts, heading, link, load, problem, section, shortID, state, value } from './parts.js';
import { behaviour, checklist, mapping, refusal, rich, secret } from './setup-steps.js';
import { lamp } from './events.js';
import { watchAdmin } from './watch.js';

export default function connections(page, ctx) {
  return ctx.rest.length ? one(page, ctx, ctx.rest[0]) : list(page, ctx);
}

const lastUse = (connection) => connection.keys.map((key) => key.lastUse?.time).filter(Boolean).sort().at(-1);

function list(page, ctx) {
  const add = () => h('a', { class: 'button primary', href: ctx.href('connect') }, icon('plus'), 'Connect a provider');
  fill(page, heading('Connections', { eyebrow: ctx.directory, sub: 'Identity providers that create and change people here.', actions: ctx.can.write ? [add()] : [] }),
    table({
      label: 'Connections',
      columns: [
        { title: 'Name', cell: (item) => item.name },
        { title: 'Provider', cell: (item) => item.provider },
        { title: 'State', cell: (item) => state(item.state) },
        { title: 'Keys', cell: (item) => String(item.keys.filter((key) => key.status === 'active').length), class: 'end' },
        { title: 'Last request', cell: (item) => time(lastUse(item)) },
      ],
      href: (item) => ctx.href('connections', [item.id]),
      fetchPage: (cursor) => get(ctx.in('connections'), { cursor }),
      none: () => empty('No provider is connected yet', 'A connection is one identity provider with its keys, such as Okta for your employees.', ctx.can.write ? add() : null),
    }));
}

async function one(page, ctx, id) {
  let end = null;
  await load(page, 'the connection', () => Promise.all([get(ctx.in('connections', id)), docs('providers')]), ([connection, providers]) => {
    const provider = providers.items.find((item) => item.name === connection.provider);
    const live = h('span', { class: 'live' }, 'connecting …');
    const list = checklist({ request: (request) => ctx.href('activity', [request]), noise: false, steps: provider?.checkList });
    const refusals = h('div', { class: 'stack' });
    list.show(connection.steps);
    end = watchAdmin(ctx, connection, {
      onState: lamp(live, 'watching its requests'),
      onConnection: (now) => list.show(now.steps),
      onRefusal: (entry) => { refusals.prepend(refusal(entry, ctx.href('activity', [entry.id]))); while (refusals.children.length > 3) refusals.lastElementChild.remove(); },
    });
    return [
      heading(connection.name, {
        eyebrow: link('Connections', ctx.href('connections')),
        sub: [state(connection.state), ` ${provider?.title ?? connection.provider}`],
        actions: ctx.can.write ? actions(connection, ctx) : [],
      }),
      h('div', { class: 'grid' },
        section('About', facts([
          ['Base URL', value(connection.baseURL, 'base URL')],
          ['Manages', h('span', null, link(`${connection.users} ${connection.users === 1 ? 'person' : 'people'}`, ctx.href('people')), ', ', link(`${connection.groups} ${connection.groups === 1 ? 'group' : 'groups'}`, ctx.href('groups')))],
          ['Its roles', connection.assignableRoles.join(', ') || 'cannot assign roles'],
          ['Description', connection.description], ['Id', shortID(connection.id)], ['Created', time(connection.created)],
        ])),
        h('section', { class: 'card' }, h('div', { class: 'row spread' }, h('h2', null, 'What has arrived'), live), list.element, refusals)),
      section('Keys', keyTable(connection, ctx)),
      section('Set-up links', h('p', { class: 'quiet' }, 'For an administrator of the provider who has no account here: the page of the link leads through the set-up, and can make one key.'), linkTable(connection, ctx)),
      connection.ignoredAttributes?.length ? section('Attributes that are not kept',
        h('p', { class: 'quiet' }, 'The provider sends them, but no schema defines them. ', link('Extend the schema', ctx.href('docs', ['schemas'])), ' if you need one.'),
        plainTable({ label: 'Attributes that are not kept', items: connection.ignoredAttributes, columns: [
          { title: 'Attribute', cell: (item) => h('code', null, item.name) }, { title: 'Of', cell: (item) => item.resourceType },
          { title: 'Times', cell: (item) => String(item.count), class: 'end' }, { title: 'Last', cell: (item) => time(item.lastSeen) },
        ] })) : null,
      provider ? section(`About ${provider.name === 'generic' ? 'such providers' : provider.title}`, provider.note ? h('p', { class: 'quiet' }, rich(provider.note)) : null, behaviour(provider), mapping(provider)) : null,
    ];
  });
  return () => end?.();
}

function keyTable(connection, ctx) {
  return plainTable({
    label: 'Keys', items: connection.keys, href: (key) => ctx.href('keys', [key.id]),
    columns: [
      { title: 'Name', cell: (key) => key.name }, { title: 'Key', cell: (key) => h('code', null, key.hint) },
      { title: 'Status', cell: (key) => state(key.status) }, { title: 'Expires', cell: (key) => time(key.expires) },
      { title: 'Last used', cell: (key) => time(key.lastUse?.time) },
    ],
  });
}

function linkTable(connection, ctx) {
  const path = (...more) => ctx.in('connections', connection.id, 'links', ...more);
  const add = () => button('Create a link', async () => { if (await newLink(connection, path)) list.reload(); });
  const list = table({
    label: 'Set-up links',
    columns: [
      { title: 'Link', cell: (item) => h('code', null, item.id) },
      { title: 'State', cell: (item) => state(item.state, item.state === 'open' ? 'good' : item.state === 'revoked' ? 'bad' : 'plain') },
      { title: 'Opened', cell: (item) => time(item.used) },
      { title: 'Made a key', cell: (item) => (item.madeKey ? 'yes' : 'no') },
      { title: 'Ends', cell: (item) => time(item.expires) },
      ...(ctx.can.write ? [{ title: '', class: 'end', cell: (item) => (item.state !== 'open' ? '' : button('Revoke', async () => {
        if (await confirm('Revoke this link?', 'Whoever has it open sees that it was revoked. A key it made stays.', 'Revoke the link', () => remove(path(item.id)))) list.reload();
      }, { kind: 'plain' })) }] : []),
    ],
    fetchPage: (cursor) => get(path(), { cursor }),
    none: () => h('p', { class: 'quiet' }, 'No link was created.'),
  });
  return [list, ctx.can.write ? h('div', { class: 'actions' }, add()) : null];
}

/** The link is shown once, with a message for its reader. */
async function newLink(connection, path) {
  const made = await dialog('Create a set-up link', (close) => ({
    body: form([field('Send it to', text({ name: 'email', placeholder: 'it@example.com' }), { hint: 'An e-mail address, which is not kept. Empty: you send the link yourself.' })], 'Create', async (values) => {
      close(await post(path(), values.email ? { email: values.email } : {}));
    }),
    buttons: [],
  }));
  if (!made) return false;
  await dialog('The set-up link', (close) => ({
    body: [
      h('p', null, made.sent ? 'The message was sent.' : made.sent === false ? 'The mailer did not take the message; send it yourself.' : 'Send it to the person who sets it up. It is shown only now.'),
      secret(made.url, 'link'),
      h('div', { class: 'actions' }, h('a', { class: 'button', href: made.mailto }, 'Open in your mail program')),
    ],
    buttons: [button('Done', () => close(true), { kind: 'primary' })],
  }), { canDismiss: false });
  return true;
}

function actions(connection, ctx) {
  const isPaused = connection.state === 'paused';
  return [
    button('Edit', () => edit(connection, ctx)),
    isPaused
      ? button('Resume', async () => { await post(ctx.in('connections', connection.id, 'resume')); ctx.again(); })
      : button('Pause', async () => {
        if (await confirm(`Pause ${connection.name}?`, 'Its requests get 503 until you resume it. Providers repeat such requests, so nothing is lost.', 'Pause',
          () => post(ctx.in('connections', connection.id, 'pause')))) ctx.again();
      }),
    button('Remove', () => removal(connection, ctx), { kind: 'danger' }),
  ];
}

async function edit(connection, ctx) {
  const isDone = await dialog(`Edit ${connection.name}`, (close) => ({
    body: form([
      field('Name', text({ name: 'name', value: connection.name, required: true })),
      field('Description', text({ name: 'description', value: connection.description ?? '' })),
    ], 'Save', async (values) => {
      await patch(ctx.in('connections', connection.id), { name: values.name, description: values.description || null }, { ifMatch: connection.version });
      close(true);
    }),
    buttons: [],
  }));
  if (isDone) ctx.again();
}

/** What becomes of its people is shown before anything happens. */
async function removal(connection, ctx) {
  const what = choice([['keep', 'Keep them, managed by nobody'], ['deactivate', 'Deactivate them'], ['delete', 'Delete them']], 'keep');
  const report = h('p', { class: 'quiet', role: 'status' });
  const look = async () => {
    try {
      const result = await remove(ctx.in('connections', connection.id), { query: { users: what.value, dryRun: true } });
      report.textContent = `It manages ${result.users} people, ${result.activeUsers} of them active, and ${result.groups} groups. ${result.keys} ${result.keys === 1 ? 'key is' : 'keys are'} refused from then on.`;
    } catch (error) { fill(report, problem(error)); }
  };
  what.addEventListener('change', look);
  look();
  const isDone = await confirm(`Remove ${connection.name}?`, 'The connection and its keys are removed at once.', 'Remove the connection',
    () => remove(ctx.in('connections', connection.id), { query: { users: what.value } }),
    { content: [field('Its people', what), report] });
  if (isDone) ctx.go('connections');
}
