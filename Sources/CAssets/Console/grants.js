import { h } from './dom.js';
import { all, get, post, remove } from './http.js';
import { table } from './table.js';
import { time } from './time.js';
import { choice, field, form, text } from './forms.js';
import { confirm, dialog } from './dialog.js';
import { button, empty, link } from './parts.js';

/** The grants of a directory, or of one principal or role. */
export function grantTable(ctx, filters = {}) {
  const found = table({
    label: 'Grants',
    columns: [
      { title: 'Who', cell: (grant) => link(grant.principal.name ?? grant.principal.id, ctx.href(grant.principal.type === 'Group' ? 'groups' : 'people', [grant.principal.id])) },
      { title: 'Role', cell: (grant) => h('strong', null, grant.role) },
      { title: 'On', cell: (grant) => (grant.target ? h('code', null, grant.target) : '') },
      { title: 'Reason', cell: (grant) => grant.reason ?? '' },
      { title: 'By', cell: (grant) => grant.grantedBy ?? grant.origin },
      { title: 'Until', cell: (grant) => (grant.expires ? time(grant.expires) : 'no end') },
      ...(ctx.can.write ? [{ title: '', class: 'end', cell: (grant) => button('Remove', () => end(grant), { kind: 'plain' }) }] : []),
    ],
    fetchPage: (cursor) => get(ctx.in('grants'), { cursor, ...filters }),
    none: () => empty('No grants', 'A grant gives a role to a person or, better, to a group.', ctx.can.write ? button('Give a role', () => give(ctx, filters).then((isDone) => isDone && found.reload()), { kind: 'primary' }) : null),
  });

  async function end(grant) {
    const isDone = await confirm(`Remove the role ${grant.role}?`, `${grant.principal.name ?? grant.principal.id} loses it at once${grant.principal.type === 'Group' ? ', and with it every member' : ''}.`,
      'Remove', () => remove(ctx.in('grants', grant.id), { query: { force: true } }));
    if (isDone) found.reload();
  }
  return found;
}

/** A new grant; resolves with true when it was made. */
export async function give(ctx, { group, user, role } = {}) {
  const roles = await all(ctx.in('roles'));
  const targets = await all(ctx.in('targets'));
  return dialog('Give a role', (close) => {
    const kind = choice([['group', 'a group'], ['user', 'a person']], user ? 'user' : 'group');
    kind.name = 'kind';
    const target = choice([['', 'none'], ...targets.map((item) => [item.name, item.display ?? item.name])]);
    target.name = 'target';
    const which = choice(roles.map((item) => [item.value, `${item.display ?? item.value}${item.critical ? ' (critical)' : ''}`]), role);
    which.name = 'role';
    return {
      body: form([
        group || user ? null : field('To', kind), group || user ? null : field('Name', text({ name: 'who', required: true }), { hint: 'The group’s name, or the person’s user name.' }),
        field('Role', which), field('On the target', target, { hint: 'Only for roles that apply to a target.' }),
        field('Until', h('input', { type: 'date', name: 'expires' }), { hint: 'Empty for no end.' }),
        field('Reason', text({ name: 'reason' })),
      ], 'Give the role', async (values) => {
        const body = { role: values.role };
        if (group) body.group = group;
        else if (user) body.user = user;
        else body[values.kind] = values.who;
        if (values.target) body.target = values.target;
        if (values.reason) body.reason = values.reason;
        if (values.expires) body.expires = `${values.expires}T23:59:59Z`;
        await post(ctx.in('grants'), body);
        close(true);
      }),
      buttons: [],
    };
  });
}
