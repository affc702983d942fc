import { h, fill } from './dom.js';
import { form, field, text } from './forms.js';
import { signIn } from './session.js';
import { problem } from './parts.js';

export function brand(href = '#/') {
  const image = new URL('icon.svg', import.meta.url).pathname;
  return h('a', { class: 'brand', href }, h('img', { src: image, alt: '' }), 'scimd');
}

/** Asks for an admin key. `onDone` gets the session; `trouble` is why a link did not work. */
export function signInForm(onDone, trouble) {
  const key = text({ type: 'password', name: 'key', required: true, placeholder: 'scim_…', autocomplete: 'off' });
  return h('div', { class: 'stack' },
    trouble ? problem(trouble) : null,
    form([field('Admin key', key, { hint: 'A key with the scope admin.read or admin.write. It is sent once and not kept in this browser.' })],
      'Sign in', async (values) => {
        const session = await signIn({ key: values.key });
        key.value = '';
        onDone(session);
      }),
    h('p', { class: 'quiet small' }, 'On the server’s machine you need no key: ', h('code', null, 'scimd console'), ' prints a link that signs you in.'));
}

/** The whole window, when nobody is signed in. */
export function gate(onDone, trouble) {
  const page = h('main', { class: 'gate' }, h('div', { class: 'card' }, brand(), h('h1', { tabindex: '-1' }, 'Sign in'), signInForm(onDone, trouble)));
  fill(document.body, page);
  document.title = 'Sign in · scimd';
  (page.querySelector('input') ?? page.querySelector('h1')).focus();
}
