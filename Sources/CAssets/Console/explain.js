// Why somebody has a permission, and what is missing.
import { h, fill } from './dom.js';
import { icon } from './icons.js';
import { all, get } from './http.js';
import { choice, field, form, text } from './forms.js';
import { link, state } from './parts.js';
import { time } from './time.js';

/** person -> group -> group -> role */
export function path(role, ctx, person) {
  const parts = [person ? h('span', null, person) : null];
  for (const group of role.via ?? []) parts.push(link(group.name ?? group.id, ctx.href('groups', [group.id])));
  parts.push(h('strong', null, role.role), role.target ? h('span', null, 'on ', h('code', null, role.target)) : null);
  const shown = parts.filter(Boolean);
  return h('span', { class: 'path' }, shown.map((part, index) => [index && part !== shown.at(-1) ? icon('next') : (index === shown.length - 1 && !role.target && index ? icon('next') : null), part]));
}

/** Each role with where it comes from. */
export function reasons(roles, ctx, user) {
  return h('ul', { class: 'list' }, roles.map((role) => h('li', null,
    h('div', { class: 'grow' }, path(role, ctx, user?.userName),
      h('p', { class: 'quiet small' }, role.via?.length ? 'through a group' : 'granted directly', ', since ', time(role.since), role.expires ? [', until ', time(role.expires)] : null)),
    state(role.kind ?? 'role', 'plain'))));
}

/** Asks for a permission and explains the answer; without a person it asks for that too. */
export function explainBox(ctx, person) {
  const answer = h('div', { role: 'status' });
  const who = person ? null : text({ name: 'user', required: true, placeholder: 'ada@example.com' });
  const permission = text({ name: 'permission', required: true, placeholder: 'code:push', list: 'permissions' });
  const target = choice([['', 'none']]);
  target.name = 'target';
  const suggestions = h('datalist', { id: 'permissions' });
  all(ctx.in('roles')).then((roles) => {
    fill(suggestions, [...new Set(roles.flatMap((role) => role.permissions))].sort().map((name) => h('option', { value: name })));
  }, () => {});
  all(ctx.in('targets')).then((targets) => {
    for (const item of targets) target.append(h('option', { value: item.name }, item.display ?? item.name));
  }, () => {});
  return h('div', { class: 'stack' },
    form([
      who ? field('Person', who, { hint: 'User name, e-mail or id.' }) : null,
      field('Permission', permission), suggestions, field('On the target', target),
    ], 'Explain', async (values) => {
      const found = await get(ctx.in('access', person ?? values.user, 'explain'), { permission: values.permission, target: values.target });
      fill(answer, explanation(found, ctx));
    }, { kind: '' }), answer);
}

function explanation(found, ctx) {
  return h('div', { class: `note ${found.allowed ? 'good' : ''}` }, icon(found.allowed ? 'check' : 'warn'), h('div', null,
    h('p', { class: 'problem-title' }, `${found.user.userName} ${found.allowed ? 'can' : 'cannot'} ${found.permission}`),
    found.allowed
      ? h('ul', { class: 'dots' }, found.paths.map((one) => h('li', null, path(one, ctx, found.user.userName))))
      : [h('p', null, found.because), found.missing.length ? [h('p', null, 'Missing:'), h('ul', { class: 'dots' }, found.missing.map((text) => h('li', null, text)))] : null]));
}
