import { h, fill } from './dom.js';
import { icon } from './icons.js';
import { docs, post } from './http.js';
import { field, form, text } from './forms.js';
import { button, empty, heading, load, problem, section } from './parts.js';
import { behaviour, checklist, guide, mapping, refusal, rich, secret } from './setup-steps.js';
import { lamp } from './events.js';
import { watchAdmin } from './watch.js';

const stages = ['Choose', 'Store the key', 'Set up and watch'];

/** Choose a provider, keep its key, follow its steps, watch it arrive. */
export default async function connect(page, ctx) {
  let end = null;
  const content = h('div', { class: 'stack' });
  const progress = h('ol', { class: 'progress', 'aria-label': 'Progress' });
  const stage = (number) => fill(progress, stages.map((name, index) =>
    h('li', { 'aria-current': index === number ? 'step' : null }, index < number ? icon('check') : null, name)));
  fill(page, heading('Connect a provider', { eyebrow: ctx.directory, sub: 'From here to the first person takes about five minutes.' }), progress, content);
  stage(0);
  if (!ctx.can.write) {
    fill(content, section(null, empty('Only an administrator can connect a provider', 'You are signed in as a viewer. Ask for a key with admin.write, or send an administrator this page’s address.')));
    return null;
  }
  const chosen = ctx.rest[0];
  await load(content, 'the providers', () => docs('providers'), ({ items }) => {
    const provider = items.find((item) => item.name === chosen);
    return provider ? nameForm(provider) : cards(items);
  });

  function cards(items) {
    const list = h('ul', { class: 'cards' });
    const search = text({ type: 'search', placeholder: 'Okta, Entra …' });
    const show = () => {
      const words = search.value.trim().toLowerCase();
      const found = items.filter((item) => item.name !== 'generic' && `${item.title} ${item.name}`.toLowerCase().includes(words));
      fill(list, [...found, ...items.filter((item) => item.name === 'generic')].map(card));
    };
    search.addEventListener('input', show);
    show();
    return [h('div', { class: 'filters' }, field('Your identity provider', search)), list];
  }

  function card(provider) {
    const title = provider.name === 'generic' ? 'Another provider, or your own client' : provider.title;
    return h('li', null, h('button', { class: 'provider', type: 'button', 'data-provider': provider.name, on: { click: () => ctx.go('connect', [provider.name]) } },
      h('span', { class: 'monogram', 'aria-hidden': 'true' }, provider.name === 'generic' ? '…' : title.replace(/^Microsoft /, '').slice(0, 2)),
      h('strong', null, title), h('span', { class: 'features' }, rich(provider.setUp.features))));
  }

  function nameForm(provider) {
    const name = text({ name: 'name', required: true, value: provider.name === 'generic' ? 'SCIM' : provider.title, maxlength: '100' });
    return section(provider.name === 'generic' ? 'Your provider' : provider.title,
      provider.note ? h('p', { class: 'quiet' }, rich(provider.note)) : null,
      form([field('Name of this connection', name, { hint: 'For you and your colleagues. It manages everybody it creates.' })], 'Save', async (values) => {
        const connection = await post(ctx.in('connections'), { name: values.name, provider: provider.name });
        keyStage(provider, connection);
      }, { extra: [h('a', { class: 'button', href: ctx.href('connect') }, 'Back')] }));
  }

  /** The key is shown here and never again. */
  function keyStage(provider, connection) {
    stage(1);
    const stored = h('input', { type: 'checkbox', id: 'stored' });
    const next = button('Continue', () => { if (stored.checked) watchStage(provider, connection); }, { kind: 'primary' });
    next.disabled = true;
    stored.addEventListener('change', () => { next.disabled = !stored.checked; });
    const title = h('h2', { tabindex: '-1' }, 'Base URL and key');
    fill(content, h('section', { class: 'card' }, title,
      h('p', null, `Enter both at ${provider.name === 'generic' ? 'your provider' : provider.title}. The key is shown only now: keep it in your password manager, or leave this page open until you have entered it.`),
      h('div', { class: 'stack' }, h('div', { class: 'field' }, h('span', { class: 'label' }, 'Base URL'), secret(connection.baseURL, 'base URL')),
        h('div', { class: 'field' }, h('span', { class: 'label' }, 'Key'), secret(connection.key, 'key'))),
      h('div', { class: 'check' }, stored, h('label', { for: 'stored' }, 'I have stored the key')), h('div', { class: 'actions' }, next)));
    title.focus();
  }

  function watchStage(provider, connection) {
    stage(2);
    const live = h('span', { class: 'live' }, 'connecting …');
    const refusals = h('div', { class: 'stack' });
    const outcome = h('div', { role: 'status' });
    const list = checklist({ request: (id) => ctx.href('activity', [id]), steps: provider.checkList });
    const title = h('h2', { tabindex: '-1' }, provider.name === 'generic' ? 'At your provider' : `At ${provider.title}`);
    fill(content, h('section', { class: 'card' }, title, guide(provider, { base: connection.baseURL, key: connection.key }),
      provider.note ? h('p', { class: 'quiet small' }, rich(provider.note)) : null, behaviour(provider), mapping(provider)),
      h('section', { class: 'card' }, h('div', { class: 'row spread' }, h('h2', null, 'What has arrived'), live), outcome, list.element, refusals));
    title.focus();
    let wasGreen = false;
    end?.();
    end = watchAdmin(ctx, connection, {
      onState: lamp(live, 'watching its requests'),
      onRefusal: (entry) => { refusals.prepend(refusal(entry, ctx.href('activity', [entry.id]))); while (refusals.children.length > 3) refusals.lastElementChild.remove(); },
      onConnection: (now) => {
        if (!list.show(now.steps) || wasGreen) return;
        wasGreen = true;
        fill(outcome, h('div', { class: 'note good' }, icon('check'), h('div', null, h('p', { class: 'problem-title' }, `${connection.name} is connected`),
          h('p', null, provider.checkList.includes('userCreated') ? 'The first person has arrived. Assign the others, then map groups to roles.' : 'Its test has arrived.'),
          h('div', { class: 'actions' }, h('a', { class: 'button', href: ctx.href('people') }, 'See people'), h('a', { class: 'button', href: ctx.href('access') }, 'Map access')))));
      },
    });
  }

  return () => end?.();
}
