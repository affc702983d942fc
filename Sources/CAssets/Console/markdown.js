// The Markdown of our own pages as elements: headings, paragraphs, lists, tables, code. Everything else is text.
import { h } from './dom.js';

/** `code`, **strong**, *emphasis*, [links](to pages). `href(address)` makes the address of a link; null shows its text. */
export function inline(text, href = () => null) {
  const parts = [];
  const pattern = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\(([^)\s]+)\)/g;
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    parts.push(text.slice(end, match.index));
    if (match[1]) parts.push(h('code', null, match[1]));
    else if (match[2]) parts.push(h('strong', null, match[2]));
    else if (match[3]) parts.push(h('em', null, match[3]));
    else {
      const address = href(match[5]);
      parts.push(address ? h('a', { href: address }, match[4]) : match[4]);
    }
    end = match.index + match[0].length;
  }
  parts.push(text.slice(end));
  return parts;
}

const cells = (line) => line.trim().replace(/^\||\|$/g, '').split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
const bullet = /^(\s*)([-*]|\d+\.)\s+(.*)$/;

export function markdown(text, href) {
  const lines = text.split('\n');
  const blocks = [];
  let index = 0;
  const isBlock = (line) => !line.trim() || /^(#{1,4} |\s*```|\s*\|)/.test(line) || bullet.test(line);
  while (index < lines.length) {
    const line = lines[index];
    const head = /^(#{1,4}) (.*)$/.exec(line);
    if (!line.trim()) {
      index += 1;
    } else if (/^\s*```/.test(line)) {
      const indent = /^\s*/.exec(line)[0].length;
      const code = [];
      for (index += 1; index < lines.length && !/^\s*```/.test(lines[index]); index += 1) code.push(lines[index].slice(indent));
      index += 1;
      blocks.push(h('pre', { tabindex: '0' }, code.join('\n')));
    } else if (/^( {4}|\t)/.test(line)) {
      const code = [];
      for (; index < lines.length && (/^( {4}|\t)/.test(lines[index]) || (!lines[index].trim() && /^( {4}|\t)/.test(lines[index + 1] ?? ''))); index += 1) code.push(lines[index].replace(/^( {4}|\t)/, ''));
      blocks.push(h('pre', { tabindex: '0' }, code.join('\n')));
    } else if (head) {
      blocks.push(h(`h${Math.min(head[1].length, 3)}`, head[1].length === 1 ? { tabindex: '-1' } : null, inline(head[2], href)));
      index += 1;
    } else if (/^\s*\|/.test(line)) {
      const rows = [];
      for (; index < lines.length && /^\s*\|/.test(lines[index]); index += 1) rows.push(cells(lines[index]));
      const [names, , ...rest] = rows;
      blocks.push(h('div', { class: 'table' }, h('div', { class: 'table-holder', tabindex: '0' }, h('table', null,
        h('thead', null, h('tr', null, names.map((name) => h('th', { scope: 'col' }, inline(name, href))))),
        h('tbody', null, rest.map((row) => h('tr', null, row.map((cell, number) => h('td', { 'data-title': names[number] ?? '' }, h('span', null, inline(cell, href)))))))))));
    } else if (bullet.test(line)) {
      const items = [];
      const isOrdered = /^\s*\d/.test(line);
      const start = /^\s*(\d+)/.exec(line)?.[1];
      while (index < lines.length && (bullet.test(lines[index]) || (/^\s+\S/.test(lines[index]) && !/^\s*```/.test(lines[index])))) {
        const item = bullet.exec(lines[index]);
        if (item) items.push(item[3]);
        else items[items.length - 1] += ` ${lines[index].trim()}`;
        index += 1;
      }
      blocks.push(h(isOrdered ? 'ol' : 'ul', { start: isOrdered && start !== '1' ? start : null }, items.map((item) => h('li', null, inline(item, href)))));
    } else {
      const words = [line];
      for (index += 1; index < lines.length && !isBlock(lines[index]); index += 1) words.push(lines[index]);
      blocks.push(h('p', null, inline(words.join(' '), href)));
    }
  }
  return blocks;
}
