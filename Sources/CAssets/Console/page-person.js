import { h, fill, notice } from './dom.js';
import { icon } from './icons.js';
import { get, post, remove } from './http.js';
import { time } from './time.js';
import { confirm } from './dialog.js';
import { button, empty, facts, heading, link, load, section, shortID, state, tabs } from './parts.js';
import { attributes } from './attributes.js';
import { historyOf, timeline } from './history.js';
import { explainBox, reasons } from './explain.js';

const views = [['', 'Attributes'], ['access', 'Access'], ['timeline', 'Timeline']];

export default async function person(page, ctx) {
  const [id, view = ''] = ctx.rest;
  if (ctx.query.get('deleted')) { await deleted(page, ctx, id); return; }
  await load(page, 'the person', () => get(ctx.in('users', id)), (user) => {
    const content = h('div');
    const name = user.displayName ?? user.name?.formatted ?? ([user.name?.givenName, user.name?.familyName].filter(Boolean).join(' ') || user.userName);
    if (view === 'access') load(content, 'the access', () => get(ctx.in('access', user.id)), (access) => accessView(access, user, ctx));
    else if (view === 'timeline') load(content, 'the timeline', () => historyOf(ctx.in('users', user.id)), (items) => section(null, timeline(items, ctx)));
    else fill(content, attributeView(user, ctx));
    return [
      heading(name, {
        eyebrow: link('People', ctx.href('people')),
        sub: [state(user.active === false ? 'inactive' : 'active'), ` ${user.userName}`],
        actions: ctx.can.write ? actions(user, name, ctx) : [],
      }),
      tabs(views.map(([key, title]) => [key, title, ctx.href('people', key ? [user.id, key] : [user.id])]), view, 'Views of this person'),
      content,
    ];
  });
}

function attributeView(user, ctx) {
  const groups = user.groups ?? [];
  return h('div', { class: 'grid' },
    section('Attributes', attributes(user)),
    h('div', { class: 'stack' },
      section('Groups', groups.length
        ? h('ul', { class: 'list' }, groups.map((group) => h('li', null, h('span', { class: 'grow' }, link(group.display ?? group.value, ctx.href('groups', [group.value]))),
          group.type === 'indirect' ? h('span', { class: 'quiet small' }, 'through another group') : null)))
        : empty('In no group', 'Groups decide which roles a person has.')),
      section('Record', facts([
        ['Id', shortID(user.id)], ['Managed by', manager(user.managedBy, ctx)], ['Created', time(user.meta?.created)],
        ['Changed', time(user.meta?.lastModified)], ['Requests', link('about this person', ctx.href('activity', [], { user: user.id }))],
      ]))));
}

export function manager(by, ctx) {
  if (!by) return 'nobody';
  if (by.kind === 'connection') return link(by.name ?? by.id, ctx.href('connections', [by.id]));
  return by.name ?? by.id ?? by.kind;
}

function accessView(access, user, ctx) {
  return h('div', { class: 'grid' },
    section('Roles',
      access.active ? null : h('div', { class: 'note' }, icon('warn'), h('div', null, h('p', null, 'This person is inactive, and has no access until reactivated.'))),
      access.roles.length ? reasons(access.roles, ctx, user)
        : empty('No roles', 'Give a role to one of this person’s groups, or to the person.', h('a', { class: 'button', href: ctx.href('access', ['grants']) }, 'Grants'))),
    h('div', { class: 'stack' },
      section('Permissions', access.permissions.length ? h('div', { class: 'row' }, access.permissions.map((name) => h('code', { class: 'tag' }, name))) : h('p', { class: 'quiet' }, 'None.')),
      section('Why can, or can’t, this person …?', explainBox(ctx, user.id))));
}

function actions(user, name, ctx) {
  const path = (...more) => ctx.in('users', user.id, ...more);
  const isActive = user.active !== false;
  return [
    isActive
      ? button('Deactivate', async () => {
        if (await confirm(`Deactivate ${name}?`, 'Access ends at once; groups and grants stay. The provider may reactivate this person with its next update.', 'Deactivate',
          () => post(path('deactivate'), undefined, { ifMatch: user.meta?.version }))) { notice('Deactivated.'); ctx.again(); }
      }, { kind: 'danger' })
      : button('Reactivate', async () => {
        if (await confirm(`Reactivate ${name}?`, 'The roles of this person’s groups and grants apply again.', 'Reactivate',
          () => post(path('reactivate'), undefined, { ifMatch: user.meta?.version }), { kind: 'primary' })) { notice('Reactivated.'); ctx.again(); }
      }),
    button('Delete', async () => {
      if (await confirm(`Delete ${name}?`, 'It can be restored for a while, with its groups. If a provider still has this person, it may create the person again.', 'Delete', () => remove(path()))) {
        notice('Deleted. Show “Deleted” to restore.');
        ctx.go('people', [], { show: 'deleted' });
      }
    }, { kind: 'danger' }),
  ];
}

/** A deleted person: what happened, and the way back. */
async function deleted(page, ctx, id) {
  await load(page, 'the deleted person', () => historyOf(ctx.in('users', id)), (items) => [
    heading('Deleted person', {
      eyebrow: link('People', ctx.href('people', [], { show: 'deleted' })), sub: shortID(id),
      actions: ctx.can.write ? [
        button('Restore', async () => {
          if (await confirm('Restore this person?', 'The person gets the same id, groups and direct grants back.', 'Restore', () => post(ctx.in('users', id, 'restore')), { kind: 'primary' })) {
            notice('Restored.');
            ctx.go('people', [id]);
          }
        }, { kind: 'primary' }),
        ctx.session.scopes.includes('admin.erase') ? button('Erase', async () => {
          if (await confirm('Erase this person for good?', 'All values leave the state, the history and the files. Nobody can undo this.', 'Erase for good', () => post(ctx.in('users', id, 'erase')))) {
            notice('Erased.');
            ctx.go('people');
          }
        }, { kind: 'danger' }) : null,
      ].filter(Boolean) : [],
    }),
    section('Timeline', timeline(items, ctx)),
  ]);
}
