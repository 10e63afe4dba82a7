import { allowedValues, switchNames } from '../world/switches.ts'
import { assetMembers, limitMembers } from './apple-objects.ts'
import {
  anyObject,
  anything,
  flag,
  instant,
  list,
  nullable,
  object,
  oneOf,
  parts,
  ref,
  type Schema,
  said,
  text,
  whole,
} from './schema.ts'

const switchMembers = Object.fromEntries(
  switchNames.map((name) => {
    const allowed = allowedValues(name)
    return [name, Array.isArray(allowed) ? oneOf(...allowed) : whole]
  }),
)

const settingMembers = {
  pageSizes: object({ assets: whole, assignments: whole, users: whole }),
  limits: object({ ...limitMembers, maxRequestPerSecond: whole }),
  eventDelaySeconds: said(whole, 'Virtual time from the acceptance of an event to its end.'),
  latencyMs: said(whole, 'Real time added to every data call.'),
  refuseOverParallel: said(flag, 'Refuse a sixth call in flight instead of just recording it.'),
  allowHttpNotificationUrl: flag,
  notificationCa: nullable(said(text, 'PEM to trust for notification URLs.')),
}

export const libraryMembers = {
  uId: text,
  orgName: text,
  locationName: text,
  country: text,
  defaultPlatform: oneOf('enterprisestore', 'volumestore'),
  websiteURL: text,
  mdmInfo: nullable(ref('MdmInfo')),
  versionIds: object({ assets: text, assignments: text, users: text }),
}

const match = parts({
  method: text,
  path: said(text, 'May end in *.'),
  uId: text,
  query: { type: 'object', additionalProperties: text },
  bodyIncludes: text,
})

const faultAction = {
  status: whole,
  errorNumber: whole,
  retryAfter: said({ type: ['string', 'integer'] }, 'Seconds, or a date as text.'),
  delayMs: whole,
  cut: oneOf('none', 'beforeHeaders', 'midBody'),
  truncateAt: whole,
  headers: { type: 'object', additionalProperties: text },
  body: said(anything, 'Text as it stands, anything else as JSON.'),
  applyEffect: said(flag, 'The real thing happens first, then its answer is lost.'),
}

const shownAction = Object.fromEntries(
  Object.entries(faultAction).map(([name, schema]) => [name, nullable(schema)]),
)

const plannedFailure = { errorNumber: whole, 'take?': { type: ['integer', 'array', 'null'] } }

/** Objects of the control plane by name. */
export const controlObjects: Record<string, Schema> = {
  Problem: object({ error: said(text, 'What, why, and what to do.') }),
  Switches: object(switchMembers),
  SwitchChanges: parts(switchMembers),
  Settings: object(settingMembers),
  SettingChanges: parts({
    ...settingMembers,
    pageSizes: parts({ assets: whole, assignments: whole, users: whole }),
    limits: parts({ ...limitMembers, maxRequestPerSecond: whole }),
  }),
  Library: object(libraryMembers),
  Token: object({
    tokenId: text,
    uId: text,
    account: text,
    displayName: text,
    file: said(text, 'Content of the .vpptoken file: the credential.'),
    fingerprint: text,
    state: oneOf('valid', 'expired', 'revoked', 'unknown', 'legacy', 'deadAccount'),
    expiresAt: instant,
    rights: oneOf('full', 'read-only'),
    managesSubscriptions: flag,
    promisedState: said(text, 'What a manager that claimed nothing is going to see.'),
    promisedReason: text,
  }),
  Truth: object({
    ...libraryMembers,
    assets: list(object({ ...assetMembers, unlimited: flag })),
    assignmentCount: whole,
    assignments: list(ref('Assignment')),
    'currentPageIndex?': whole,
    'nextPageIndex?': whole,
    'totalPages?': whole,
    users: list(ref('User')),
    notificationUrl: nullable(text),
    subscribedNotificationTypes: list(text),
  }),
  Match: said(match, 'Every given part has to fit.'),
  NewFault: object({
    'id?': text,
    'match?': ref('Match'),
    'nth?': whole,
    'count?': said(whole, 'Calls it meets from the nth on; 0 for ever.'),
    action: parts(faultAction),
  }),
  Fault: object({
    id: text,
    match: ref('Match'),
    nth: whole,
    count: whole,
    seen: whole,
    action: object(shownAction),
  }),
  WalkScript: object({
    id: text,
    endpoint: oneOf('assets', 'assignments', 'users'),
    beforePage: whole,
    uId: nullable(text),
    writeCount: whole,
    hasRun: flag,
  }),
  PlannedFailure: object(plannedFailure),
  EventScript: object({
    id: text,
    match: ref('Match'),
    nth: whole,
    count: whole,
    seen: whole,
    outcome: oneOf('COMPLETE', 'FAILED', 'PENDING'),
    delaySeconds: nullable(whole),
    stuckAfter: whole,
    failures: list(ref('PlannedFailure')),
  }),
  Event: object({
    eventId: text,
    uId: text,
    eventType: text,
    eventStatus: oneOf('PENDING', 'COMPLETE', 'FAILED'),
    numRequested: whole,
    numCompleted: whole,
    failures: list(ref('ErrorResponse')),
    acceptedAt: instant,
    endsAt: nullable(instant),
    scriptId: nullable(text),
  }),
  Notification: object({
    notificationId: text,
    uId: text,
    type: text,
    body: anyObject,
    standing: oneOf('waiting', 'held', 'dropped', 'delivered', 'failed', 'noTarget'),
    nextTryAt: nullable(instant),
    tries: list(object({ at: instant, realAt: instant, status: nullable(whole) })),
  }),
  NotificationRule: object({
    action: oneOf('hold', 'drop'),
    type: nullable(text),
    uId: nullable(text),
    nth: whole,
    count: whole,
    seen: whole,
  }),
  JournalEntry: object({
    seq: whole,
    realStart: instant,
    realEnd: nullable(instant),
    virtualStart: instant,
    virtualEnd: nullable(instant),
    world: text,
    uId: nullable(text),
    tokenFingerprint: nullable(text),
    credential: oneOf('none', 'malformed', 'verbatim', 'reencoded', 'foreign'),
    method: text,
    path: text,
    query: {
      type: 'object',
      additionalProperties: said(
        { type: ['string', 'array'] },
        'A list where a name came more than once.',
      ),
    },
    body: anything,
    status: nullable(whole),
    errorNumber: nullable(whole),
    retryAfter: nullable(text),
    page: nullable(anyObject),
    ruleId: nullable(text),
    effect: nullable(text),
    eventId: nullable(text),
    inFlight: whole,
    secretInUrl: flag,
    isBroken: flag,
  }),
  CatalogEntry: object({
    adamId: text,
    data: anyObject,
    mac: anyObject,
    countries: anyObject,
    leaveOut: list(text),
    custom: flag,
    sold: flag,
    artworkSource: oneOf('example', 'simulator'),
    artworkShape: oneOf('object', 'list'),
  }),
}
