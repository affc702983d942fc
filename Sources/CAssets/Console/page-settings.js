import { h, fill, notice } from './dom.js';
import { get, patch, remove } from './http.js';
import { plainTable, table } from './table.js';
import { time } from './time.js';
import { check, choice, field, form, text } from './forms.js';
import { confirm } from './dialog.js';
import { jobs } from './jobs.js';
import { inline } from './markdown.js';
import { button, empty, heading, load, section, state, tabs } from './parts.js';

export default function settings(page, ctx) {
  const [view = ''] = ctx.rest;
  const views = [['', 'Directory'], ['sessions', 'Sessions'], ['audit', 'Audit'], ['jobs', 'Jobs'], ...(ctx.can.everywhere ? [['server', 'Server'], ['doctor', 'Checks']] : [])];
  const content = h('div', { class: 'stack' });
  fill(page, heading('Settings', { eyebrow: ctx.directory }),
    tabs(views.map(([key, title]) => [key, title, ctx.href('settings', key ? [key] : [])]), view, 'Parts of the settings'), content);
  if (view === 'sessions') fill(content, sessions(ctx));
  else if (view === 'audit') fill(content, audit(ctx));
  else if (view === 'jobs') {
    const { list, end } = jobs(ctx);
    fill(content, list);
    return end;
  } else if (view === 'server') load(content, 'the settings', () => get(['settings']), ({ items }) => server(items, ctx));
  else if (view === 'doctor') load(content, 'the checks; they take a moment', () => get(['doctor']), ({ items }) => doctor(items));
  else load(content, 'the directory', () => get(ctx.in()), (directory) => policies(directory, ctx));
  return null;
}

function policies(directory, ctx) {
  const now = directory.policies;
  const pick = (name, options) => { const control = choice(options, now[name]); control.name = name; control.disabled = !ctx.can.write; return control; };
  const allowed = [['allowed', 'allowed'], ['denied', 'denied']];
  const kinds = ['bearer', 'basic', 'oauth'];
  const isFixed = !ctx.can.write;
  return [
    section('Policies', form([
      field('Name shown', text({ name: 'displayName', value: directory.displayName ?? '', disabled: isFixed })),
      field('Changes by others to what a connection manages', pick('localChanges', allowed), { hint: 'Denied: only the provider changes, deactivates and deletes its people.' }),
      field('Connections that change each other’s people', pick('crossConnection', allowed)),
      field('Sign-ins of applications', pick('signIn', [['off', 'are refused'], ['update', 'update people'], ['create', 'update and create people']])),
      field('What a new connection brings', pick('roleReview', [['immediate', 'grants roles at once'], ['draft', 'grants nothing before the first review']])),
      field('Longest life of a key, in days', h('input', { type: 'number', name: 'keyMaxDays', value: String(now.keyMaxDays), min: '0', disabled: isFixed }), { hint: '0 for no limit.' }),
      check('Members of nested groups have the roles of the outer group', { name: 'nestedGroups', checked: now.nestedGroups, disabled: isFixed }),
      check('Providers can give roles by the roles of their users', { name: 'rolesFromIdp', checked: now.rolesFromIdp, disabled: isFixed }),
      h('fieldset', { class: 'field' }, h('legend', { class: 'label' }, 'Ways to authenticate'), kinds.map((kind) => check(kind, { name: `kind-${kind}`, checked: now.authKinds.includes(kind), disabled: isFixed }))),
      field('Networks that may connect', text({ name: 'allowedNetworks', value: now.allowedNetworks.join(', '), placeholder: 'all', disabled: isFixed }), { hint: 'Addresses and networks, separated by commas.' }),
    ], 'Save', async (values) => {
      if (isFixed) throw Object.assign(new Error('You are signed in as a viewer.'), { title: 'Only an administrator can change this' });
      await patch(ctx.in(), {
        displayName: values.displayName || null,
        policies: {
          localChanges: values.localChanges, crossConnection: values.crossConnection, signIn: values.signIn, roleReview: values.roleReview,
          keyMaxDays: Number(values.keyMaxDays), nestedGroups: values.nestedGroups, rolesFromIdp: values.rolesFromIdp,
          authKinds: kinds.filter((kind) => values[`kind-${kind}`]),
          allowedNetworks: values.allowedNetworks.split(',').map((item) => item.trim()).filter(Boolean),
        },
      }, { ifMatch: directory.version });
      notice('Saved.');
      ctx.again();
    })),
  ];
}

function sessions(ctx) {
  const list = table({
    label: 'Sessions of the console',
    columns: [
      { title: 'Who', cell: (item) => [item.by, item.own ? h('span', { class: 'quiet' }, ' · this one') : null] },
      { title: 'May', cell: (item) => (item.viewer ? 'read' : 'write') },
      { title: 'From', cell: (item) => item.remote },
      { title: 'Browser', cell: (item) => browser(item.agent) },
      { title: 'Last request', cell: (item) => time(item.lastRequest) },
      { title: 'Ends', cell: (item) => time(item.expires) },
      ...(ctx.can.write ? [{ title: '', class: 'end', cell: (item) => (item.own ? '' : button('End', async () => {
        if (await confirm('End this session?', `${item.by} has to sign in again.`, 'End the session', () => remove(['sessions', item.id]))) { notice('Ended.'); list.reload(); }
      }, { kind: 'plain' })) }] : []),
    ],
    fetchPage: (cursor) => get(['sessions'], { cursor }),
    none: () => empty('No sessions', 'Nobody is signed in to the console.'),
  });
  return list;
}

/** Enough of a User-Agent to recognise it. */
function browser(agent = '') {
  const name = /(Firefox|Edg|OPR|Chrome|Safari)[a-zA-Z]*\/(\d+)/.exec(agent);
  return name ? `${name[1].replace('Edg', 'Edge').replace('OPR', 'Opera')} ${name[2]}` : agent.slice(0, 40);
}

function audit(ctx) {
  return table({
    label: 'Records',
    columns: [
      { title: 'What', cell: (item) => item.operation },
      { title: 'When', cell: (item) => time(item.time) },
      { title: 'Who', cell: (item) => item.actor },
      { title: 'From', cell: (item) => item.remote ?? '' },
      { title: 'Acts', cell: (item) => item.acts.slice(0, 3).map((act) => `${act.kind} ${act.type ?? ''}`.trim()).join(', ') + (item.acts.length > 3 ? ` and ${item.acts.length - 3} more` : '') },
      { title: 'Record', class: 'end', cell: (item) => String(item.seq) },
    ],
    fetchPage: (cursor) => get(ctx.in('audit'), { cursor, administrative: true }),
    none: () => empty('No records', 'Acts of administrators are recorded here, and cannot be changed.'),
  });
}

function server(items, ctx) {
  return section('Server', h('p', { class: 'quiet' }, `scimd ${ctx.session.version ?? ''}. Settings are options of `, h('code', null, 'scimd serve'), ', variables or a file, and change with a restart.'),
    plainTable({
      label: 'Settings', items,
      columns: [
        { title: 'Setting', cell: (item) => h('code', null, item.name) }, { title: 'Value', cell: (item) => String(item.value || 'none') },
        { title: 'From', cell: (item) => (item.source === 'default' ? h('span', { class: 'quiet' }, 'default') : item.place ?? item.source) },
      ],
    }));
}

function doctor(items) {
  const order = { error: 0, failed: 0, warning: 1 };
  const sorted = [...items].sort((a, b) => (order[a.state] ?? 2) - (order[b.state] ?? 2));
  return plainTable({
    label: 'Checks', items: sorted,
    columns: [
      { title: 'Check', cell: (item) => item.name }, { title: 'State', cell: (item) => state(item.state) },
      { title: 'Result', cell: (item) => h('div', null, h('p', null, inline(item.detail)), item.fix ? h('p', { class: 'quiet small' }, inline(item.fix)) : null) },
    ],
  });
}
