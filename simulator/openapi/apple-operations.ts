import { commonMembers, limitMembers, pagingMembers } from './apple-objects.ts'
import type { Chapter, Operation } from './operation.ts'
import { flag, list, object, oneOf, parts, ref, type Schema, said, text, whole } from './schema.ts'

const base = '/mdm/v2'
const pageIndex = said(whole, 'Counts from 0, which is also what a missing one means.')
const since = said(
  text,
  'The versionId of the first page of an earlier walk: only what came since.',
)

const configAnswer = object({
  countryISO2ACode: text,
  defaultPlatform: oneOf('enterprisestore', 'volumestore'),
  locationName: text,
  websiteURL: text,
  'notificationUrl?': text,
  'notificationAuthToken?': text,
  subscribedNotificationTypes: list(text),
  ...commonMembers,
})

const pairsBody = object({
  assets: list(ref('AssetKey')),
  'clientUserIds?': list(text),
  'serialNumbers?': list(text),
})
const onePair = {
  assets: [{ adamId: '9000000001', pricingParam: 'STDQ' }],
  serialNumbers: ['POMSER000003'],
}
const held = {
  assets: [{ adamId: '9000000001', pricingParam: 'STDQ' }],
  serialNumbers: ['POMSER000001'],
}

const usersBody = object({ users: list(ref('UserRequest')) })

function write(path: string, summary: string, body: Schema, example: unknown): Operation {
  return { method: 'POST', path: base + path, summary, body, example, answer: ref('EventResponse') }
}

function emptyList(path: string, name: string): Operation {
  return {
    method: 'GET',
    path: `${base}${path}`,
    summary: 'Always an empty list',
    answer: object({ [name]: list({}), versionId: text, ...commonMembers }),
  }
}

const flagAnswer = object({ subscriptionManagement: flag, ...commonMembers })

/** Refused whatever is sent, so that it has no example. */
function refused(path: string): Operation {
  return {
    method: 'POST',
    path: base + path,
    summary: 'Always refused with 9811',
    body: {},
    status: 400,
    answer: ref('ErrorResponse'),
  }
}

export const openChapter: Chapter = {
  name: 'service',
  about: 'What needs no token.',
  security: 'none',
  operations: [
    {
      method: 'GET',
      path: `${base}/service/config`,
      summary: 'Limits, addresses and error numbers',
      answer: object({
        errorCodes: list(object({ errorNumber: whole, errorMessage: text })),
        limits: object({ ...limitMembers, 'maxRequestPerSecond?': whole }),
        notificationTypes: list(text),
        urls: { type: 'object', additionalProperties: text },
      }),
    },
  ],
}

export const appleChapter: Chapter = {
  name: 'location',
  about:
    'App and Book Management API v2 of one location, chosen by the content token. A success is 200; a refusal is an ErrorResponse with its HTTP status, which may be 200, too (9622).',
  security: 'contentToken',
  operations: [
    {
      method: 'GET',
      path: `${base}/client/config`,
      summary: 'Configuration of the token',
      answer: configAnswer,
    },
    {
      method: 'POST',
      path: `${base}/client/config`,
      summary: 'Set mdmInfo and the target of notifications',
      more: 'A new notification target gets a TEST_NOTIFICATION at once; if it is not taken, nothing changes (9728).',
      body: parts({
        mdmInfo: ref('MdmInfo'),
        notificationUrl: text,
        notificationAuthToken: text,
        notificationTypes: list(text),
      }),
      example: {
        mdmInfo: { id: '5e1f0c4e-0000-4000-8000-00000000000a', name: 'My MDM', metadata: 'x' },
      },
      answer: configAnswer,
    },
    {
      method: 'GET',
      path: `${base}/assets`,
      summary: 'Licences owned',
      query: {
        pageIndex,
        adamId: text,
        productType: oneOf('App', 'Book'),
        pricingParam: oneOf('STDQ', 'PLUS'),
        revocable: flag,
        deviceAssignable: flag,
        minAvailableCount: whole,
        maxAvailableCount: whole,
        minAssignedCount: whole,
        maxAssignedCount: whole,
        unlimited: flag,
      },
      answer: object({
        assets: list(ref('Asset')),
        'unlimitedAssets?': list(ref('UnlimitedAsset')),
        ...pagingMembers,
        ...commonMembers,
      }),
    },
    {
      method: 'GET',
      path: `${base}/assignments`,
      summary: 'Who has what',
      query: {
        pageIndex,
        adamId: text,
        clientUserId: text,
        serialNumber: text,
        pricingParam: oneOf('STDQ', 'PLUS'),
        sinceVersionId: since,
        excludeInactiveUsers: flag,
        includeUserState: flag,
      },
      answer: object({ assignments: list(ref('Assignment')), ...pagingMembers, ...commonMembers }),
    },
    {
      method: 'GET',
      path: `${base}/users`,
      summary: 'Registered users',
      query: {
        pageIndex,
        activeOnly: flag,
        retiredOnly: flag,
        clientUserId: text,
        sinceVersionId: since,
      },
      answer: object({ users: list(ref('User')), ...pagingMembers, ...commonMembers }),
    },
    write('/assets/associate', 'Assign every asset to every target', pairsBody, onePair),
    write('/assets/disassociate', 'Take every asset back from every target', pairsBody, held),
    write(
      '/assets/revoke',
      'Take back whatever can be taken back from these targets',
      parts({ clientUserIds: list(text), serialNumbers: list(text) }),
      { serialNumbers: ['POMSER000001'] },
    ),
    write('/users/create', 'Register users', usersBody, {
      users: [{ clientUserId: 'u-0004', email: 'u-0004@harbour.example' }],
    }),
    write('/users/update', 'Change users', usersBody, {
      users: [{ clientUserId: 'u-0003', email: 'new-0003@harbour.example' }],
    }),
    write('/users/retire', 'Retire users', usersBody, { users: [{ clientUserId: 'u-0003' }] }),
    {
      method: 'GET',
      path: `${base}/status`,
      summary: 'State of an event',
      query: { eventId: text },
      answer: object({
        eventStatus: oneOf('PENDING', 'COMPLETE', 'FAILED'),
        eventType: oneOf('ASSOCIATE', 'DISASSOCIATE', 'REVOKE', 'CREATE', 'UPDATE', 'RETIRE'),
        numCompleted: whole,
        numRequested: whole,
        'failures?': list(ref('ErrorResponse')),
        ...commonMembers,
      }),
    },
    emptyList('/subscriptions', 'subscriptions'),
    emptyList('/subscriptions/assignments', 'assignments'),
    emptyList('/subscriptions/admins', 'admins'),
    refused('/subscriptions/associate'),
    refused('/subscriptions/disassociate'),
    refused('/subscriptions/admins/add'),
    refused('/subscriptions/admins/remove'),
    {
      method: 'POST',
      path: `${base}/subscriptions/enable`,
      summary: 'Set the flag',
      answer: flagAnswer,
    },
    {
      method: 'POST',
      path: `${base}/subscriptions/disable`,
      summary: 'Clear the flag',
      answer: flagAnswer,
    },
  ],
}

export const storeChapter: Chapter = {
  name: 'store',
  about:
    'Names and pictures of apps and books. The cookie shows custom apps and those no longer sold.',
  security: 'itvtCookie',
  operations: [
    {
      method: 'GET',
      path: '/WebObjects/MZStorePlatform.woa/wa/lookup',
      summary: 'Facts about apps and books',
      more: 'Without `caller` 403; without `p` 400 with status 7011, with another one 7012. Whatever cannot be shown is missing in `results`.',
      query: {
        version: said(oneOf(1, 2), '1: ids are numbers and artwork is a list.'),
        id: said(text, 'adamIds with commas between them.'),
        p: said(text, 'mdm-lockup'),
        caller: said(text, 'MDM'),
        platform: oneOf('enterprisestore', 'volumestore', 'macappstore'),
        cc: said(text, 'Country; one without a store is served as US.'),
        l: said(text, 'Language; one the store does not have is replaced.'),
      },
      answer: object({
        isAuthenticated: flag,
        version: whole,
        meta: object({
          storefront: object({ cc: text, id: text }),
          language: object({ tag: text }),
        }),
        results: { type: 'object', additionalProperties: ref('LookupResult') },
      }),
    },
    {
      method: 'GET',
      path: '/icons/{adamId}/{size}',
      summary: 'A made-up icon as PNG',
      params: { adamId: '9000000001', size: '64x64bb.png' },
      mediaType: 'image/png',
    },
  ],
}
