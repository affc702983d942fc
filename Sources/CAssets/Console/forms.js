import { h, fill, uid } from './dom.js';
import { button, problem } from './parts.js';

/** A labelled control with a hint and a place for its error. */
export function field(label, control, { hint, name } = {}) {
  const id = uid('field');
  control.id = id;
  if (name) control.name = name;
  const hintID = hint ? `${id}-hint` : null;
  if (hintID) control.setAttribute('aria-describedby', hintID);
  return h('div', { class: 'field' }, h('label', { for: id }, label), control,
    hint ? h('p', { class: 'hint', id: hintID }, hint) : null);
}

export const text = (properties = {}) =>
  h('input', { type: 'text', autocomplete: 'off', spellcheck: 'false', ...properties });

export function choice(options, current) {
  const select = h('select', null,
    options.map(([value, label]) => h('option', { value }, label)));
  if (current !== undefined) select.value = current;
  return select;
}

export function check(label, properties = {}) {
  const id = uid('check');
  return h('div', { class: 'check' }, h('input', { type: 'checkbox', id, ...properties }), h('label', { for: id }, label));
}

/** Calls `act` when typing pauses, and not again before its promise is kept: one search at a time, then the newest. */
export function whenTyped(act) {
  let timer = null;
  let isActing = false;
  let isLate = false;
  const begin = async () => {
    if (isActing) { isLate = true; return; }
    isActing = true;
    try { await act(); } finally { isActing = false; }
    if (isLate) { isLate = false; begin(); }
  };
  return () => { clearTimeout(timer); timer = setTimeout(begin, 180); };
}

/**
 * A form whose `submit(values)` may be refused: the refusal is shown above the button. Values by the names of the
 * controls; a checkbox gives true or false.
 */
export function form(fields, verb, submit, { extra = [], kind = 'primary' } = {}) {
  const trouble = h('div');
  const send = button(verb, null, { kind, type: 'submit' });
  const element = h('form', { novalidate: true }, fields, trouble, h('div', { class: 'actions' }, send, extra));
  element.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (send.getAttribute('aria-busy') === 'true') return;
    const missing = [...element.elements].find((control) => control.required && !control.value.trim());
    if (missing) {
      missing.setAttribute('aria-invalid', 'true');
      missing.focus();
      const name = element.querySelector(`label[for="${missing.id}"]`)?.textContent ?? 'A value';
      fill(trouble, problem({ title: `${name} is missing`, message: 'Fill it in, then try again.' }));
      return;
    }
    const values = {};
    for (const control of element.elements) {
      control.removeAttribute('aria-invalid');
      if (!control.name) continue;
      values[control.name] = control.type === 'checkbox' ? control.checked : control.value.trim();
    }
    send.setAttribute('aria-busy', 'true');
    fill(trouble);
    try {
      await submit(values);
    } catch (error) {
      fill(trouble, problem(error));
    } finally {
      send.removeAttribute('aria-busy');
    }
  });
  return element;
}
