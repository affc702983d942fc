// Server-sent events that come back: after an interruption with growing pauses, and never for a page that is gone.

/**
 * Follows a stream. `onItem` gets each event's JSON, `onState` gets 'live' or 'waiting'.
 * Returns a function that ends it.
 */
export function follow(path, { onItem, onState = () => {}, base = '../' }) {
  let source = null;
  let timer = null;
  let isDone = false;
  let pause = 500;

  function open() {
    source = new EventSource(base + path);
    source.onopen = () => { pause = 500; onState('live'); };
    source.addEventListener('request', (event) => {
      let item;
      try { item = JSON.parse(event.data); } catch { return; }
      onItem(item);
    });
    source.onerror = () => {
      onState('waiting');
      source.close();
      if (isDone) return;
      clearTimeout(timer);
      timer = setTimeout(open, pause);
      pause = Math.min(pause * 2, 15000);
    };
  }

  function end() {
    isDone = true;
    clearTimeout(timer);
    source?.close();
  }

  open();
  window.addEventListener('pagehide', end, { once: true });
  return end;
}
