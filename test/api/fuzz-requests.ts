/** Requests with mischief in the path, in the headers, at sign-in and in the very bytes of HTTP. */
import fc from 'fast-check'
import { bodies } from './fuzz-bodies.ts'
import {
  bytes,
  lineBytes,
  lists,
  percent,
  request,
  root,
  segment,
  text,
  verb,
} from './fuzz-pieces.ts'
import type { FuzzTarget } from './fuzz-service.ts'

export const paths = (target: FuzzTarget) =>
  fc
    .tuple(verb, root(target), fc.array(segment, { maxLength: 5 }), fc.option(percent, { nil: '' }))
    .map(([method, base, parts, query]) =>
      // The one token that the others are about stays where it is.
      request(
        target,
        method === 'DELETE' && base.includes(target.tokenId) ? 'GET' : method,
        `${[base, ...parts].join('/') || '/'}?${query}`,
      ),
    )

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
