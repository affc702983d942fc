// Small parts that every page uses.
import { h, fill, notice, isShown } from './dom.js';
import { icon } from './icons.js';
import { inline } from './markdown.js';

/** A button; `act` may return a promise, during which the button says that it works. */
export function button(label, act, { kind = '', symbol, type = 'button', describedBy } = {}) {
  const element = h('button', { class: `button ${kind}`.trim(), type, 'aria-describedby': describedBy },
    symbol ? icon(symbol) : null, label);
  if (act) {
    element.addEventListener('click', async () => {
      if (element.getAttribute('aria-busy') === 'true') return;
      element.setAttribute('aria-busy', 'true');
      try { await act(element); } finally { element.removeAttribute('aria-busy'); }
    });
  }
  return element;
}

export const link = (label, href, properties = {}) => h('a', { href, ...properties }, label);

/** Copies a text; the button says that it did. */
export function copyButton(text, what = 'value') {
  const element = h('button', { class: 'icon-button', type: 'button', 'aria-label': `Copy ${what}`, title: `Copy ${what}` },
    icon('copy'));
  element.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text);
      fill(element, icon('check'));
      notice(`Copied ${what}.`);
    } catch {
      notice('The browser does not allow copying; select the text instead.');
    }
    setTimeout(() => { if (isShown(element)) fill(element, icon('copy')); }, 2000);
  });
  return element;
}

/** A value that is one click to copy. */
export function value(text, what) {
  return h('span', { class: 'value' }, h('code', null, text), copyButton(text, what));
}

/** An id, shortened; the whole one is in the title and is copied. */
export function shortID(id, what = 'id') {
  const shown = id.length > 14 ? `${id.slice(0, 8)}…` : id;
  return h('span', { class: 'value' }, h('code', { title: id }, shown), copyButton(id, what));
}

const tones = {
  active: 'good', connected: 'good', ok: 'good', approved: 'good', waiting: 'plain', paused: 'warn', silent: 'warn',
  failing: 'bad', removing: 'bad', revoked: 'bad', expired: 'bad', inactive: 'warn', ending: 'warn', ended: 'plain',
  open: 'plain', warning: 'warn', warn: 'warn', failed: 'bad', error: 'bad',
};

/** A state in words with a colour; the word alone says it too. */
export function state(word, tone) {
  return h('span', { class: `state ${tone ?? tones[word] ?? 'plain'}` }, word);
}

export function statusTone(status) {
  if (status >= 500) return 'bad';
  if (status >= 400) return 'warn';
  return 'good';
}

/** What a page without content says, with what to do next. */
export function empty(title, text, ...actions) {
  return h('div', { class: 'empty' }, h('p', { class: 'empty-title' }, title), h('p', null, text),
    actions.length ? h('div', { class: 'actions' }, actions) : null);
}

/** A refusal in the page: what happened, why, and what to do. */
export function problem(error, retry) {
  const element = h('div', { class: 'problem', role: 'alert' }, icon('warn'),
    h('div', null,
      h('p', { class: 'problem-title' }, error.title ?? 'Something went wrong'),
      h('p', null, inline(error.message)),
      error.fix ? h('p', { class: 'quiet' }, inline(error.fix)) : null,
      error.request ? h('p', { class: 'quiet small' }, 'Request ', h('code', null, error.request)) : null,
      retry ? h('div', { class: 'actions' }, button('Try again', retry)) : null));
  return element;
}

/** Shows what a promise brings; until then what is being loaded, if that takes long enough to notice. */
export async function load(target, what, work, show) {
  let isLate = true;
  const timer = setTimeout(() => {
    if (isLate) fill(target, h('p', { class: 'loading', role: 'status' }, `Loading ${what} …`));
  }, 200);
  try {
    const result = await work();
    isLate = false;
    clearTimeout(timer);
    fill(target, await show(result));
  } catch (error) {
    isLate = false;
    clearTimeout(timer);
    const isPage = target.classList.contains('page');
    fill(target, isPage ? heading(error.status === 404 ? 'Nothing here' : 'That did not work') : null, problem(error, () => load(target, what, work, show)));
  }
}

/** Names and values. */
export function facts(rows) {
  return h('dl', { class: 'facts' }, rows.filter((row) => row && row[1] !== null && row[1] !== undefined && row[1] !== '')
    .map(([name, content]) => h('div', null, h('dt', null, name), h('dd', null, content))));
}

export function section(title, ...children) {
  return h('section', { class: 'card' }, title ? h('h2', null, title) : null, children);
}

/** The head of a page; the heading takes the focus when the page opens. */
export function heading(title, { sub, actions = [], eyebrow } = {}) {
  return h('header', { class: 'page-head' },
    h('div', null,
      eyebrow ? h('p', { class: 'eyebrow' }, eyebrow) : null,
      h('h1', { tabindex: '-1' }, title),
      sub ? h('p', { class: 'sub' }, sub) : null),
    actions.length ? h('div', { class: 'actions' }, actions) : null);
}

/** Tabs as links, so that each can be sent to a colleague; where they do not fit, the current one is in sight. */
export function tabs(items, current, label) {
  const bar = h('nav', { class: 'tabs', 'aria-label': label },
    items.map(([name, title, href]) => h('a', { href, 'aria-current': name === current ? 'page' : null }, title)));
  requestAnimationFrame(() => {
    const item = bar.querySelector('[aria-current]');
    if (item) bar.scrollLeft = item.offsetLeft - bar.offsetLeft - (bar.clientWidth - item.offsetWidth) / 2;
  });
  return bar;
}

/** The words of a camelCase name. */
export const wordsOf = (name) => name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
