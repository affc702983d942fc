// The set-up room: one connection, its values, its steps, what has arrived. For somebody who has a link and no account.
import { h, fill } from './dom.js';
import { icon } from './icons.js';
import { docs, send } from './http.js';
import { brand } from './signin.js';
import { button, problem } from './parts.js';
import { relative } from './time.js';
import { behaviour, checklist, guide, mapping, refusal, rich, secret } from './setup-steps.js';
import { lamp } from './events.js';
import { watchConnection } from './watch.js';

const api = (path, options) => send(`setup/${path}`, options);

function room(...content) {
  fill(document.body, h('main', { class: 'room' }, h('div', { class: 'row' }, h('span', { class: 'brand' }, brand().firstChild, 'scimd')), content));
}

/** The secret leaves the address before anything else sees it, and stays in this tab for a reload. */
function takeSecret() {
  const fragment = location.hash.slice(1);
  if (fragment) history.replaceState(null, '', location.pathname);
  return fragment || null;
}

async function start() {
  const given = takeSecret();
  if (given) { welcome(given); return; }
  try {
    open(await api('api/link'));
  } catch (error) {
    stopped(error);
  }
}

/** A mail scanner that opens the page does not open the link: that takes a click. */
function welcome(given) {
  const trouble = h('div');
  room(h('section', { class: 'card' }, h('h1', { tabindex: '-1' }, 'Set up provisioning'),
    h('p', null, 'This page leads you through the set-up at your identity provider, and shows when the first person has arrived. You need no account.'),
    trouble,
    h('div', { class: 'actions' }, button('Begin', async () => {
      try { open(await api('session', { method: 'POST', body: { secret: given } })); } catch (error) { stopped(error); }
    }, { kind: 'primary' }))));
}

function stopped(error) {
  room(h('section', { class: 'card' }, h('h1', { tabindex: '-1' }, 'This link does not work'), problem(error)));
}

async function open(link) {
  let connection;
  let providers;
  try {
    [connection, providers] = await Promise.all([api('api/connection'), docs('providers')]);
  } catch (error) {
    stopped(error);
    return;
  }
  const provider = providers.items.find((item) => item.name === connection.provider) ?? providers.items[0];
  const name = provider.name === 'generic' ? 'your provider' : provider.title;
  const values = { base: connection.baseURL };
  const steps = h('div', null, guide(provider, values));
  const keyBox = h('div', { class: 'stack' });
  const live = h('span', { class: 'live' }, 'connecting …');
  const outcome = h('div', { role: 'status' });
  const refusals = h('div', { class: 'stack' });
  const list = checklist({ steps: provider.checkList });
  const title = h('h1', { tabindex: '-1' }, `Connect ${name}`);
  document.title = `Connect ${name}`;
  room(h('header', null, title, h('p', { class: 'sub' }, `This page ends ${relative(link.expires)}, or a day after everything works.`)),
    h('section', { class: 'card' }, h('h2', null, 'Base URL and key'),
      h('div', { class: 'field' }, h('span', { class: 'label' }, 'Base URL'), secret(connection.baseURL, 'base URL')), keyBox),
    h('section', { class: 'card' }, h('h2', null, provider.name === 'generic' ? 'At your provider' : `At ${provider.title}`), steps,
      provider.note ? h('p', { class: 'quiet small' }, rich(provider.note)) : null, behaviour(provider), mapping(provider)),
    h('section', { class: 'card' }, h('div', { class: 'row spread' }, h('h2', null, 'What has arrived'), live), outcome, list.element, refusals));
  title.focus();
  showKey(link.madeKey);

  function showKey(isMade) {
    if (isMade) {
      fill(keyBox, h('p', { class: 'quiet' }, 'The key of this link was made and shown once. If it is lost, ask the person who sent you the link for a new link.'));
      return;
    }
    const trouble = h('div');
    fill(keyBox, h('p', null, 'You can make one key. It is shown once: enter it at the provider, or keep it in your password manager.'), trouble,
      h('div', { class: 'actions' }, button('Make the key', async () => {
        try {
          const made = await api('api/key', { method: 'POST' });
          values.key = made.key;
          fill(keyBox, h('div', { class: 'field' }, h('span', { class: 'label' }, 'Key'), secret(made.key, 'key')),
            h('p', { class: 'quiet small' }, 'Shown only now. It is gone when you leave or reload this page.'));
          fill(steps, guide(provider, values));
        } catch (error) {
          fill(trouble, problem(error));
        }
      }, { kind: 'primary' })));
  }

  let wasGreen = false;
  const end = watchConnection({
    stream: 'setup/api/watch',
    read: async (what, id) => {
      try { return await api(what === 'connection' ? 'api/connection' : `api/requests/${encodeURIComponent(id)}`); } catch (error) {
        if (error.status === 401) { end(); stopped(error); }
        throw error;
      }
    },
    isOurs: () => true,
    onState: lamp(live, 'watching its requests'),
    onRefusal: (entry) => { refusals.prepend(refusal(entry)); while (refusals.children.length > 3) refusals.lastElementChild.remove(); },
    onConnection: (now) => {
      if (!list.show(now.steps) || wasGreen) return;
      wasGreen = true;
      fill(outcome, h('div', { class: 'note good' }, icon('check'), h('div', null, h('p', { class: 'problem-title' }, 'It works'),
        h('p', null, provider.checkList.includes('userCreated') ? 'The first person has arrived. Assign the others; there is nothing left to do here.' : 'Its test has arrived; there is nothing left to do here.'))));
    },
  });
}

window.addEventListener('hashchange', start);
start();
