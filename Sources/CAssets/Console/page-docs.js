import { h, fill } from './dom.js';
import { docs } from './http.js';
import { load } from './parts.js';
import { markdown } from './markdown.js';

/** The pages that `scimd help TOPIC` prints. */
export default async function guides(page, ctx) {
  await load(page, 'the documentation', () => docs('guides'), async ({ items }) => {
    const topic = ctx.rest[0] ?? items[0]?.topic;
    const text = await docs(`guides/${encodeURIComponent(topic)}`);
    const href = (address) => {
      const name = /^(?:\.\/)?([a-z-]+)\.md/.exec(address)?.[1];
      return name && items.some((item) => item.topic === name) ? ctx.href('docs', [name]) : null;
    };
    return h('div', { class: 'docs' },
      h('details', { open: matchMedia('(min-width: 62rem)').matches }, h('summary', null, 'Pages'), h('nav', { 'aria-label': 'Documentation' }, h('ul', null, items.map((item) =>
        h('li', null, h('a', { href: ctx.href('docs', [item.topic]), 'aria-current': item.topic === topic ? 'page' : null }, item.title)))))),
      h('article', { class: 'prose' }, markdown(text, href)));
  });
}
