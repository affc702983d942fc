// Which events somebody wants: in a word, and as a choice.
import { h } from './dom.js';
import { check, choice, field } from './forms.js';
import { eventTypes, selections } from './event-types.js';

/** Types in the order of the table, with commas between them, as selections have them. */
const joined = (types) => eventTypes.filter((type) => types.includes(type)).join(',');

/** Such as "leavers" or "3 types". */
export function typeWords(types) {
  if (!types.length) return 'all';
  const known = selections.find(([names]) => names === joined(types));
  if (known) return known[1].toLowerCase();
  return types.length === 1 ? types[0] : `${types.length} types`;
}

/** A usual selection, or each type by itself: {parts, types, isEmpty}; no types are all of them. */
export function typeChoice(chosen) {
  const boxes = eventTypes.map((type) => check(type, { 'data-type': type, checked: chosen.includes(type) }));
  const inputs = boxes.map((box) => box.querySelector('input'));
  const isUsual = selections.some(([names]) => names === joined(chosen));
  const usual = choice([...selections, ['each', 'These …']], isUsual ? joined(chosen) : 'each');
  const each = h('div', { class: 'columns', role: 'group', 'aria-label': 'Types of events', hidden: isUsual }, boxes);
  usual.addEventListener('change', () => {
    each.hidden = usual.value !== 'each';
    if (each.hidden) for (const input of inputs) input.checked = usual.value.split(',').includes(input.dataset.type);
  });
  return {
    parts: [field('Events', usual), each],
    get types() {
      return usual.value === 'each' ? inputs.filter((input) => input.checked).map((input) => input.dataset.type) : usual.value.split(',').filter(Boolean);
    },
    get isEmpty() { return usual.value === 'each' && !this.types.length; },
  };
}
