/** Bodies of writes and batches: entities that are nearly right, JSON that is deep or huge, and bytes. */
import fc from 'fast-check'
import { bytes, lists, percent, request, segment, text, verb } from './fuzz-pieces.ts'
import { sentence } from './fuzz-queries.ts'
import type { FuzzTarget } from './fuzz-service.ts'

const contentToken = fc
  .tuple(
    fc.record(
      {
        token: fc.jsonValue(),
        expDate: fc.oneof(text(30), fc.jsonValue()),
        orgName: fc.jsonValue(),
      },
      { requiredKeys: [] },
    ),
    fc.boolean(),
  )
  .map(([inner, isTwice]) => {
    const once = Buffer.from(JSON.stringify(inner)).toString('base64')
    return isTwice ? Buffer.from(once).toString('base64') : once
  })
const member = fc.oneof(
  fc.jsonValue(),
  text(40),
  contentToken,
  fc.constantFrom('valid', '2026-01-01T00:00:00.1234567-08:00', '#microsoft.graph.vppToken'),
)
const moment = fc.oneof(
  fc.date({ noInvalidDate: false }).map((date) => {
    try {
      return date.toISOString()
    } catch {
      return 'never'
    }
  }),
  fc.constantFrom('2026-01-01T00:00:00.1234567-08:00', '0001-01-01T00:00:00Z'),
)
const result = fc.record(
  {
    '@odata.type': fc.constant('#microsoft.graph.vppTokenRevokeLicensesActionResult'),
    actionName: text(20),
    actionState: fc.constantFrom('done', 'failed', 'nope'),
    startDateTime: moment,
    lastUpdatedDateTime: moment,
    totalLicensesCount: fc.oneof(fc.integer(), fc.double()),
  },
  { requiredKeys: [] },
)
/** Mostly of the right kind, so that it gets further than the first member. */
const fields: readonly (readonly [string, fc.Arbitrary<unknown>])[] = [
  ['displayName', text(60)],
  ['appleId', text(60)],
  ['token', fc.oneof(contentToken, text(60))],
  ['state', fc.constantFrom('valid', 'expired', 'duplicateLocationId', 'unknown')],
  ['expirationDateTime', moment],
  ['lastSyncDateTime', moment],
  ['roleScopeTagIds', fc.array(text(10), { maxLength: 120 })],
  ['tokenActionResults', fc.array(result, { maxLength: 60 })],
  ['automaticallyUpdateApps', fc.boolean()],
  ['lastAppCount', fc.integer()],
  ['countryOrRegion', text(5)],
  ['notifyManagedDevices', fc.boolean()],
]
const field = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.oneof(...fields.map(([name, value]) => fc.tuple(fc.constant(name), value))),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.constantFrom('id', '@odata.type', '__proto__', 'constructor', 'x@odata.type', 'renews'),
      member,
    ),
  },
)
const entity = fc.array(field, { maxLength: 5 }).map((pairs) => Object.fromEntries(pairs))
const deep = fc
  .tuple(fc.constantFrom('[', '{"a":', '[[],', '"\\', '{"displayName":'), fc.nat(60_000))
  .map(([piece, count]) => piece.repeat(Math.min(count, Math.floor(262_000 / piece.length))))
const huge = fc
  .tuple(fc.constantFrom('1', '"a"', '{}', '[]', '{"a":1}', '1e999'), fc.nat(130_000))
  .map(([item, count]) => {
    const items = Array(Math.min(count, Math.floor(262_000 / (item.length + 1)))).fill(item)
    return `{"roleScopeTagIds":[${items.join(',')}]}`
  })
const json = fc.oneof(
  { weight: 4, arbitrary: entity.map((value) => JSON.stringify(value)) },
  { weight: 2, arbitrary: fc.json() },
  { weight: 1, arbitrary: deep },
  { weight: 1, arbitrary: huge },
)

export const bodies = (target: FuzzTarget) =>
  fc
    .tuple(
      fc.constantFrom<readonly [string, string]>(
        ['POST', '/beta/deviceAppManagement/vppTokens'],
        ['POST', `/beta/organization/${target.tenantId}/appleVolumePurchaseProgramTokens/x`],
        ['PATCH', `/beta/deviceAppManagement/vppTokens/${target.tokenId}`],
        ['POST', `/v1.0/deviceAppManagement/vppTokens/${target.tokenId}/syncLicenses`],
        ['POST', `/beta/deviceAppManagement/vppTokens/${target.tokenId}/revokeLicenses`],
        ['POST', '/pomona/v1/checkToken'],
      ),
      fc.oneof(
        json.map((one) => Buffer.from(one)),
        bytes(400),
      ),
    )
    .map(([[method, path], body]) =>
      request(target, method, path, ['Content-Type: application/json'], body),
    )

/** Mostly well made, so that the whole is not refused for one of them. */
const usually = <T>(good: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 40, arbitrary: good }, { weight: 1, arbitrary: member })
const item = (target: FuzzTarget) =>
  fc.record(
    {
      method: usually(verb),
      url: usually(
        fc.oneof(
          fc.constantFrom(...lists(target)).map((path) => path.replace(/^\/[^/]+/, '')),
          fc
            .tuple(fc.constantFrom(...lists(target)), sentence)
            .map(([path, filter]) => `${path.replace(/^\/[^/]+/, '')}?$filter=${filter}`),
          fc.array(segment, { maxLength: 5 }).map((parts) => parts.join('/')),
          percent,
        ),
      ),
      headers: usually(
        fc.oneof(
          fc.constant({ 'Content-Type': 'application/json' }),
          fc.dictionary(text(12), text(200)),
        ),
      ),
      body: fc.oneof(entity, member),
      dependsOn: usually(fc.constantFrom([], ['1'], ['1', '2'], ['1', '1'])),
    },
    { requiredKeys: ['method', 'url'] },
  )
const envelope = (target: FuzzTarget) =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.array(item(target), { minLength: 1, maxLength: 20 }).map((items) =>
        items.map((one, at) => ({
          ...one,
          id: String(at + 1),
          ...(at < 2 ? { dependsOn: [] } : {}),
        })),
      ),
    },
    { weight: 1, arbitrary: fc.jsonValue() },
  )

export const batches = (target: FuzzTarget) =>
  fc
    .tuple(
      fc.constantFrom('beta', 'v1.0'),
      fc.oneof(
        { weight: 5, arbitrary: envelope(target).map((requests) => JSON.stringify({ requests })) },
        { weight: 1, arbitrary: json },
      ),
    )
    .map(([version, body]) =>
      request(
        target,
        'POST',
        `/${version}/$batch`,
        ['Content-Type: application/json'],
        Buffer.from(body),
      ),
    )
