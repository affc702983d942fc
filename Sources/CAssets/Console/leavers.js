// Who left, and when each application knew.
import { h, fill } from './dom.js';
import { get } from './http.js';
import { table } from './table.js';
import { clock } from './time.js';
import { check } from './forms.js';
import { empty, load, state } from './parts.js';

/** Such as "120 ms" or "3.2 s" or "5 min". */
function span(milliseconds) {
  if (milliseconds < 1000) return `${milliseconds} ms`;
  if (milliseconds < 120000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${Math.round(milliseconds / 60000)} min`;
}

export async function leavers(content, ctx) {
  await load(content, 'who left', () => get(ctx.in()), (directory) => {
    const limit = (directory.policies.leaverSLA ?? 300) * 1000;
    const slow = check('The slowest first', { checked: ctx.query.get('slow') === 'true' });
    const box = slow.querySelector('input');
    const list = table({
      label: 'Leavers',
      columns: [
        { title: 'Who', cell: (item) => item.userName ?? item.user },
        { title: 'What', cell: (item) => item.type.replace('user.', '') },
        { title: 'When', cell: (item) => clock(item.received) },
        { title: 'Until all knew', class: 'end', cell: (item) => state(span(item.milliseconds), item.milliseconds > limit ? 'bad' : 'good') },
        { title: 'Applications', cell: (item) => h('ul', { class: 'bare' }, item.webhooks.map((hook) => h('li', null, `${hook.name} `,
          hook.accepted ? h('span', { class: 'quiet' }, `after ${span(hook.milliseconds)}`) : h('strong', null, 'does not know yet')))) },
      ],
      href: (item) => ctx.href('events', ['event', item.event]),
      fetchPage: (cursor) => get(ctx.in('leavers'), { cursor, slow: box.checked || undefined }),
      none: () => empty('Nobody left since the server started', 'Deactivations and deletions are timed here once a webhook exists: applications should know within ' + span(limit) + '.'),
    });
    box.addEventListener('change', () => list.reload());
    return [slow, list];
  });
}
