// What a provider's administrator does, and what of it was seen: for the wizard, a connection's page and the set-up room.
import { h, fill } from './dom.js';
import { icon } from './icons.js';
import { inline } from './markdown.js';
import { clock } from './time.js';
import { copyButton, facts, link, value } from './parts.js';
import { plainTable } from './table.js';

export const stepTitles = {
  keyAccepted: 'Key accepted', discoveryRead: 'Discovery read', testQuery: 'Test query', userCreated: 'First person created',
  userUpdated: 'Person updated', userDeactivated: 'Person deactivated', userReactivated: 'Person reactivated',
  groupCreated: 'First group created', membersChanged: 'Group members changed',
};
/** What means that it works; a provider that creates nobody has no more than its test. */
const needed = (steps) => ['keyAccepted', steps.includes('userCreated') ? 'userCreated' : 'testQuery'];

/** A secret that is shown once. */
export function secret(text, what) {
  return h('div', { class: 'secret' }, h('code', null, text), copyButton(text, what));
}

/** Text of a provider's file: `*menu*` is emphasised, a name in backquotes is code, {base} and {key} are our values. */
export function rich(text, values = {}) {
  const parts = [];
  const pattern = /\*([^*]+)\*|`([^`]+)`|\{(base|key)\}/g;
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    parts.push(text.slice(end, match.index));
    if (match[1]) parts.push(h('strong', null, match[1]));
    else if (match[2]) parts.push(h('code', null, match[2]));
    else if (values[match[3]]) parts.push(value(values[match[3]], match[3] === 'base' ? 'base URL' : 'key'));
    else parts.push(match[3] === 'base' ? 'the base URL' : 'the key');
    end = match.index + match[0].length;
  }
  parts.push(text.slice(end));
  return parts;
}

/** The provider's own steps, or steps made of its names for the fields. */
export function guide(provider, values) {
  const { setUp } = provider;
  const steps = provider.steps.length ? provider.steps : [
    `In ${provider.title}, open *provisioning with SCIM 2.0* for your application.`,
    `Enter the base URL under ${setUp.base}: {base}`,
    `Enter the key under ${setUp.key}: {key}`,
    'Test the connection, then save.',
    'Assign one person first, and watch that person arrive below; then assign everybody.',
  ];
  return h('ol', { class: 'steps' }, steps.map((step) => h('li', null, h('div', null, rich(step, values)))));
}

/** How the provider's attributes usually map, and where its own pages say so; closed until asked for. */
export function mapping(provider) {
  const where = ['Attributes are mapped there under ', rich(provider.words.mapping), '. People are found by ', rich(provider.words.matching), '.'];
  if (!provider.mapping.length) return h('p', { class: 'quiet small' }, where);
  return h('details', { class: 'mapping' }, h('summary', null, `How attributes map (${provider.mapping.length})`),
    h('div', { class: 'stack' },
      h('p', { class: 'quiet' }, where),
      plainTable({
        label: 'Attribute mapping', items: provider.mapping,
        columns: [
          { title: provider.name === 'generic' ? 'Your provider' : `At ${provider.title}`, cell: (row) => row.source },
          { title: 'Here', cell: (row) => h('code', { title: row.attribute }, row.attribute.replace(/^urn:.*:enterprise:2\.0:User:/, 'enterprise: ')) },
        ],
      })));
}

/** When the provider sends, and what it does when somebody leaves. */
export function behaviour({ behaviour: told }) {
  return facts([['When it sends', rich(told.sync)], ['When somebody leaves', rich(told.unassign)], ['Limits', rich(told.limits)]]);
}

/**
 * The live checklist of a connection: what its provider sends, and what it sent besides. `request` makes the address of a
 * request; null shows no links.
 */
export function checklist({ request, noise = true, steps: expected = Object.keys(stepTitles) } = {}) {
  const list = h('ul', { class: 'checklist', 'aria-live': noise ? 'polite' : 'off' });
  const rows = {};
  for (const [name, title] of Object.entries(stepTitles)) {
    const mark = h('span', null, icon('wait'));
    const when = h('span', { class: 'quiet small number' });
    const item = h('li', { 'data-step': name, hidden: !expected.includes(name) }, mark, h('span', null, title), when);
    rows[name] = { mark, when, item };
    list.append(item);
  }
  let isGreen = false;
  return {
    element: list,
    /** Whether everything that matters was seen. */
    get isGreen() { return isGreen; },
    show(steps) {
      for (const seen of steps ?? []) {
        const row = rows[seen.step];
        if (!row || row.item.classList.contains('done')) continue;
        row.item.classList.add('done');
        row.item.hidden = false;
        fill(row.mark, icon('check'));
        fill(row.when, request ? link(clock(seen.time), request(seen.request), { 'aria-label': `Request of ${stepTitles[seen.step]}` }) : clock(seen.time));
      }
      isGreen = needed(expected).every((name) => rows[name].item.classList.contains('done'));
      return isGreen;
    },
  };
}

/** A refused request in the provider's own words: what is wrong, and what to do there. */
export function refusal(entry, open) {
  const { explanation } = entry;
  return h('div', { class: 'problem', 'data-refusal': entry.id }, icon('warn'), h('div', null,
    h('p', { class: 'problem-title' }, `${entry.method} ${entry.path} was refused (${entry.status})`),
    h('p', null, explanation?.refused ?? entry.error?.detail ?? ''),
    explanation?.fix ? h('p', null, inline(explanation.fix)) : null,
    h('p', { class: 'small' }, clock(entry.time), open ? [' · ', link('Open the request', open)] : null)));
}
