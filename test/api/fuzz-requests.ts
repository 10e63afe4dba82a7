/** Requests that nobody should send, by where the mischief is: each an arbitrary of the bytes that go out. */
import fc from 'fast-check'
import type { FuzzTarget } from './fuzz-service.ts'

const crlf = '\r\n'

/** Latin-1 text stands for bytes. */
export function request(
  { port, accessToken }: FuzzTarget,
  verb: string,
  target: string,
  headers: readonly string[] = [],
  body: Buffer = Buffer.alloc(0),
): Buffer {
  const isGiven = (name: string) =>
    headers.some((one) => one.toLowerCase().startsWith(`${name.toLowerCase()}:`))
  const usual = [
    `Host: localhost:${port}`,
    `Authorization: Bearer ${accessToken}`,
    `Content-Length: ${body.length}`,
  ].filter((one) => !isGiven(one.slice(0, one.indexOf(':'))))
  const lines = [`${verb} ${target} HTTP/1.1`, ...usual, ...headers, 'Connection: close']
  const head = lines.join(crlf)
  return Buffer.concat([Buffer.from(`${head}${crlf}${crlf}`, 'latin1'), body])
}

/** What a client asks every day. */
export const plainRead = (target: FuzzTarget) =>
  request(target, 'GET', `/v1.0/deviceAppManagement/vppTokens/${target.tokenId}`)

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array))
const text = (maxLength: number) =>
  fc.oneof(
    fc.string({ maxLength, unit: 'binary' }),
    fc.string({ maxLength, unit: 'grapheme-ascii' }),
    fc.constantFrom('\u0000', '\ud800', "''", "'", '%', '%00', '\u2028', 'é', '../..', '{}'),
  )
/** Bytes that may stand in a request line: the parser in front takes no others. */
const lineBytes = fc
  .array(fc.integer({ min: 0x21, max: 0xff }), { maxLength: 60 })
  .map((codes) => String.fromCharCode(...codes))
const percent = fc.oneof(
  text(20).map((one) => encodeURIComponent(one.toWellFormed())),
  fc.constantFrom('%', '%zz', '%00', '%ff%fe', '%ed%a0%80', '%2f', '%25'),
  lineBytes,
)

const names = fc.constantFrom(
  ...['v1.0', 'beta', 'pomona', 'v1', 'deviceAppManagement', 'vppTokens', 'mobileApps', 'apps'],
  ...['managedEBooks', 'organization', 'appleVolumePurchaseProgramTokens', 'tokens', '$count'],
  ...['microsoft.graph.iosVppApp', 'graph.macOsVppApp', 'assignedLicenses', 'vppToken', '$batch'],
  ...['syncLicenses', 'syncApps', 'revokeLicenses', 'syncLicenseCounts', 'checkToken', '$metadata'],
  ...['deviceManagement', 'depOnboardingSettings', 'getExpiringVppTokenCount', 'subscribedSkus'],
  ...['00000000-0000-4000-8000-000000000404', 'oauth2', 'v2.0', 'docs', 'health', 'ready'],
)
const segment = fc.oneof(
  { weight: 4, arbitrary: names },
  { weight: 1, arbitrary: percent },
  { weight: 1, arbitrary: fc.tuple(names, percent).map(([name, inner]) => `${name}(${inner})`) },
  {
    weight: 1,
    arbitrary: percent.map((value) => `getLicensesForApp(bundleId='${value}')`),
  },
)
const verb = fc.constantFrom('GET', 'GET', 'POST', 'PATCH', 'DELETE', 'PUT', 'HEAD', 'OPTIONS')

const root = ({ tenantId, tokenId }: FuzzTarget) =>
  fc.constantFrom(
    ...['/beta', '/v1.0', '/pomona/v1', '/Beta/deviceAppManagement', ''],
    ...['/beta/deviceAppManagement/vppTokens', `/beta/deviceAppManagement/vppTokens/${tokenId}`],
    ...['/v1.0/deviceAppManagement/mobileApps', '/beta/deviceAppManagement/managedEBooks'],
    `/beta/organization/${tenantId}/appleVolumePurchaseProgramTokens`,
    `/beta/organization('${tenantId}')`,
  )

export const paths = (target: FuzzTarget) =>
  fc
    .tuple(verb, root(target), fc.array(segment, { maxLength: 5 }), fc.option(percent, { nil: '' }))
    .map(([method, base, parts, query]) =>
      request(target, method, `${[base, ...parts].join('/') || '/'}?${query}`),
    )

const lists = ({ tenantId }: FuzzTarget) => [
  '/beta/deviceAppManagement/vppTokens',
  '/v1.0/deviceAppManagement/vppTokens/$count',
  `/beta/organization/${tenantId}/appleVolumePurchaseProgramTokens`,
  '/beta/deviceAppManagement/mobileApps',
  '/v1.0/deviceAppManagement/mobileApps',
  '/beta/deviceAppManagement/mobileApps/microsoft.graph.iosVppApp',
  '/beta/deviceAppManagement/managedEBooks',
  "/beta/deviceAppManagement/vppTokens/getLicensesForApp(bundleId='test.pomona.tidepool')",
  '/pomona/v1/tokens',
  '/pomona/v1/apps',
]

const property = fc.constantFrom(
  ...['id', 'state', 'displayName', 'expirationDateTime', 'vppTokenAccountType', 'token', 'nope'],
  ...['automaticallyUpdateApps', 'lastAppCount', 'roleScopeTagIds', 'tokenActionResults'],
  ...['publishingState', 'totalLicenseCount', 'largeIcon', 'licensingType', 'bundleId', '$count'],
  ...['microsoft.graph.iosVppApp/usedLicenseCount', 'graph.macOsVppApp/bundleId', 'a/b/c', '*'],
)
const literal = fc.oneof(
  text(30).map((one) => `'${one.replaceAll("'", "''")}'`),
  fc.double().map(String),
  fc.bigInt().map(String),
  fc.constantFrom(
    ...['null', 'true', 'INF', '-INF', 'NaN', '1e309', '-1e-400', '99999999999999999999999'],
    ...["'valid'", "duration'PT1H'", "microsoft.graph.vppTokenState'valid'", "guid'x'"],
    ...['2026-01-01T00:00:00Z', '0001-01-01T00:00:00+14:00', '9999-12-31T23:59:59.9999999-14:00'],
    ...['2026-02-30T00:00:00Z', '2026-01-01', '00000000-0000-4000-8000-000000000404'],
  ),
)
const word = fc.oneof(
  { weight: 3, arbitrary: property },
  { weight: 3, arbitrary: literal },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      ...['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'and', 'or', 'not', 'in', '(', ')', ',', '/', 'asc'],
      ...[
        'desc',
        'startswith(',
        'endswith(',
        'contains(',
        'isof(',
        'any(',
        'AND',
        'NOT',
        '"',
        '\\',
      ],
    ),
  },
)
/** What looks like a filter, down to whole ones. */
const sentence = fc.oneof(
  { weight: 3, arbitrary: fc.array(word, { maxLength: 30 }).map((words) => words.join(' ')) },
  {
    weight: 3,
    arbitrary: fc
      .array(fc.tuple(property, fc.constantFrom('eq', 'ne', 'gt', 'le'), literal), {
        minLength: 1,
        maxLength: 12,
      })
      .map((all) => all.map((one) => one.join(' ')).join(' and ')),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('(', 'not ', 'not(', 'contains(', "'", ','), fc.nat(9_000), literal)
      .map(([piece, count, end]) => piece.repeat(count) + end),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(property, fc.array(literal, { maxLength: 600 }))
      .map(([name, values]) => `${name} in (${values.join(',')})`),
  },
  { weight: 1, arbitrary: text(200) },
)
const pageToken = fc
  .oneof(
    fc.json(),
    fc
      .oneof(
        text(60),
        fc.json(),
        fc.array(fc.jsonValue()).map((list) => JSON.stringify(list)),
      )
      .map((after) => JSON.stringify({ after })),
    text(60),
  )
  .map((inner) => Buffer.from(inner).toString('base64url'))
const option = fc.oneof(
  fc.tuple(fc.constantFrom('$filter', '$orderby', '$select', '$search', '$expand'), sentence),
  fc.tuple(fc.constantFrom('$skiptoken', 'skiptoken'), fc.oneof(pageToken, text(40))),
  fc.tuple(
    fc.constantFrom('$top', '$skip', '$count', 'TOP', 'skip'),
    fc.oneof(fc.double().map(String), fc.bigInt().map(String), text(9), fc.constant('true')),
  ),
  fc.tuple(text(9), text(9)),
)

export const queries = (target: FuzzTarget) =>
  fc
    .tuple(
      fc.constantFrom(...lists(target)),
      fc.array(option, { minLength: 1, maxLength: 4 }),
      lineBytes,
    )
    .map(([path, options, tail]) => {
      const pairs = options.map(([name, value]) =>
        [name, value].map((one) => encodeURIComponent(one.toWellFormed())).join('='),
      )
      return request(target, 'GET', `${path}?${pairs.join('&')}${tail.length > 50 ? tail : ''}`)
    })

const headerValue = fc.oneof(
  lineBytes,
  fc.constantFrom(
    ...[
      '*',
      'W/"1"',
      '"',
      '"1","2',
      'return=minimal',
      'odata.maxpagesize=0',
      'odata.metadata=full',
    ],
    ...['application/json;odata.metadata=full', 'gzip', 'Bearer', 'Bearer .', 'Bearer a.b.c'],
    ...['localhost', '100-continue', 'chunked', 'x'.repeat(30_000), `${'"1",'.repeat(7_000)}"1"`],
  ),
  fc
    .array(fc.jsonValue(), { minLength: 2, maxLength: 3 })
    .map((parts) =>
      parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.'),
    )
    .map((token) => `Bearer ${token}`),
)
const header = fc
  .tuple(
    fc.constantFrom(
      ...['Prefer', 'If-Match', 'If-None-Match', 'Idempotency-Key', 'Accept', 'Content-Type'],
      ...['client-request-id', 'Authorization', 'Host', 'X-Forwarded-Host', 'Expect', 'Range'],
      ...['Content-Encoding', 'Transfer-Encoding', 'Cookie', 'Upgrade', 'X-HTTP-Method'],
    ),
    headerValue,
  )
  .map(([name, value]) => `${name}: ${value}`)

export const headers = (target: FuzzTarget) =>
  fc
    .tuple(
      verb,
      fc.constantFrom(...lists(target)),
      fc.array(header, { minLength: 1, maxLength: 4 }),
    )
    .map(([method, path, given]) => request(target, method, path, given, Buffer.from('{}')))

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
          fc.dictionary(text(12), headerValue),
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

const formField = fc.tuple(
  fc.constantFrom(
    ...[
      'grant_type',
      'client_id',
      'client_secret',
      'scope',
      'client_assertion',
      'claims',
      'resource',
    ],
  ),
  fc.oneof(
    text(60),
    fc.constantFrom(
      'client_credentials',
      'https://graph.microsoft.com/.default',
      'x'.repeat(5_000),
    ),
  ),
)

export const signIns = (target: FuzzTarget) =>
  fc
    .tuple(
      fc.oneof(fc.constant(target.tenantId), percent),
      fc.constantFrom('oauth2/v2.0/token', 'v2.0/.well-known/openid-configuration', 'oauth2/token'),
      fc.oneof(
        fc.array(formField).map((pairs) => new URLSearchParams(pairs.map(wellFormed)).toString()),
        fc.json(),
      ),
      fc.constantFrom('application/x-www-form-urlencoded', 'application/json', 'text/plain'),
    )
    .map(([tenant, place, form, type]) =>
      request(target, 'POST', `/${tenant}/${place}`, [`Content-Type: ${type}`], Buffer.from(form)),
    )

function wellFormed([name, value]: [string, string]): [string, string] {
  return [name, value.toWellFormed()]
}

/** No HTTP at all, or HTTP that somebody has broken in the middle. */
export const noise = (target: FuzzTarget) =>
  fc.oneof(
    bytes(600),
    fc
      .tuple(bodies(target), fc.nat(), bytes(4))
      .map(([whole, at, piece]) =>
        Buffer.concat([
          whole.subarray(0, at % whole.length),
          piece,
          whole.subarray((at % whole.length) + piece.length),
        ]),
      ),
    bodies(target).map((whole) => whole.subarray(0, whole.length - 1)),
  )
