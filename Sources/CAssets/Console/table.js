import { h, fill } from './dom.js';
import { button, problem } from './parts.js';

/**
 * A table that reads its rows page by page: `fetchPage(cursor)` answers {items, next}. Columns: {title, cell(item),
 * class}. Rows can be links: `href(item)` is put on the first cell's content, unless it is null. With `keyOf(item)` a
 * row that is there already is not added to the top again.
 */
export function table({ label, columns, fetchPage, none, href, keyOf = () => null }) {
  const body = h('tbody');
  const foot = h('div', { class: 'table-foot' });
  const holder = h('div', { class: 'table-holder' },
    h('table', { 'aria-label': label },
      h('thead', null, h('tr', null, columns.map((column) => h('th', { scope: 'col', class: column.class }, column.title)))),
      body));
  const element = h('div', { class: 'table' }, holder, foot);
  // A table that scrolls sideways must be reachable by keyboard.
  new ResizeObserver(() => {
    if (holder.scrollWidth > holder.clientWidth) holder.setAttribute('tabindex', '0');
    else holder.removeAttribute('tabindex');
  }).observe(body);
  let count = 0;
  let turn = 0;

  function row(item) {
    return h('tr', { 'data-key': keyOf(item) }, columns.map((column, index) => {
      const content = column.cell(item);
      const place = index === 0 && href ? href(item) : null;
      const shown = place ? h('a', { class: 'row-link', href: place }, content) : content;
      return h('td', { class: column.class, 'data-title': column.title }, h('div', null, shown));
    }));
  }

  async function more(cursor) {
    const mine = turn;
    const timer = setTimeout(() => {
      if (mine === turn) fill(foot, h('p', { class: 'loading', role: 'status' }, `Loading ${label.toLowerCase()} …`));
    }, 200);
    try {
      const page = await fetchPage(cursor);
      if (mine !== turn) return;
      if (!cursor) {
        fill(body);
        count = 0;
      }
      for (const item of page.items) body.append(row(item));
      count += page.items.length;
      holder.hidden = count === 0;
      if (count === 0) fill(foot, none());
      else if (page.next) fill(foot, button(`Show more`, () => more(page.next)), h('span', { class: 'quiet' }, `${count} shown`));
      else fill(foot, count > 20 ? h('span', { class: 'quiet' }, `${count} rows`) : null);
    } catch (error) {
      if (mine === turn) fill(foot, problem(error, () => more(cursor)));
    } finally {
      clearTimeout(timer);
    }
  }

  /** Reads the first page again, as after another filter. */
  element.reload = () => { turn += 1; return more(); };
  element.prependItem = (item) => {
    const key = keyOf(item);
    if (key && [...body.rows].slice(0, 100).some((other) => other.dataset.key === key)) return;
    if (holder.hidden) fill(foot);
    holder.hidden = false;
    body.prepend(row(item));
    while (body.rows.length > 500) body.lastElementChild.remove();
  };
  element.reload();
  return element;
}

/** A table of rows that are all there. */
export function plainTable({ label, columns, items, none, href }) {
  return table({ label, columns, href, none: none ?? (() => h('p', { class: 'quiet' }, 'None.')), fetchPage: async () => ({ items }) });
}
