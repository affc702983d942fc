import { h, fill, uid } from './dom.js';
import { button, problem } from './parts.js';

/**
 * A dialog with a title. `build(close)` returns its content and its buttons: {body, buttons}. Resolves with what
 * `close` was called with; undefined if it was dismissed.
 */
export function dialog(title, build, { canDismiss = true, wide = false } = {}) {
  return new Promise((resolve) => {
    const id = uid('dialog');
    const returnTo = document.activeElement;
    const element = h('dialog', { 'aria-labelledby': id, class: wide ? 'wide' : null });
    let result;
    const close = (outcome) => { result = outcome; element.close(); };
    const { body, buttons } = build(close);
    fill(element, h('h2', { id }, title), h('div', { class: 'dialog-body' }, body),
      h('div', { class: 'actions dialog-actions' }, buttons));
    element.addEventListener('cancel', (event) => { if (!canDismiss) event.preventDefault(); });
    element.addEventListener('close', () => {
      element.remove();
      if (returnTo?.isConnected) returnTo.focus();
      resolve(result);
    });
    document.body.append(element);
    element.showModal();
  });
}

/**
 * Asks before something that has consequences; `act` does it, and its refusal is shown in the dialog. Resolves with
 * true when it is done. `act(true)` is called if the server asked to be sure, and the button was pressed again.
 */
export function confirm(title, text, verb, act, { kind = 'danger', content } = {}) {
  return dialog(title, (close) => {
    const trouble = h('div');
    let isForced;
    return {
      body: [h('p', null, text), content ?? null, trouble],
      buttons: [
        button('Cancel', () => close(false)),
        button(verb, async (pressed) => {
          try {
            await act(isForced);
            close(true);
          } catch (error) {
            if (error.code === 'needsForce') {
              isForced = true;
              pressed.textContent = `${verb} anyway`;
              delete error.fix;
            }
            fill(trouble, problem(error));
          }
        }, { kind }),
      ],
    };
  });
}
