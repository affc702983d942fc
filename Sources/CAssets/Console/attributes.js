// A resource as names and values, however deep.
import { h } from './dom.js';
import { local } from './time.js';
import { facts, wordsOf } from './parts.js';

const hidden = new Set(['schemas', 'meta', 'id', 'groups', 'members', 'managedBy']);
const isTime = (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text);

function shown(value) {
  if (value === true) return 'yes';
  if (value === false) return 'no';
  if (Array.isArray(value)) return h('ul', { class: 'dots' }, value.map((item) => h('li', null, shown(item))));
  if (value && typeof value === 'object') {
    if ('value' in value && typeof value.value !== 'object') {
      const notes = Object.entries(value).filter(([name]) => !['value', '$ref'].includes(name))
        .map(([name, item]) => (name === 'primary' ? (item ? 'primary' : null) : String(item))).filter(Boolean);
      return [String(value.display && value.display !== value.value ? `${value.display} (${value.value})` : value.value),
        notes.length ? h('span', { class: 'quiet' }, ` ${notes.join(', ')}`) : null];
    }
    return facts(Object.entries(value).map(([name, item]) => [wordsOf(name), shown(item)]));
  }
  const text = String(value);
  return isTime(text) ? local(text) : text;
}

export function attributes(resource) {
  const rows = [];
  for (const [name, value] of Object.entries(resource)) {
    if (hidden.has(name)) continue;
    if (name.startsWith('urn:') && value && typeof value === 'object') {
      for (const [inner, item] of Object.entries(value)) rows.push([h('span', { title: name }, wordsOf(inner)), shown(item)]);
    } else {
      rows.push([wordsOf(name), shown(value)]);
    }
  }
  return facts(rows);
}
