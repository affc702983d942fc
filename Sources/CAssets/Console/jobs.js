// Acts on many people, which go on in small steps.
import { h } from './dom.js';
import { get, post } from './http.js';
import { table } from './table.js';
import { time } from './time.js';
import { confirm } from './dialog.js';
import { button, empty, state, wordsOf } from './parts.js';

const tones = { running: 'warn', finished: 'good', failed: 'bad', cancelled: 'plain' };

export function jobs(ctx) {
  let isRunning = false;
  const list = table({
    label: 'Jobs',
    columns: [
      { title: 'Job', cell: (job) => wordsOf(job.kind) },
      { title: 'What', cell: (job) => job.targetName },
      { title: 'State', cell: (job) => state(job.state, tones[job.state]) },
      { title: 'Progress', cell: (job) => progress(job) },
      { title: 'Began', cell: (job) => time(job.created) },
      { title: 'Ended', cell: (job) => (job.ended ? time(job.ended) : 'not yet') },
      ...(ctx.can.write ? [{ title: '', class: 'end', cell: (job) => (job.state !== 'running' ? '' : button('Cancel', async () => {
        if (await confirm('Cancel this job?', 'Steps that were made stay, except those of a draft, which are undone.', 'Cancel the job', () => post(ctx.in('jobs', job.id, 'cancel')))) list.reload();
      }, { kind: 'plain' })) }] : []),
    ],
    fetchPage: async (cursor) => {
      const page = await get(ctx.in('jobs'), { cursor });
      isRunning = page.items.some((job) => job.state === 'running');
      return page;
    },
    none: () => empty('No jobs', 'What touches more than 2,000 people or grants, such as a large import, goes on as a job and is listed here.'),
  });
  const timer = setInterval(() => { if (isRunning && !document.hidden) list.reload(); }, 3000);
  return { list, end: () => clearInterval(timer) };
}

function progress(job) {
  const text = `${job.done.toLocaleString('en')} of ${job.total.toLocaleString('en')}`;
  return h('div', null, h('progress', { max: String(Math.max(job.total, 1)), value: job.done, 'aria-label': text }), h('div', { class: 'small quiet' }, text, job.error ? ` · ${job.error}` : ''));
}
