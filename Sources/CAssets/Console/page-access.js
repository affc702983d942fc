import { h, fill, notice } from './dom.js';
import { icon } from './icons.js';
import { all, get, patch, post, remove } from './http.js';
import { table } from './table.js';
import { time } from './time.js';
import { check, choice, field, form, text } from './forms.js';
import { confirm, dialog } from './dialog.js';
import { button, empty, facts, heading, link, load, section, state, tabs } from './parts.js';
import { explainBox, path } from './explain.js';
import { give, grantTable } from './grants.js';
import { newReview, review, reviews } from './reviews.js';

const views = [['', 'Roles'], ['grants', 'Grants'], ['drafts', 'Drafts'], ['reviews', 'Reviews'], ['explain', 'Explain'], ['findings', 'Findings']];

export default function access(page, ctx) {
  const [view = '', id] = ctx.rest;
  const content = h('div', { class: 'stack' });
  const head = (title, options) => fill(page, heading(title, { eyebrow: ctx.directory, ...options }),
    tabs(views.map(([key, name]) => [key, name, ctx.href('access', key ? [key] : [])]), view === 'role' ? '' : view, 'Parts of access'), content);
  const write = ctx.can.write;
  if (view === 'role') return role(page, ctx, id);
  if (view === 'drafts' && id) return draft(page, ctx, id);
  if (view === 'reviews' && id) return review(page, ctx, id);
  if (view === 'grants') {
    head('Access', { sub: 'Who has which role. Give roles to groups, so that people get them from your provider.', actions: write ? [button('Give a role', async () => { if (await give(ctx)) ctx.again(); }, { kind: 'primary', symbol: 'plus' })] : [] });
    fill(content, grantTable(ctx));
  } else if (view === 'drafts') {
    head('Access', { sub: 'Changes of access that are reviewed before they apply, and can be rolled back.', actions: write ? [button('Draft a change', async () => newDraft(ctx), { kind: 'primary', symbol: 'plus' })] : [] });
    fill(content, drafts(ctx));
  } else if (view === 'reviews') {
    head('Access', { sub: 'Who should still have what: somebody approves or revokes each grant until a day.', actions: write ? [button('Open a review', () => newReview(ctx), { kind: 'primary', symbol: 'plus' })] : [] });
    fill(content, reviews(ctx));
  } else if (view === 'explain') {
    head('Access', { sub: 'Why somebody can do something, or what is missing.' });
    fill(content, section('Why can, or can’t, …?', explainBox(ctx)));
  } else if (view === 'findings') {
    head('Access', { sub: 'Rights that somebody should look at.' });
    fill(content, findings(ctx));
  } else {
    head('Access', { sub: 'What roles allow. Their names are what your applications ask for.', actions: write ? [button('New role', async () => { if (await editRole(ctx)) ctx.again(); }, { kind: 'primary', symbol: 'plus' })] : [] });
    fill(content, roles(ctx));
  }
  return null;
}

// Roles

function roles(ctx) {
  return table({
    label: 'Roles',
    columns: [
      { title: 'Role', cell: (item) => item.display ?? item.value },
      { title: 'Name', cell: (item) => h('code', null, item.value) },
      { title: 'Kind', cell: (item) => [item.kind, item.critical ? [' ', state('critical', 'warn')] : null] },
      { title: 'Permissions', cell: (item) => String(item.permissions.length), class: 'end' },
      { title: 'Grants', cell: (item) => String(item.grants), class: 'end' },
    ],
    href: (item) => ctx.href('access', ['role', item.value]),
    fetchPage: (cursor) => get(ctx.in('roles'), { cursor }),
    none: () => empty('There are no roles yet', 'A role is a name with permissions, such as developer with code:push. Applications ask scimd who has them.',
      ctx.can.write ? button('New role', async () => { if (await editRole(ctx)) ctx.again(); }, { kind: 'primary' }) : null, h('a', { class: 'button', href: ctx.href('docs', ['rights']) }, 'Read about roles')),
  });
}

function editRole(ctx, old) {
  return dialog(old ? `Edit ${old.value}` : 'New role', (close) => {
    const kind = choice([['account', 'account: applies everywhere'], ['scoped', 'scoped: applies to a target']], old?.kind);
    kind.name = 'kind';
    return {
      body: form([
        old ? null : field('Name', text({ name: 'value', required: true, placeholder: 'developer' }), { hint: 'What applications ask for. It stays.' }),
        field('Shown as', text({ name: 'display', value: old?.display ?? '' })),
        old ? null : field('Kind', kind),
        field('Permissions', h('textarea', { name: 'permissions', value: (old?.permissions ?? []).join('\n'), spellcheck: 'false' }), { hint: 'One a line, such as code:push.' }),
        field('Rank', h('input', { type: 'number', name: 'rank', value: String(old?.rank ?? 0) }), { hint: 'Of several account roles, the one with the highest rank is the account role.' }),
        check('Critical: no provider can give it without a review', { name: 'critical', checked: old?.critical ?? false }),
      ], old ? 'Save' : 'Create', async (values) => {
        const body = { permissions: values.permissions.split(/[\n,]/).map((line) => line.trim()).filter(Boolean), rank: Number(values.rank) || 0, critical: values.critical };
        if (values.display || old) body.display = values.display || null;
        if (!old) await post(ctx.in('roles'), { value: values.value, kind: values.kind, ...body });
        else await patch(ctx.in('roles', old.value), body, { ifMatch: old.version, query: { force: true } });
        close(true);
      }),
      buttons: [],
    };
  });
}

async function role(page, ctx, name) {
  await load(page, 'the role', () => get(ctx.in('roles', name)), (item) => [
    heading(item.display ?? item.value, {
      eyebrow: link('Access', ctx.href('access')), sub: [h('code', null, item.value), ` · ${item.kind}`, item.critical ? [' ', state('critical', 'warn')] : null],
      actions: ctx.can.write ? [
        button('Give this role', async () => { if (await give(ctx, { role: item.value })) ctx.again(); }, { kind: 'primary' }),
        button('Edit', async () => { if (await editRole(ctx, item)) ctx.again(); }),
        button('Delete', async () => {
          if (await confirm(`Delete the role ${item.value}?`, item.grants ? `${item.grants} grants go with it: everybody who has the role loses it.` : 'Nobody has it.', 'Delete', () => remove(ctx.in('roles', item.value), { query: { force: true } }))) ctx.go('access');
        }, { kind: 'danger' }),
      ] : [],
    }),
    section('What it allows', item.permissions.length ? h('div', { class: 'row' }, item.permissions.map((permission) => h('code', { class: 'tag' }, permission))) : h('p', { class: 'quiet' }, 'Nothing yet.'),
      facts([['Rank', String(item.rank)], ['Description', item.description], ['Changed', time(item.modified)]])),
    h('h2', null, 'Grants'), grantTable(ctx, { role: item.value }),
    h('h2', null, 'People who have it'),
    table({
      label: 'People who have it',
      columns: [
        { title: 'Person', cell: (holder) => holder.user.userName },
        { title: 'How', cell: (holder) => path(holder, ctx, holder.user.userName) },
        { title: 'Since', cell: (holder) => time(holder.since) },
      ],
      href: (holder) => ctx.href('people', [holder.user.id, 'access']),
      fetchPage: (cursor) => get(ctx.in('holders'), { role: item.value, cursor }),
      none: () => empty('Nobody has it', 'Give it to a group or a person.'),
    }),
  ]);
}

// Drafts

function drafts(ctx) {
  return table({
    label: 'Drafts',
    columns: [
      { title: 'Draft', cell: (item) => item.name ?? `Draft of ${item.changes} ${item.changes === 1 ? 'change' : 'changes'}` },
      { title: 'State', cell: (item) => state(item.state === 'applied' ? `applied as ${item.revision}` : item.state, item.state === 'applied' ? 'good' : 'plain') },
      { title: 'Steps', cell: (item) => String(item.changes), class: 'end' },
      { title: 'By', cell: (item) => item.appliedBy ?? item.createdBy ?? '' },
      { title: 'Changed', cell: (item) => time(item.applied ?? item.modified) },
    ],
    href: (item) => ctx.href('access', ['drafts', item.id]),
    fetchPage: (cursor) => get(ctx.in('drafts'), { cursor }),
    none: () => empty('No drafts', 'Draft a change to see who gains and who loses before it applies.', ctx.can.write ? button('Draft a change', async () => newDraft(ctx), { kind: 'primary' }) : null),
  });
}

/** Grants to add and to remove, as one draft. */
async function newDraft(ctx) {
  const [roleList, targets, grants] = await Promise.all([all(ctx.in('roles')), all(ctx.in('targets')), all(ctx.in('grants'), {}, 500)]);
  const made = await dialog('Draft a change', (close) => {
    const removals = h('div', { class: 'stack' }, grants.slice(0, 100).map((grant) => check(`${grant.principal.name ?? grant.principal.id} · ${grant.role}${grant.target ? ` on ${grant.target}` : ''}`, { 'data-grant': grant.id })));
    const kind = choice([['group', 'a group'], ['user', 'a person']]);
    kind.name = 'kind';
    const which = choice([['', 'none'], ...roleList.map((item) => [item.value, item.display ?? item.value])]);
    which.name = 'role';
    const target = choice([['', 'none'], ...targets.map((item) => [item.name, item.display ?? item.name])]);
    target.name = 'target';
    return {
      body: form([
        field('Name of the draft', text({ name: 'name' }), { hint: 'So that you find it again.' }),
        h('h3', null, 'Give'), field('To', kind), field('Name', text({ name: 'who' })), field('Role', which), field('On the target', target),
        grants.length ? [h('h3', null, 'Take away'), removals] : null,
      ], 'Create the draft', async (values) => {
        const body = { remove: [...removals.querySelectorAll('input:checked')].map((box) => box.dataset.grant) };
        if (values.name) body.name = values.name;
        if (values.who && values.role) body.add = [{ [values.kind]: values.who, role: values.role, ...(values.target ? { target: values.target } : {}) }];
        close(await post(ctx.in('drafts'), body));
      }),
      buttons: [],
    };
  }, { wide: true });
  if (made) ctx.go('access', ['drafts', made.id]);
}

async function draft(page, ctx, id) {
  await load(page, 'the draft', async () => {
    const item = await get(ctx.in('drafts', id));
    return [item, item.state === 'open' ? await get(ctx.in('drafts', id, 'review')) : null];
  }, ([item, review]) => [
    heading(item.name ?? 'Draft', {
      eyebrow: link('Drafts', ctx.href('access', ['drafts'])),
      sub: [state(item.state, item.state === 'applied' ? 'good' : 'plain'), item.applied ? [' ', time(item.applied), ` by ${item.appliedBy}`] : ` by ${item.createdBy ?? 'unknown'}`],
      actions: ctx.can.write ? draftActions(item, review, ctx) : [],
    }),
    review?.warnings.length ? h('div', { class: 'note' }, icon('warn'), h('div', null, h('p', { class: 'problem-title' }, 'Look at this first'), review.warnings.map((warning) => h('p', null, warning)))) : null,
    review ? (review.roles.length ? review.roles.map((one) => gainsAndLosses(one, ctx)) : section(null, empty('Nobody gains or loses anything', 'Everybody keeps what they have.'))) : null,
    section('Steps', h('ul', { class: 'dots' }, (item.steps ?? []).map((step) => h('li', null, stepText(step, ctx))))),
  ]);
}

function stepText(step, ctx) {
  const { grant } = step;
  if (!grant) return [h('code', null, step.op), ` ${step.role?.value ?? step.target?.name ?? step.id ?? ''}`];
  const isGroup = grant.principalType === 'Group';
  return [h('code', null, step.op), ` ${grant.role} for the `, link(isGroup ? 'group' : 'person', ctx.href(isGroup ? 'groups' : 'people', [grant.principal])), ' ', h('code', null, grant.principal), grant.target ? ` on ${grant.target}` : ''];
}

function gainsAndLosses(one, ctx) {
  const people = (list, word, none, tone) => (list.count ? h('details', { open: list.count <= 20 },
    h('summary', { class: tone }, `${list.count.toLocaleString('en')} ${word}`),
    h('ul', { class: 'dots' }, list.users.slice(0, 200).map((user) => h('li', null, link(user.userName, ctx.href('people', [user.id, 'access'])))), list.count > 200 ? h('li', { class: 'quiet' }, `and ${list.count - 200} more`) : null)) : h('p', { class: 'quiet' }, `Nobody ${none}.`));
  return section(h('span', null, one.role, one.critical ? [' ', state('critical', 'warn')] : null),
    h('div', { class: 'grid' }, people(one.gains, one.gains.count === 1 ? 'person gains it' : 'people gain it', 'gains it', 'gains'), people(one.loses, one.loses.count === 1 ? 'person loses it' : 'people lose it', 'loses it', 'loses')),
    h('p', { class: 'quiet' }, `${one.keeps.toLocaleString('en')} ${one.keeps === 1 ? 'keeps' : 'keep'} it.`),
    one.permissionsAdded.length || one.permissionsRemoved.length ? facts([['Allows more', one.permissionsAdded.join(', ')], ['Allows less', one.permissionsRemoved.join(', ')]]) : null);
}

function draftActions(item, review, ctx) {
  if (item.state === 'applied') {
    return [button('Roll back …', async () => { const undo = await post(ctx.in('drafts', item.id, 'rollback')); notice('This draft undoes it; review it, then apply it.'); ctx.go('access', ['drafts', undo.id]); })];
  }
  return [
    button('Apply', async () => {
      if (await confirm('Apply this draft?', review.needsForce ? 'It has warnings. It applies as one change, and can be rolled back.' : 'It applies as one change, and can be rolled back.', review.needsForce ? 'Apply anyway' : 'Apply',
        () => post(ctx.in('drafts', item.id, 'apply'), undefined, { ifMatch: item.version, query: { force: review.needsForce || undefined } }), { kind: review.needsForce ? 'danger' : 'primary' })) { notice('Applied.'); ctx.again(); }
    }, { kind: 'primary' }),
    button('Discard', async () => { if (await confirm('Discard this draft?', 'Nothing it proposes happens.', 'Discard', () => remove(ctx.in('drafts', item.id)))) ctx.go('access', ['drafts']); }),
  ];
}

// Findings

function findings(ctx) {
  return table({
    label: 'Findings',
    columns: [
      { title: 'Finding', cell: (item) => item.text },
      { title: 'Kind', cell: (item) => h('code', null, item.kind) },
      { title: '', class: 'end', cell: (item) => (item.user ? link('Person', ctx.href('people', [item.user.id ?? item.user, 'access'])) : item.role ? link('Role', ctx.href('access', ['role', item.role])) : '') },
    ],
    fetchPage: (cursor) => get(ctx.in('findings'), { cursor }),
    none: () => empty('Nothing to look at', 'No rights without holders, no grants to people who left, no roles that only one person has.'),
  });
}
