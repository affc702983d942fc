import { h, fill } from './dom.js';
import { icon } from './icons.js';
import { all, get, sessionEnded } from './http.js';
import { current, signIn, signOut } from './session.js';
import { brand, gate, signInForm } from './signin.js';
import { parse, to } from './router.js';
import { choice } from './forms.js';
import { dialog } from './dialog.js';
import { button, heading, empty, problem } from './parts.js';

/** Each page is fetched when it is opened first. */
const pages = {
  overview: ['Overview', () => import('./page-overview.js')], connections: ['Connections', () => import('./page-connections.js')],
  connect: ['Connect', () => import('./page-connect.js')], people: ['People', () => import('./page-people.js')],
  groups: ['Groups', () => import('./page-groups.js')], access: ['Access', () => import('./page-access.js')],
  activity: ['Activity', () => import('./page-activity.js')], keys: ['Keys', () => import('./page-keys.js')],
  events: ['Events', () => import('./page-events.js')], settings: ['Settings', () => import('./page-settings.js')],
  docs: ['Docs', () => import('./page-docs.js')],
};
const person = () => import('./page-person.js');
const menu = ['overview', 'connections', 'people', 'groups', 'access', 'activity', 'keys', 'events', 'settings', 'docs'];

/** What every page gets. */
const state = { session: null, directory: null, directories: [] };
let leave = null;
let main = null;

const can = {
  get write() { return state.session.scopes.includes('admin.write'); },
  get everywhere() { return !state.session.directory; },
};

/** Takes a secret out of the address before anything else sees it. */
function takeSecret() {
  const fragment = location.hash.slice(1);
  if (!fragment || fragment.startsWith('/')) return null;
  history.replaceState(null, '', location.pathname);
  return fragment;
}

async function start() {
  const secret = takeSecret();
  let trouble = null;
  if (secret) {
    try {
      state.session = await signIn({ secret });
    } catch (error) {
      trouble = error;
    }
  }
  try {
    state.session ??= await current();
  } catch (error) {
    fill(document.body, h('main', { class: 'gate' }, h('div', { class: 'card' }, brand(), problem(error, start))));
    return;
  }
  if (state.session) await begin();
  else gate((session) => { state.session = session; begin(); }, trouble);
}

async function begin() {
  try {
    state.directories = state.session.directory ? [await get(['directories', state.session.directory])] : await all(['directories']);
  } catch (error) {
    if (error.code !== 'sessionEnded') fill(document.body, h('main', { class: 'gate' }, h('div', { class: 'card' }, brand(), problem(error, begin))));
    return;
  }
  frame();
  await show(true);
}

/** The parts around the page: navigation, directory, who is signed in. */
function frame() {
  main = h('main', { class: 'main', id: 'main' });
  fill(document.body,
    h('a', { class: 'skip button', href: '#main', on: { click: (event) => { event.preventDefault(); main.querySelector('h1')?.focus(); } } }, 'Skip to the page'),
    h('div', { class: 'frame' },
      h('header', { class: 'side' },
        h('div', { class: 'side-top' }, brand()),
        h('nav', { 'aria-label': 'Pages' }, h('ul', null, menu.map((name) =>
          h('li', null, h('a', { 'data-page': name, href: '#/' }, icon(name), pages[name][0]))))),
        h('div', { class: 'side-foot' }, directoryChoice(), identity())),
      main));
}

function directoryChoice() {
  if (state.directories.length < 2) return null;
  const select = choice(state.directories.map((directory) => [directory.name, directory.displayName ?? directory.name]));
  select.setAttribute('aria-label', 'Directory');
  select.id = 'directory';
  select.addEventListener('change', () => {
    const { page } = parse();
    location.hash = to(select.value, page);
  });
  return select;
}

function identity() {
  return h('div', { class: 'row spread' },
    h('span', null, state.session.by, can.write ? null : h('span', { class: 'quiet' }, ' · viewer')),
    button('Sign out', async () => {
      await signOut();
      location.assign(location.pathname);
    }, { kind: 'plain', symbol: 'out' }));
}

/** Shows the page of the address. */
async function show(isFirst = false) {
  if (!main) return;
  const { directory, page, rest, query } = parse();
  const known = state.directories.find((item) => item.name === directory);
  const fallback = state.directories[0]?.name;
  if (!known) {
    if (!fallback) { noDirectory(); return; }
    if (directory && directory !== fallback) { unknown(`The directory “${directory}”`); return; }
    history.replaceState(null, '', to(fallback, directory ? page : 'overview', rest));
  }
  state.directory = known?.name ?? fallback;
  leave?.();
  leave = null;
  const name = page in pages ? page : null;
  for (const item of document.querySelectorAll('[data-page]')) {
    item.href = to(state.directory, item.dataset.page);
    const isHere = item.dataset.page === name || (name === 'connect' && item.dataset.page === 'connections');
    if (isHere) item.setAttribute('aria-current', 'page');
    else item.removeAttribute('aria-current');
  }
  const select = document.querySelector('#directory');
  if (select) select.value = state.directory;
  showPlace();
  if (!name) { unknown('The page'); return; }
  const [title, fetchPage] = pages[name];
  const content = h('div', { class: 'page' });
  fill(main, content);
  document.title = `${title} · scimd`;
  const build = await (name === 'people' && rest.length ? person : fetchPage)().then((module) => module.default, () => outdated);
  // Another page was opened meanwhile.
  if (!content.isConnected) return;
  const ending = await build(content, context(rest, query));
  if (typeof ending === 'function') {
    if (content.isConnected) leave = ending;
    else ending();
  }
  if (!isFirst) {
    window.scrollTo(0, 0);
    main.querySelector('h1')?.focus({ preventScroll: true });
  }
}

/** A server of another version has other files. */
function outdated(page) {
  fill(page, heading('This page could not be loaded'), empty('The server is away, or has another version now',
    'Reload to go on; your session and this address stay.', button('Reload', () => location.reload(), { kind: 'primary' })));
}

/** On a narrow screen the navigation scrolls sideways: the current page is in its middle. */
function showPlace() {
  const item = document.querySelector('[data-page][aria-current]');
  const bar = item?.closest('nav');
  if (bar) bar.scrollLeft = item.offsetLeft - (bar.clientWidth - item.offsetWidth) / 2;
}

function context(rest, query) {
  const { directory } = state;
  return {
    directory, rest, query, can, session: state.session,
    in: (...segments) => ['directories', directory, ...segments],
    href: (page, more, filters) => to(directory, page, more, filters),
    go: (page, more, filters) => { location.hash = to(directory, page, more, filters); },
    again: () => show(),
    directories: state.directories,
  };
}

function unknown(what) {
  leave?.();
  leave = null;
  fill(main, h('div', { class: 'page' }, heading('Nothing here'), empty(`${what} does not exist`,
    'It may have been renamed or deleted, or you may not be allowed to see it.',
    h('a', { class: 'button', href: '#/' }, 'Go to the overview'))));
}

function noDirectory() {
  fill(main, h('div', { class: 'page' }, heading('No directory yet'), empty('There is no directory',
    'A directory holds the people of one company. Create one with `scimd directory create NAME`, then reload this page.')));
}

/** The session ended while a page was open: signing in again keeps the page. */
let isAsking = false;
sessionEnded.addEventListener('ended', async () => {
  if (isAsking || !main) return;
  isAsking = true;
  const session = await dialog('The session has ended', (close) => ({
    body: [h('p', null, 'Sign in again to go on where you were. Nothing you see here was lost.'), signInForm(close)], buttons: [],
  }), { canDismiss: false });
  isAsking = false;
  state.session = session;
  await begin();
});

window.addEventListener('resize', showPlace);
window.addEventListener('hashchange', () => {
  const secret = takeSecret();
  if (secret) { signIn({ secret }).then((session) => { state.session = session; begin(); }, () => start()); return; }
  show();
});

start();
