import { h } from './dom.js';

const units = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];
const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** Such as "3 minutes ago" or "in 80 days". */
export function relative(text, now = Date.now()) {
  const seconds = Math.round((Date.parse(text) - now) / 1000);
  if (Number.isNaN(seconds)) return text;
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size || unit === 'second') return words.format(Math.trunc(seconds / size), unit);
  }
  return text;
}

/** Local date and time. */
export function local(text) {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? text
    : date.toLocaleString('en', { dateStyle: 'medium', timeStyle: 'medium' });
}

/** A time that keeps up with the clock; its title is the exact one. */
export function time(text) {
  if (!text) return h('span', { class: 'quiet' }, 'never');
  return h('time', { datetime: text, title: `${local(text)} (${text})` }, relative(text));
}

/** Only the time of the day, for lists in which everything is recent. */
export function clock(text) {
  const date = new Date(text);
  const isToday = date.toDateString() === new Date().toDateString();
  const shown = isToday ? date.toLocaleTimeString('en', { hour12: false })
    : date.toLocaleString('en', { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false });
  return h('time', { datetime: text, title: text }, shown);
}

setInterval(() => {
  for (const element of document.querySelectorAll('time[title*="("]')) {
    element.textContent = relative(element.getAttribute('datetime'));
  }
}, 15000);
