// Webhooks: the list, one with its calls, and what an administrator does with them.
import { h, fill, notice } from './dom.js';
import { icon } from './icons.js';
import { all, get, patch, post, remove } from './http.js';
import { table } from './table.js';
import { clock, time } from './time.js';
import { check, choice, field, form, text } from './forms.js';
import { confirm, dialog } from './dialog.js';
import { button, empty, facts, heading, link, load, section, shortID, state } from './parts.js';
import { secret } from './setup-steps.js';
import { typeChoice, typeWords } from './event-choice.js';

const count = (number) => Number(number ?? 0).toLocaleString('en');

/** What a webhook is doing, in a word. */
function stateOf(hook) {
  if (hook.state === 'active' && hook.progress.circuitOpen) return state('failing', 'bad');
  if (hook.state === 'active' && hook.progress.exceptions) return state('retrying', 'warn');
  return state(hook.state, { active: 'good', paused: 'warn', disabled: 'bad' }[hook.state]);
}

export function webhooks(content, ctx) {
  fill(content, table({
    label: 'Webhooks',
    columns: [
      { title: 'Name', cell: (hook) => hook.name },
      { title: 'URL', cell: (hook) => h('span', { class: 'small' }, hook.url) },
      { title: 'State', cell: stateOf },
      { title: 'Events', cell: (hook) => typeWords(hook.types) },
      { title: 'Waiting', class: 'end', cell: (hook) => count(hook.progress.behind) },
      { title: 'Accepted', class: 'end', cell: (hook) => count(hook.progress.delivered) },
    ],
    href: (hook) => ctx.href('events', ['webhooks', hook.id]),
    fetchPage: (cursor) => get(ctx.in('webhooks'), { cursor }),
    none: () => empty('No webhooks yet', 'A webhook calls your application within seconds of a change, leavers first. Applications can also read the feed themselves.',
      ctx.can.write ? button('New webhook', () => newWebhook(ctx), { kind: 'primary' }) : null, h('a', { class: 'button', href: ctx.href('docs', ['feed']) }, 'Read about events')),
  }));
}

// Creating and changing

async function edit(ctx, hook) {
  const connections = await all(ctx.in('connections'));
  return dialog(hook ? `Edit ${hook.name}` : 'New webhook', (close) => {
    const types = typeChoice(hook?.types ?? []);
    const connection = choice([['', 'all'], ...connections.map((item) => [item.id, item.name])], hook?.connection ?? '');
    connection.name = 'connection';
    return {
      body: form([
        field('Name', text({ name: 'name', required: true, value: hook?.name ?? '', placeholder: 'billing' })),
        field('URL', text({ name: 'url', required: true, value: hook?.url ?? '', placeholder: 'https://…/scimd' }), { hint: 'https, at a public address. The server’s setting outboundAllow names others.' }),
        types.parts,
        field('Only changes by the connection', connection),
        check('Without values: only what happened to whom', { name: 'thin', checked: hook?.thin ?? false }),
        field('Seconds to wait for an answer', h('input', { type: 'number', name: 'timeout', min: '1', value: String(hook?.timeout ?? 15) })),
      ], hook ? 'Save' : 'Create', async (values) => {
        if (types.isEmpty) throw Object.assign(new Error('Choose at least one type, or all events.'), { title: 'No event is chosen' });
        const body = { name: values.name, url: values.url, types: types.types, thin: values.thin, timeout: Number(values.timeout), connection: values.connection || null };
        close(hook ? await patch(ctx.in('webhooks', hook.id), body, { ifMatch: hook.version }) : await post(ctx.in('webhooks'), body));
      }),
      buttons: [],
    };
  });
}

export async function newWebhook(ctx) {
  const made = await edit(ctx);
  if (!made) return;
  await showSecret(made, 'Your application checks each call’s signature with it.');
  ctx.go('events', ['webhooks', made.id]);
}

/** A secret, shown once. */
function showSecret(hook, words) {
  return dialog('The signing secret', (close) => ({
    body: [h('p', null, `${words} It is shown only now.`), secret(hook.secret, 'secret')],
    buttons: [button('I have stored it', () => close(true), { kind: 'primary' })],
  }), { canDismiss: false });
}

// One webhook

export async function webhook(page, ctx, id) {
  let timer = null;
  await load(page, 'the webhook', () => get(ctx.in('webhooks', id)), (hook) => {
    const report = h('div', { class: 'stack' });
    const trial = h('div', { role: 'status' });
    const calls = attempts(hook, ctx);
    let last = hook.progress;
    fill(report, progress(hook, ctx));
    clearInterval(timer);
    timer = setInterval(async () => {
      if (document.hidden) return;
      try {
        const now = await get(ctx.in('webhooks', hook.id));
        fill(report, progress(now, ctx));
        if (now.version !== hook.version) { ctx.again(); return; }
        if (now.progress.delivered !== last.delivered || now.progress.failed !== last.failed) calls.reload();
        last = now.progress;
      } catch { /* The server is away; the next turn asks again. */ }
    }, 5000);
    return [
      heading(hook.name, {
        eyebrow: link('Webhooks', ctx.href('events', ['webhooks'])), sub: hook.url,
        actions: ctx.can.write ? actions(hook, ctx, trial) : [],
      }),
      trial, report,
      h('h2', null, 'Calls since the server started'), calls,
    ];
  });
  return () => clearInterval(timer);
}

function progress(hook, ctx) {
  const now = hook.progress;
  return [
    hook.reason ? h('div', { class: 'note' }, icon('warn'), h('div', null, h('p', { class: 'problem-title' }, hook.state === 'disabled' ? 'It is disabled' : 'It is paused'), h('p', null, hook.reason))) : null,
    h('div', { class: 'grid' },
      section('How far it is', facts([
        ['State', stateOf(hook)], ['Waiting', `${count(now.behind)} records`], ['Accepted', count(now.delivered)],
        ['Superseded', now.superseded ? `${count(now.superseded)} by a deactivation or deletion` : '0'],
        ['Refused', count(now.failed)],
        ['Tried again', now.exceptions ? `events of ${count(now.exceptions)} ${now.exceptions === 1 ? 'person' : 'people or things'}` : 'nothing'],
      ])),
      section('About', facts([
        ['Events', hook.types.length ? hook.types.join(', ') : 'all'], ['Values', hook.thin ? 'left out' : 'included'],
        ['Only by', hook.connection ? link('one connection', ctx.href('connections', [hook.connection])) : null],
        ['Waits', `${hook.timeout} s for an answer`],
        ['Secret', hook.overlapEnds ? [`number ${hook.secretGeneration}; the one before signs too until `, clock(hook.overlapEnds)] : `number ${hook.secretGeneration}`],
        ['Id', shortID(hook.id)], ['Created', time(hook.created)],
      ]))),
  ];
}

function attempts(hook, ctx) {
  const list = table({
    label: 'Calls',
    columns: [
      { title: 'Event', class: 'nowrap', cell: (call) => call.type },
      { title: 'Time', cell: (call) => clock(call.time) },
      { title: 'Answer', cell: (call) => state(call.status ? String(call.status) : 'none', call.accepted ? 'good' : 'bad') },
      { title: 'What came back', cell: (call) => call.error ?? call.answer ?? '' },
      { title: 'ms', class: 'end', cell: (call) => String(call.milliseconds) },
      ...(ctx.can.write ? [{ title: '', class: 'end', cell: (call) => (call.event.startsWith('evt_') ? button('Resend', async () => {
        const made = await post(ctx.in('webhooks', hook.id, 'resend'), { event: call.event }).catch((error) => ({ error: error.message }));
        notice(made.accepted ? 'Accepted.' : `Not accepted: ${made.error ?? made.status}`);
        list.reload();
      }, { kind: 'plain' }) : '') }] : []),
    ],
    href: (call) => (call.event.startsWith('evt_') ? ctx.href('events', ['event', call.event]) : null),
    fetchPage: (cursor) => get(ctx.in('webhooks', hook.id, 'attempts'), { cursor }),
    none: () => empty('No calls yet', 'Send a test call, or wait for the next change.'),
  });
  return list;
}

/** What came of one call. */
export function attemptNote(call) {
  return h('div', { class: `note ${call.accepted ? 'good' : ''}` }, icon(call.accepted ? 'check' : 'warn'), h('div', null,
    h('p', { class: 'problem-title' }, call.accepted ? `Accepted with ${call.status} after ${call.milliseconds} ms` : call.status ? `Not accepted: the answer was ${call.status}` : 'There was no answer'),
    call.error || call.answer ? h('p', null, call.error ?? call.answer) : null));
}

function actions(hook, ctx, trial) {
  const path = (...more) => ctx.in('webhooks', hook.id, ...more);
  const isActive = hook.state === 'active';
  return [
    button('Send a test call', async () => {
      try { fill(trial, attemptNote(await post(path('test')))); } catch (error) { fill(trial, attemptNote({ error: error.message })); }
    }, { kind: 'primary' }),
    isActive
      ? button('Pause', async () => {
        if (await confirm(`Pause ${hook.name}?`, 'It keeps its place, and gets everything when it is resumed.', 'Pause', () => post(path('pause'), undefined, { ifMatch: hook.version }))) ctx.again();
      })
      : button('Resume', async () => {
        if (await confirm(`Resume ${hook.name}?`, 'It gets everything since it stopped, as far as that is kept.', 'Resume', () => post(path('resume'), undefined, { ifMatch: hook.version }), { kind: 'primary' })) ctx.again();
      }),
    isActive ? null : button('Replay …', () => replay(hook, ctx, path)),
    button('Edit', async () => { if (await edit(ctx, hook)) ctx.again(); }),
    button('Rotate secret', async () => {
      let made = null;
      const isDone = await confirm(`Give ${hook.name} a new secret?`, 'For 24 hours calls are signed with the old one too.', 'Rotate', async () => { made = await post(path('rotate-secret'), undefined, { ifMatch: hook.version }); }, { kind: 'primary' });
      if (isDone) { await showSecret(made, 'For 24 hours calls carry both signatures.'); ctx.again(); }
    }),
    button('Delete', async () => {
      if (await confirm(`Delete ${hook.name}?`, 'Its place in the events is gone with it.', 'Delete', () => remove(path(), { ifMatch: hook.version }))) { notice('Deleted.'); ctx.go('events', ['webhooks']); }
    }, { kind: 'danger' }),
  ].filter(Boolean);
}

async function replay(hook, ctx, path) {
  const isDone = await dialog(`Replay events to ${hook.name}`, (close) => ({
    body: form([field('Everything since', h('input', { type: 'datetime-local', name: 'since', required: true }), { hint: 'In the time of this browser. It is sent when the webhook is resumed.' })], 'Set it back', async ({ since }) => {
      await post(path('replay'), { since: new Date(since).toISOString() });
      close(true);
    }),
    buttons: [],
  }));
  if (isDone) { notice('Set back; resume it to send.'); ctx.again(); }
}
