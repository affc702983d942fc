// What can happen, as the feed names it; a test compares it with the server's table.
export const eventTypes = [
  'user.created', 'user.updated', 'user.deactivated', 'user.reactivated', 'user.deleted', 'user.restored', 'user.erased',
  'group.created', 'group.updated', 'group.deleted', 'group.restored', 'group.erased', 'group.member_added', 'group.member_removed',
  'resource.created', 'resource.updated', 'resource.deleted', 'resource.restored', 'resource.erased',
  'access.granted', 'access.updated', 'access.revoked', 'access.expired',
  'connection.created', 'connection.updated', 'connection.paused', 'connection.resumed', 'connection.removed', 'connection.taken_over',
  'key.created', 'key.updated', 'key.rotated', 'key.revoked', 'key.expiring', 'key.expired', 'link.created', 'link.used', 'link.revoked',
  'role.created', 'role.updated', 'role.deleted', 'draft.applied', 'draft.rolled_back',
  'review.opened', 'review.due', 'review.closed', 'job.finished', 'job.failed', 'leaver.late', 'webhook.disabled', 'stream.disabled',
  'directory.policies_changed',
];

const nouns = { user: 'People', group: 'Groups', access: 'Access' };
const starting = (noun) => eventTypes.filter((type) => type.startsWith(`${noun}.`));

/** Selections that people ask for, as [types with commas between them, words]. */
export const selections = [
  ['', 'All events'], ['user.deactivated,user.deleted,user.erased', 'Leavers'],
  ...Object.entries(nouns).map(([noun, words]) => [starting(noun).join(','), words]),
  [eventTypes.filter((type) => !(type.split('.')[0] in nouns)).join(','), 'Administration and others'],
];
