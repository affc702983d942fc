import { h, fill, notice } from './dom.js';
import { get, patch } from './http.js';
import { table } from './table.js';
import { time } from './time.js';
import { field, form, text, whenTyped } from './forms.js';
import { confirm, dialog } from './dialog.js';
import { button, empty, facts, heading, link, load, section, shortID, state, tabs } from './parts.js';
import { keepQuery } from './router.js';
import { manager } from './page-person.js';
import { quoted } from './page-people.js';
import { historyOf, timeline } from './history.js';
import { grantTable } from './grants.js';

export default function groups(page, ctx) {
  return ctx.rest.length ? one(page, ctx) : list(page, ctx);
}

function list(page, ctx) {
  const words = text({ type: 'search', placeholder: 'Part of the name', value: ctx.query.get('q') ?? '' });
  const found = table({
    label: 'Groups',
    columns: [
      { title: 'Name', cell: (group) => group.displayName ?? group.name ?? group.id },
      { title: 'Members', cell: (group) => Number(group.members ?? 0).toLocaleString('en'), class: 'end' },
      { title: 'Managed by', cell: (group) => group.managedBy?.name ?? group.managedBy?.kind ?? '' },
      { title: 'Changed', cell: (group) => time(group.modified) },
    ],
    href: (group) => ctx.href('groups', [group.id]),
    fetchPage: (cursor) => {
      const value = words.value.trim();
      return get(ctx.in('groups'), { cursor, filter: value ? `displayName co ${quoted(value)}` : undefined });
    },
    none: () => (words.value ? empty('No group matches', 'Search for a part of its name.')
      : empty('There are no groups yet', 'Push groups from your provider; then give roles to them instead of to each person.')),
  });
  words.addEventListener('input', whenTyped(() => {
    if (!words.isConnected) return null;
    keepQuery({ q: words.value.trim() });
    return found.reload();
  }));
  fill(page, heading('Groups', { eyebrow: ctx.directory }), h('div', { class: 'filters' }, field('Search', words)), found);
}

const views = [['', 'Members'], ['roles', 'Roles'], ['timeline', 'Timeline']];

async function one(page, ctx) {
  const [id, view = ''] = ctx.rest;
  await load(page, 'the group', () => Promise.all([
    get(ctx.in('groups'), { filter: `id eq ${quoted(id)}`, limit: 1 }).then((found) => found.items[0] ?? get(ctx.in('groups', id))),
  ]), ([group]) => {
    const content = h('div');
    const name = group.displayName ?? group.name ?? group.id;
    if (view === 'timeline') load(content, 'the timeline', () => historyOf(ctx.in('groups', group.id)), (items) => section(null, timeline(items, ctx)));
    else if (view === 'roles') fill(content, grantTable(ctx, { group: group.id }));
    else fill(content, members(group, ctx));
    return [
      heading(name, {
        eyebrow: link('Groups', ctx.href('groups')), sub: `${Number(group.members ?? 0).toLocaleString('en')} direct members`,
        actions: ctx.can.write ? [button('Add members', () => add(group, name, ctx))] : [],
      }),
      tabs(views.map(([key, title]) => [key, title, ctx.href('groups', key ? [group.id, key] : [group.id])]), view, 'Views of this group'),
      content,
      section('Record', facts([['Id', shortID(group.id)], ['External id', group.externalId], ['Managed by', manager(group.managedBy, ctx)], ['Created', time(group.created)], ['Changed', time(group.modified)]])),
    ];
  });
}

function members(group, ctx) {
  const found = table({
    label: 'Members',
    columns: [
      { title: 'Name', cell: (member) => member.name ?? member.displayName ?? member.id },
      { title: 'Type', cell: (member) => member.type },
      { title: 'State', cell: (member) => (member.type === 'Group' ? '' : state(member.active === false ? 'inactive' : 'active')) },
      ...(ctx.can.write ? [{ title: '', class: 'end', cell: (member) => button('Remove', async () => {
        const name = member.name ?? member.id;
        if (await confirm(`Remove ${name} from this group?`, 'What the group’s roles allow ends for this member at once.', 'Remove',
          () => patch(ctx.in('groups', group.id, 'members'), { remove: [member.id] }))) { notice('Removed.'); found.reload(); }
      }, { kind: 'plain' }) }] : []),
    ],
    href: (member) => ctx.href(member.type === 'Group' ? 'groups' : 'people', [member.id]),
    fetchPage: (cursor) => get(ctx.in('groups', group.id, 'members'), { cursor }),
    none: () => empty('The group is empty', 'Assign people to it at your provider, or add them here.'),
  });
  return found;
}

async function add(group, name, ctx) {
  const isDone = await dialog(`Add members to ${name}`, (close) => ({
    body: form([field('People', h('textarea', { name: 'names', required: true, spellcheck: 'false' }), { hint: 'User names, e-mail addresses or ids, one a line.' })], 'Add', async (values) => {
      const report = await patch(ctx.in('groups', group.id, 'members'), { add: values.names.split('\n').map((line) => line.trim()).filter(Boolean) });
      notice(`${report.added} added.`);
      close(true);
    }),
    buttons: [],
  }));
  if (isDone) ctx.again();
}
