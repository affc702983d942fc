// Server-sent events that come back: after an interruption with growing pauses, and never for a page that is gone.

/** Shows on an element whether a stream is live, in these words; `onBack` is called when it is again. */
export function lamp(element, words, onBack = () => {}) {
  let wasAway = false;
  return (state) => {
    const isLive = state === 'live';
    element.classList.toggle('on', isLive);
    element.textContent = isLive ? words : 'the server is away, trying again …';
    if (isLive && wasAway) onBack();
    wasAway = !isLive;
  };
}

/**
 * Follows a stream. `onItem` gets the JSON of each event whose name is in `types`, `onState` gets 'live' or 'waiting'.
 * Returns a function that ends it.
 */
export function follow(path, { onItem, onState = () => {}, types = ['request'], base = '../' }) {
  let source = null;
  let timer = null;
  let isDone = false;
  let pause = 500;

  function open() {
    source = new EventSource(base + path);
    source.onopen = () => { pause = 500; onState('live'); };
    for (const type of types) source.addEventListener(type, receive);
    source.onerror = () => {
      onState('waiting');
      source.close();
      if (isDone) return;
      clearTimeout(timer);
      timer = setTimeout(open, pause);
      pause = Math.min(pause * 2, 15000);
    };
  }

  function receive(event) {
    let item;
    try { item = JSON.parse(event.data); } catch { return; }
    onItem(item);
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
