import type { Chapter, Operation } from './operation.ts'
import {
  anyObject,
  flag,
  list,
  object,
  oneOf,
  parts,
  ref,
  said,
  text,
  usually,
  whole,
} from './schema.ts'

const world = '/simulator/worlds/{world}'
const failures = list(ref('PlannedFailure'))
const oneOrComing = parts({
  id: said(text, 'One that is made already; without it, coming ones.'),
  type: text,
  uId: text,
  nth: usually(whole, 1),
  count: usually(whole, 1),
})

function stopping(verb: 'hold' | 'drop', summary: string): Operation {
  return {
    method: 'POST',
    path: `${world}/notifications/${verb}`,
    summary,
    body: oneOrComing,
    example: { type: 'ASSET_COUNT' },
    status: 201,
    answer: ref('NotificationRule'),
  }
}

/** Faults, walk scripts and event scripts are listed, added and removed alike. */
function kept(
  folder: 'faults' | 'walk-scripts' | 'event-scripts',
  rule: { name: string; plural: string; schema: string },
  add: Pick<Operation, 'summary' | 'more' | 'body'> & {
    example: { id: string; [member: string]: unknown }
  },
): Operation[] {
  const answer = ref(rule.schema)
  const path = `${world}/${folder}`
  return [
    {
      method: 'GET',
      path,
      summary: `All ${rule.name}s`,
      answer: object({ [rule.plural]: list(answer) }),
    },
    { method: 'POST', path, ...add, status: 201, answer },
    {
      method: 'DELETE',
      path: `${path}/{id}`,
      summary: `Remove one ${rule.name}`,
      params: { id: add.example.id },
      status: 204,
    },
  ]
}

const faults = kept(
  'faults',
  { name: 'fault', plural: 'faults', schema: 'Fault' },
  {
    summary: 'Script a fault',
    body: ref('NewFault'),
    example: {
      id: 'f1',
      match: { method: 'GET', path: '/mdm/v2/assets' },
      nth: 2,
      action: { status: 503, errorNumber: 9729, retryAfter: '7' },
    },
  },
)

const walkScripts = kept(
  'walk-scripts',
  { name: 'walk script', plural: 'walkScripts', schema: 'WalkScript' },
  {
    summary: 'Change a location right before a page is answered',
    more: 'A write is the body of its control call plus its kind in `write`: associate, disassociate, createUsers, updateUsers, retireUsers, buy, refund, mdmInfo, acceptInvite.',
    body: object({
      'id?': text,
      endpoint: oneOf('assets', 'assignments', 'users'),
      beforePage: whole,
      'uId?': text,
      writes: list(anyObject),
    }),
    example: {
      id: 'w1',
      endpoint: 'assignments',
      beforePage: 1,
      writes: [{ write: 'buy', adamId: '9000000001', quantity: 1 }],
    },
  },
)

const eventScripts = kept(
  'event-scripts',
  { name: 'event script', plural: 'eventScripts', schema: 'EventScript' },
  {
    summary: 'Say how coming events go',
    body: parts({
      id: text,
      match: ref('Match'),
      nth: usually(whole, 1),
      count: usually(whole, 1),
      outcome: oneOf('COMPLETE', 'FAILED', 'PENDING'),
      delaySeconds: whole,
      stuckAfter: said(whole, 'Of a PENDING one: so many items are done, then no more.'),
      failures,
    }),
    example: { id: 'e1', outcome: 'FAILED', failures: [{ errorNumber: 9709, take: 1 }] },
  },
)

export const scriptChapter: Chapter = {
  name: 'scripts',
  about: 'What goes wrong, what changes in the middle of a walk, how events end.',
  security: 'controlKey',
  operations: [
    ...faults,
    ...walkScripts,
    {
      method: 'GET',
      path: `${world}/events`,
      summary: 'All events, oldest first',
      answer: object({ events: list(ref('Event')) }),
    },
    {
      method: 'POST',
      path: `${world}/events/{eventId}/finish`,
      summary: 'End a pending event now',
      params: { eventId: 'e0000000-0000-4000-8000-000000000001' },
      body: parts({ outcome: oneOf('COMPLETE', 'FAILED'), failures }),
      example: { outcome: 'COMPLETE' },
      answer: ref('Event'),
    },
    ...eventScripts,
  ],
}

export const notificationChapter: Chapter = {
  name: 'notifications',
  about: 'Messages to the notification URLs of locations.',
  security: 'controlKey',
  operations: [
    {
      method: 'GET',
      path: `${world}/notifications`,
      summary: 'All messages and what became of them',
      answer: object({
        notifications: list(ref('Notification')),
        rules: list(ref('NotificationRule')),
      }),
    },
    {
      method: 'POST',
      path: `${world}/notifications/send`,
      summary: 'Send any message',
      body: object({ 'uId?': text, type: text, 'body?': anyObject }),
      example: { type: 'TEST_NOTIFICATION', body: {} },
      status: 201,
      answer: object({ notificationId: text }),
    },
    {
      method: 'POST',
      path: `${world}/notifications/redeliver`,
      summary: 'Deliver a message once more, or one that was held',
      body: object({ id: text }),
      example: { id: 'b0000000-0000-4000-8000-000000000001' },
      answer: object({ notificationId: text }),
    },
    stopping('hold', 'Keep a message back, or coming ones'),
    stopping('drop', 'Lose a message, or coming ones'),
    {
      method: 'DELETE',
      path: `${world}/notifications/rules`,
      summary: 'Hold and drop no more coming ones',
      status: 204,
    },
  ],
}

export const journalChapter: Chapter = {
  name: 'journal',
  about: 'What the data plane was asked and answered, and rules to judge it by.',
  security: 'controlKey',
  operations: [
    {
      method: 'GET',
      path: `${world}/journal`,
      summary: 'All records, or those after one',
      query: { since: said(whole, 'seq of a record') },
      answer: object({ entries: list(ref('JournalEntry')) }),
    },
    {
      method: 'DELETE',
      path: `${world}/journal`,
      summary: 'Begin an empty journal',
      status: 204,
    },
    {
      method: 'POST',
      path: `${world}/journal/assert`,
      summary: 'Judge the journal',
      more: 'Each element names its rule in `assert`; the README lists them with their members. `clock` measures by real or virtual time.',
      body: list({
        type: 'object',
        properties: { assert: text, clock: oneOf('real', 'virtual') },
        required: ['assert'],
      }),
      example: [{ assert: 'noSecretInUrl' }, { assert: 'requestCount', n: 0 }],
      answer: list(object({ assert: text, ok: flag, detail: text, seqs: list(whole) })),
    },
  ],
}
