// Reviews of access: grants that somebody approves or revokes until a day.
import { h, fill, notice } from './dom.js';
import { address, all, get, post } from './http.js';
import { table } from './table.js';
import { local, time } from './time.js';
import { choice, field, form, text } from './forms.js';
import { confirm, dialog } from './dialog.js';
import { button, empty, heading, link, load, state } from './parts.js';

function stateOf(review) {
  if (review.state === 'open' && review.overdue) return state('overdue', 'bad');
  return state(review.state, review.state === 'open' ? 'warn' : 'good');
}

export function reviews(ctx) {
  return table({
    label: 'Reviews',
    columns: [
      { title: 'Review', cell: (item) => item.name }, { title: 'State', cell: stateOf },
      { title: 'Of', cell: (item) => item.scope ?? '' }, { title: 'Grants', class: 'end', cell: (item) => item.grants.toLocaleString('en') },
      { title: 'Due', cell: (item) => (item.due ? time(item.due) : 'no day') }, { title: 'By', cell: (item) => item.createdBy ?? '' },
    ],
    href: (item) => ctx.href('access', ['reviews', item.id]),
    fetchPage: (cursor) => get(ctx.in('reviews'), { cursor }),
    none: () => empty('No reviews yet', 'A review lists who has what, and somebody approves or revokes each until a day. Its export is what auditors ask for.',
      ctx.can.write ? button('Open a review', () => newReview(ctx), { kind: 'primary' }) : null, h('a', { class: 'button', href: ctx.href('docs', ['rights']) }, 'Read about reviews')),
  });
}

export async function newReview(ctx) {
  const roles = await all(ctx.in('roles'));
  const made = await dialog('Open a review', (close) => {
    const role = choice([['', 'all roles'], ...roles.map((item) => [item.value, item.display ?? item.value])]);
    role.name = 'role';
    const whom = choice([['', 'everybody'], ['group', 'a group'], ['user', 'a person']]);
    const who = text({ name: 'who', placeholder: 'its name' });
    const whose = field('Name', who, { hint: 'The group’s name, or the person’s user name.' });
    whose.hidden = true;
    whom.addEventListener('change', () => { whose.hidden = !whom.value; who.required = Boolean(whom.value); });
    return {
      body: form([
        field('Name', text({ name: 'name', required: true, placeholder: 'First quarter' })),
        field('Due', h('input', { type: 'date', name: 'due' }), { hint: 'Reviewers are reminded a week and a day before. Empty for no day.' }),
        field('Grants of', role), field('Given to', whom), whose,
      ], 'Open', async (values) => {
        const body = { name: values.name };
        if (values.due) body.due = new Date(`${values.due}T23:59:59`).toISOString();
        if (values.role) body.role = values.role;
        if (whom.value) body[whom.value] = values.who;
        close(await post(ctx.in('reviews'), body));
      }),
      buttons: [],
    };
  });
  if (made) ctx.go('access', ['reviews', made.id]);
}

export async function review(page, ctx, id) {
  const path = (...more) => ctx.in('reviews', id, ...more);
  await load(page, 'the review', () => get(path(), { limit: 1 }), (first) => {
    const figures = h('div', { class: 'figures', role: 'status' });
    const isOpen = first.state === 'open';
    let now = first;
    const show = (item) => { now = item; fill(figures, numbers(item)); };
    show(first);
    return [
      heading(first.name, {
        eyebrow: link('Reviews', ctx.href('access', ['reviews'])),
        sub: [stateOf(first), ` ${first.scope ?? ''}`, first.due ? [' · due ', time(first.due)] : null, first.closed ? ` · closed by ${first.closedBy ?? 'unknown'} on ${local(first.closed)}` : null],
        actions: [
          download('CSV', 'csv', first, path), download('NDJSON', 'ndjson', first, path),
          isOpen && ctx.can.write ? button('Close', async () => {
            if (await confirm(`Close ${first.name}?`, now.undecided ? `${now.undecided} ${now.undecided === 1 ? 'grant is' : 'grants are'} undecided.` : 'Everything is decided. A closed review does not change any more.', 'Close', (force) => post(path('close'), undefined, { query: { force } }), { kind: 'primary' })) {
              notice('Closed.');
              ctx.again();
            }
          }) : null,
        ].filter(Boolean),
      }),
      figures, items(first, path, ctx, isOpen && ctx.can.write, show),
    ];
  });
}

/** A file of who had what when the review was opened, with the decisions. */
function download(label, format, item, path) {
  return h('a', { class: 'button', href: `../${address(path('export'), { format })}`, download: `${item.name}.${format}`, 'aria-label': `Download as ${label}` }, label);
}

function numbers(item) {
  const figure = (number, word) => h('div', null, h('strong', null, Number(number ?? 0).toLocaleString('en')), h('span', null, word));
  return [figure(item.undecided, 'undecided'), figure(item.approved, 'approved'), figure(item.revoked, 'revoked'), figure(item.grants, 'grants')];
}

function items(first, path, ctx, canDecide, show) {
  const decide = (item, decision, comment, force) => post(path('decisions'), { decisions: [{ grant: item.grant, decision, ...(comment ? { comment } : {}) }] }, { query: { force } });
  const subject = (item) => (item.principal ? item.principal.name : 'a grant that was removed');
  return table({
    label: 'Grants of the review',
    columns: [
      { title: 'Who', cell: (item) => [subject(item), item.principal?.type === 'Group' ? h('span', { class: 'quiet' }, ' · group') : null] },
      { title: 'Role', cell: (item) => [item.role ?? '', item.target ? [' on ', h('code', null, item.target)] : null] },
      { title: 'Since', cell: (item) => (item.since ? time(item.since) : '') },
      { title: 'Given by', cell: (item) => item.grantedBy ?? '' },
      { title: 'Decision', cell: (item) => decision(item) },
    ],
    href: (item) => (item.principal ? ctx.href(item.principal.type === 'Group' ? 'groups' : 'people', [item.principal.id]) : null),
    fetchPage: (cursor) => get(path(), { cursor, limit: 100 }),
    none: () => empty('No grants', 'Nobody had such a role when the review was opened.'),
  });

  /** What was decided, or the buttons to decide; shown anew in its place. */
  function decision(item) {
    const cell = h('div', { class: 'row' });
    const done = async (answer, verdict) => {
      show(answer);
      item = { ...item, decision: verdict, reviewer: 'you', decided: new Date().toISOString(), removed: verdict === 'revoke' };
      paint();
      cell.querySelector('button')?.focus();
    };
    const revoke = async () => {
      const comment = text({ name: 'comment' });
      let answer = null;
      const isDone = await confirm(`Revoke ${item.role} of ${subject(item)}?`, 'It is removed at once.', 'Revoke', async (force) => { answer = await decide(item, 'revoke', comment.value.trim(), force); },
        { content: field('Comment', comment, { hint: 'Stands in the export.' }) });
      if (isDone) done(answer, 'revoke');
    };
    const approve = async () => {
      try { await done(await decide(item, 'approve'), 'approve'); } catch (error) { notice(error.message); }
    };
    const name = `${item.role ?? ''} of ${subject(item)}`;
    const verb = (word, act, kind) => { const one = button(word, act, { kind }); one.setAttribute('aria-label', `${word} ${name}`); return one; };
    const paint = () => fill(cell,
      item.decision ? [state(item.decision === 'approve' ? 'approved' : 'revoked', item.decision === 'approve' ? 'good' : 'bad'),
        h('span', { class: 'quiet small' }, item.reviewer ?? '', item.comment ? ` · ${item.comment}` : '')] : item.removed ? state('removed meanwhile', 'plain') : null,
      canDecide && !item.removed && !item.decision ? verb('Approve', approve, '') : null,
      canDecide && !item.removed && item.decision !== 'revoke' ? verb('Revoke', revoke, 'danger') : null,
      !canDecide && !item.decision && !item.removed ? h('span', { class: 'quiet' }, 'undecided') : null);
    paint();
    return cell;
  }
}
