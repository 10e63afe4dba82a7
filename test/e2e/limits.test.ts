/** Whatever is sent, the service answers in its own words, and goes on: no 500, no crash (graph 7.6, D19). */
import { once } from 'node:events'
import tls from 'node:tls'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Answered, type RunningService, runningService } from '../running-service.ts'
import { seededRandom } from './seeded-random.ts'

const seed = Number(process.env.POMONA_TEST_SEED ?? 20261122)
const set = '/beta/deviceAppManagement/vppTokens'
const roots = [set, '/v1.0/deviceAppManagement/vppTokens', '/pomona/v1/tokens']

describe(`strange requests (POMONA_TEST_SEED=${seed})`, () => {
  let service: RunningService
  let accessToken = ''
  let id = ''
  beforeAll(async () => {
    service = await runningService({ appleMode: 'off' })
    accessToken = await service.accessTokenOf(
      ...([
        '3f2a7c1e-0d4b-4a55-9c1e-7b2f00c0ffee',
        service.clientId,
        service.clientSecret,
      ] as const),
    )
  })
  afterAll(async () => {
    const { status } = await service.ask('GET', set)
    await service.close()
    expect(status).toBe(200)
  })
  beforeEach(async () => {
    id = (await service.ask('POST', set, { body: { displayName: 'Kiel' } })).json.id
  })

  const crashes = () => service.observed.filter(({ kind }) => kind === 'requestCrashed')

  /** Bytes over the wire as they are; answers the status lines that came back before the connection ended. */
  async function sendRaw(bytes: Buffer): Promise<readonly number[]> {
    const { hostname, port } = new URL(service.origin)
    const socket = tls.connect({
      ...{ host: hostname, port: Number(port), ca: service.caPem, servername: 'localhost' },
    })
    let answered = ''
    socket.on('data', (chunk) => {
      answered += chunk.toString('latin1')
    })
    // A server that has heard enough may hang up while bytes are still coming.
    socket.on('error', () => undefined)
    socket.setTimeout(2_000, () => socket.destroy())
    socket.end(bytes)
    await once(socket, 'close')
    return [...answered.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status))
  }

  const isOurFault = (status: number) => status === 500 || status > 503

  test('of random bytes in any part of a request are answered or hung up on', async () => {
    const random = seededRandom(seed)
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
    const bytes = (most: number) =>
      Buffer.from(Array.from({ length: Math.floor(random() * most) }, () => random() * 256))
    const noise = (most: number) => bytes(most).toString('latin1')
    const line = (most: number) => noise(most).replaceAll(/[\r\n]/g, '?')
    const percent = (most: number) =>
      [...bytes(most)].map((byte) => `%${byte.toString(16)}`).join('')
    const statuses = new Map<number, number>()

    for (let round = 0; round < 300; round += 1) {
      const path = pick([
        () => `${pick(roots)}/${percent(40)}`,
        () =>
          `${pick(roots)}?$${pick(['select', 'top', 'skiptoken', 'count', 'filter'])}=${percent(40)}`,
        () => `/${percent(60)}`,
        () => `/${line(60).replaceAll(' ', '_')}`,
        () => `${pick(roots)}('${line(30).replaceAll(' ', '_')}')`,
        () => `${pick(roots)}/${id}`,
        () => line(200),
        () => `${'/a'.repeat(Math.floor(random() * 9_000))}`,
      ])()
      const method = pick(['GET', 'POST', 'PATCH', 'DELETE', 'PUT', 'HEAD', 'OPTIONS', line(8)])
      const body = pick([
        () => bytes(600),
        () => Buffer.from(`{"displayName":"${noise(50)}"}`, 'latin1'),
        () => Buffer.from('['.repeat(Math.floor(random() * 20_000))),
        () => Buffer.alloc(0),
      ])()
      const headers = [
        `Host: ${new URL(service.origin).host}`,
        `Authorization: Bearer ${pick([accessToken, accessToken, 'no.access.token', line(80)])}`,
        ...(random() < 0.8 ? ['Content-Type: application/json'] : [`Content-Type: ${line(30)}`]),
        ...(random() < 0.8 ? [`Content-Length: ${body.length}`] : []),
        ...(random() < 0.3 ? [`${line(20)}: ${line(200)}`] : []),
        ...(random() < 0.3 ? [`Prefer: ${line(40)}`, `If-Match: ${line(40)}`] : []),
        ...(random() < 0.2
          ? [`Idempotency-Key: ${line(300)}`, `client-request-id: ${line(90)}`]
          : []),
        ...(random() < 0.1 ? ['Transfer-Encoding: chunked'] : []),
        'Connection: close',
      ]
      const head = Buffer.from(
        `${method} ${path} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`,
        'latin1',
      )
      const answers = await sendRaw(Buffer.concat([head, body]))
      const shown = JSON.stringify(head.toString('latin1').replaceAll(accessToken, '…'))
      expect([shown, answers.filter(isOurFault)]).toEqual([shown, []])
      for (const status of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
    expect(crashes()).toEqual([])
    // The bytes did reach the rooms behind the door.
    expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 400, 401, 404, 405]))
  }, 60_000)

  const names = [
    ...['id', 'displayName', 'token', 'appleId', 'state', 'lastSyncStatus', 'roleScopeTagIds'],
    ...['expirationDateTime', 'automaticallyUpdateApps', '@odata.type', 'tokenActionResults'],
    ...['__proto__', 'constructor', 'toString', 'countryOrRegion', 'vppTokenAccountType', ''],
  ]
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 4 }),
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom<unknown>(
      null,
      [],
      {},
      Number.MAX_VALUE,
      -0,
      '2030-13-45T99:99:99Z',
      '\u0000',
      '\ud800',
    ),
  )
  const entity = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), value, {
    maxKeys: 6,
  })

  test('of any JSON are stored or refused', async () => {
    const request = fc.record({
      root: fc.constantFrom(...roots.slice(0, 2)),
      isUpdate: fc.boolean(),
      body: fc.oneof({ weight: 4, arbitrary: entity }, fc.jsonValue()),
    })
    await fc.assert(
      fc.asyncProperty(request, async ({ root, isUpdate, body }) => {
        const answer = isUpdate
          ? await service.ask('PATCH', `${root}/${id}`, {
              body: JSON.stringify(body),
              headers: json,
            })
          : await service.ask('POST', root, { body: JSON.stringify(body), headers: json })
        expectAnswer(answer)
      }),
      { numRuns: 300, seed },
    )
    expect(crashes()).toEqual([])
    expect((await service.ask('GET', `${set}?$top=999`)).status).toBe(200)
  }, 60_000)

  test('of any query, header and key are answered or refused', async () => {
    const option = fc.tuple(
      fc.constantFrom(
        '$select',
        '$top',
        '$count',
        '$skiptoken',
        '$filter',
        '$orderby',
        'select',
        '$x',
      ),
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.constantFrom('-1', '1e9', 'id', 'true'),
      ),
    )
    const printable = fc.string({ maxLength: 60 }).filter((text) => text.trim() === text)
    const request = fc.record({
      root: fc.constantFrom(...roots),
      key: fc.oneof(fc.constant(''), fc.string({ unit: 'binary', maxLength: 30 })),
      options: fc.array(option, { maxLength: 3 }),
      headers: fc.dictionary(
        fc.constantFrom('if-match', 'if-none-match', 'prefer', 'accept', 'idempotency-key'),
        printable,
      ),
      method: fc.constantFrom('GET', 'HEAD', 'DELETE', 'POST', 'OPTIONS'),
    })
    await fc.assert(
      fc.asyncProperty(request, async ({ root, key, options, headers, method }) => {
        const query = queryOf(options)
        const segment = key === '' ? '' : `/${encodeURIComponent(key.toWellFormed())}`
        const answer = await service.ask(method, `${root}${segment}?${query}`, { headers })
        if (method !== 'HEAD') expectAnswer(answer)
        else expect(answer.status).not.toBe(500)
      }),
      { numRuns: 300, seed },
    )
    expect(crashes()).toEqual([])
  }, 60_000)

  test('at sign-in are refused as OAuth says', async () => {
    const form = fc.dictionary(
      fc.constantFrom('grant_type', 'client_id', 'client_secret', 'scope', 'assertion'),
      fc.string({ unit: 'binary', maxLength: 80 }),
    )
    await fc.assert(
      fc.asyncProperty(form, fc.string({ maxLength: 40 }), async (fields, tenant) => {
        const answer = await service.ask(
          ...(['POST', `/${encodeURIComponent(tenant) || 'x'}/oauth2/v2.0/token`] as const),
          {
            accessToken: null,
            headers: { 'content-type': 'application/x-www-form-urlencoded' },
            body: queryOf(Object.entries(fields)),
          },
        )
        expect([400, 401, 404, 429]).toContain(answer.status)
      }),
      { numRuns: 60, seed },
    )
    expect(crashes()).toEqual([])
  }, 60_000)
})

const json = { 'content-type': 'application/json' }

function queryOf(parts: readonly (readonly [string, string])[]): string {
  return parts
    .map(([name, text]) => `${encodeURIComponent(name)}=${encodeURIComponent(text.toWellFormed())}`)
    .join('&')
}

/** A success, or a refusal in Graph's form that puts the fault on the request. */
function expectAnswer({ status, json: body, text }: Answered): void {
  if (status < 300 || status === 304) return
  expect([400, 401, 403, 404, 405, 409, 412, 413, 422, 501]).toContain(status)
  expect(text === '' ? 'empty' : typeof body?.error?.code).toBe('string')
}
