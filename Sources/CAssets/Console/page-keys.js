import { h, fill, notice } from './dom.js';
import { all, get, post } from './http.js';
import { table } from './table.js';
import { time } from './time.js';
import { choice, field, form, text } from './forms.js';
import { confirm, dialog } from './dialog.js';
import { button, empty, facts, heading, link, load, section, shortID, state } from './parts.js';
import { plainTable } from './table.js';
import { secret } from './setup-steps.js';

export default function keys(page, ctx) {
  return ctx.rest.length ? one(page, ctx, ctx.rest[0]) : list(page, ctx);
}

function list(page, ctx) {
  const add = () => button('New key', async () => { if (await create(ctx)) ctx.again(); }, { kind: 'primary', symbol: 'plus' });
  fill(page, heading('Keys', { eyebrow: ctx.directory, sub: 'Credentials of providers, applications and scripts. A secret is shown once.', actions: [button('Find a key', () => inspect(ctx)), ...(ctx.can.write ? [add()] : [])] }),
    table({
      label: 'Keys',
      columns: [
        { title: 'Name', cell: (key) => key.name },
        { title: 'Key', cell: (key) => h('code', null, key.hint) },
        { title: 'Of', cell: (key) => key.connection?.name ?? 'an application' },
        { title: 'Status', cell: (key) => state(key.status) },
        { title: 'Expires', cell: (key) => (key.expires ? time(key.expires) : 'never') },
        { title: 'Last used', cell: (key) => time(key.lastUse?.time) },
      ],
      href: (key) => ctx.href('keys', [key.id]),
      fetchPage: (cursor) => get(ctx.in('keys'), { cursor }),
      none: () => empty('There are no keys', 'A connection brings its own key. Applications and scripts need one each.', ctx.can.write ? add() : null),
    }));
}

async function one(page, ctx, id) {
  await load(page, 'the key', () => get(ctx.in('keys', id)), (key) => {
    const isLive = key.status === 'active';
    const isRotating = key.secrets.length > 1 && key.secrets.some((one) => one.state === 'ending');
    return [
      heading(key.name, {
        eyebrow: link('Keys', ctx.href('keys')), sub: [state(key.status), ' ', h('code', null, key.hint)],
        actions: ctx.can.write && key.status !== 'revoked' ? [
          isLive && !isRotating ? button('Rotate', async () => { if (await rotate(key, ctx)) ctx.again(); }, { kind: 'primary' }) : null,
          isRotating ? button('End the old secret', () => finish(key, ctx, 'complete', 'End the old secret now?', 'Who still sends it is refused from the next request on.', 'End the old secret')) : null,
          isRotating ? button('Cancel the rotation', () => finish(key, ctx, 'cancel', 'Cancel the rotation?', 'The new secret is refused, and the old one stays.', 'Cancel the rotation')) : null,
          button('Revoke', () => finish(key, ctx, 'revoke', `Revoke ${key.name}?`, 'Its client is refused from the next request on. This cannot be undone.', 'Revoke the key'), { kind: 'danger' }),
        ].filter(Boolean) : [],
      }),
      h('div', { class: 'grid' },
        section('About', facts([
          ['Id', shortID(key.id)], ['Of', key.connection ? link(key.connection.name ?? key.connection.id, ctx.href('connections', [key.connection.id])) : 'an application or a script'],
          ['May', key.scopes.join(', ')], ['From', key.networks.length ? key.networks.join(', ') : 'everywhere'], ['Description', key.description],
          ['Expires', key.expires ? [time(key.expires), key.daysLeft !== undefined && key.daysLeft <= 14 ? [' ', state('soon', 'warn')] : null] : 'never'],
          ['Created', time(key.created)], ['Last used', key.lastUse ? [time(key.lastUse.time), ` from ${key.lastUse.remote}`] : 'never'],
          ['Requests', link('of this key', ctx.href('activity', [], { key: key.id }))],
        ])),
        section('Secrets', h('p', { class: 'quiet' }, 'While a key is rotated it has two, so that nobody is refused.'),
          plainTable({ label: 'Secrets', items: [...key.secrets].reverse(), columns: [
            { title: 'Secret', cell: (one) => h('code', null, one.hint) }, { title: 'State', cell: (one) => state(one.state) },
            { title: 'Ends', cell: (one) => (one.ends ? time(one.ends) : one.untilSeen ? 'when the new one is used' : '') }, { title: 'Last used', cell: (one) => time(one.lastUse?.time) },
          ] }))),
    ];
  });
}

async function finish(key, ctx, verb, title, why, label) {
  if (await confirm(title, why, label, () => post(ctx.in('keys', key.id, verb)))) { notice('Done.'); ctx.again(); }
}

/** Shows a secret until its reader says that it is stored. */
function shown(title, key) {
  return dialog(title, (close) => ({
    body: [
      h('p', null, 'It is shown only now, and not stored.'),
      key.baseURL ? h('div', { class: 'field' }, h('span', { class: 'label' }, 'Base URL'), secret(key.baseURL, 'base URL')) : null,
      h('div', { class: 'field' }, h('span', { class: 'label' }, 'Key'), secret(key.key, 'key')),
    ],
    buttons: [button('I have stored it', () => close(true), { kind: 'primary' })],
  }), { canDismiss: false });
}

async function rotate(key, ctx) {
  const overlap = choice([['24h', '24 hours'], ['7d', '7 days'], ['until-seen', 'until the new one is used'], ['none', 'not at all: end it now']], '24h');
  overlap.name = 'overlap';
  const made = await dialog(`Rotate ${key.name}`, (close) => ({
    body: form([h('p', null, 'The key gets a new secret; the old one goes on for a while, so that there is no outage.'), field('The old secret stays valid', overlap)], 'Rotate', async (values) => {
      close(await post(ctx.in('keys', key.id, 'rotate'), { overlap: values.overlap }, { ifMatch: key.version }));
    }),
    buttons: [],
  }));
  if (made) await shown(`The new secret of ${key.name}`, made);
  return Boolean(made);
}

const kinds = [
  ['scim.*', 'Identity provider or script: all of SCIM'], ['api.people.read,api.access.read', 'Application: read people and access'],
  ['api.people.read,api.access.write', 'IGA tool: read people, give and take access'], ['admin.read', 'Administration, read only'], ['admin.write,scim.*,api.people.read,api.access.write', 'Administration'], ['metrics.read', 'Monitoring'],
];

async function create(ctx) {
  const connections = await all(ctx.in('connections'));
  const made = await dialog('New key', (close) => {
    const scopes = choice(kinds);
    scopes.name = 'scopes';
    const connection = choice([['', 'none'], ...connections.map((item) => [item.id, item.name])]);
    connection.name = 'connection';
    return {
      body: form([
        field('Name', text({ name: 'name', required: true, placeholder: 'payroll' })), field('For', scopes),
        connections.length ? field('Connection', connection, { hint: 'For another key of a provider that is connected already.' }) : null,
        field('Networks', text({ name: 'networks', placeholder: 'everywhere' }), { hint: 'Addresses it is accepted from, separated by commas, such as 203.0.113.0/24.' }),
      ], 'Create', async (values) => {
        const body = { name: values.name, scopes: values.scopes.split(',') };
        if (values.connection) body.connection = values.connection;
        if (values.networks) body.networks = values.networks.split(',').map((item) => item.trim()).filter(Boolean);
        close(await post(ctx.in('keys'), body));
      }),
      buttons: [],
    };
  });
  if (made) await shown(`The key ${made.name}`, made);
  return Boolean(made);
}

/** Whose key is in a text that somebody found. */
function inspect(ctx) {
  return dialog('Find a key', (close) => {
    const result = h('div', { role: 'status' });
    return {
      body: [form([field('Text', h('textarea', { name: 'text', required: true, spellcheck: 'false' }), { hint: 'Such as a leaked file or a log line. It is not stored.' })], 'Find', async (values) => {
        const { items } = await post(ctx.in('keys', 'inspect'), { text: values.text });
        fill(result, items.length ? h('ul', { class: 'list' }, items.map((item) => h('li', null, h('code', null, item.hint ?? ''), h('span', { class: 'grow' },
          item.key ? link(item.key.name ?? item.key.id ?? String(item.key), ctx.href('keys', [item.key.id ?? item.key]), { on: { click: () => close() } }) : 'not a key of this server'), state(item.valid ? 'valid' : item.checksum ? 'not valid' : 'mistyped', item.valid ? 'bad' : 'plain'))))
          : h('p', null, 'There is no key of this server in this text.'));
      }), result],
      buttons: [],
    };
  });
}
