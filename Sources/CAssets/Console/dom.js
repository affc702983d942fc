// Elements are made by calls only: no text ever becomes markup.

/**
 * An element. Properties: `class`, `on` (event handlers), `data-*` and `aria-*` attributes, others as attributes;
 * null and false set nothing, true sets an empty attribute. Children: nodes, texts, lists of them; null is skipped.
 */
export function h(name, properties, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key === 'on') {
      for (const [event, handler] of Object.entries(value)) element.addEventListener(event, handler);
    } else if (key === 'value' || key === 'checked' || key === 'disabled') {
      element[key] = value;
    } else {
      element.setAttribute(key, value === true ? '' : value);
    }
  }
  append(element, children);
  return element;
}

export function append(element, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child);
  }
}

/** Replaces what an element contains. */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

let ids = 0;

/** An id for labels and descriptions. */
export function uid(prefix = 'x') {
  ids += 1;
  return `${prefix}${ids}`;
}

const announcer = h('div', { class: 'visually-hidden', role: 'status', 'aria-live': 'polite' });

/** Says something to screen readers and shows it for a moment. */
export function notice(text) {
  if (!announcer.isConnected) document.body.append(announcer);
  announcer.textContent = text;
  const toast = h('div', { class: 'toast', 'aria-hidden': 'true' }, text);
  document.querySelector('.toast')?.remove();
  document.body.append(toast);
  setTimeout(() => toast.remove(), 4000);
}

/** Whether an element is still on the page that a slow answer was meant for. */
export const isShown = (element) => element.isConnected;
