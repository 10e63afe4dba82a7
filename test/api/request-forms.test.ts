/** Every request form of graph 8.1 over a bare socket, and what its client relies on. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningService, runningService, tenantId } from '../running-service.ts'
import { type AppleSide, appleSide } from '../together/apple-side.ts'
import { addSynced } from '../together/stored-truth.ts'
import { type RawAnswer, sendRaw } from './raw-request.ts'
import { type Form, fill, type Known, names, reads, signIns, writes } from './real-requests.ts'

const tokens = 'deviceAppManagement/vppTokens'
const apps = 'deviceAppManagement/mobileApps'
const json = 'Content-Type: application/json'

const named = (forms: readonly Form[]) => forms.map((form) => [form.name, form] as const)

describe('a real client’s request', () => {
  let apple: AppleSide
  let service: RunningService
  let known: Known
  beforeAll(async () => {
    apple = await appleSide(['small'])
    service = await runningService({
      appleMode: 'simulated',
      appleUrl: apple.dataUrl,
      settings: { 'no-tls': true },
    })
    const { file } = await apple.issueToken('7000000000000001', 'a1@harbour.example')
    const token = await addSynced(service, file)
    await service.ask('POST', `/beta/${tokens}`, { body: { displayName: 'Bremen' } })
    const reader = await service.addClient(tenantId, ['DeviceManagementApps.Read.All'])
    known = {
      token,
      file,
      fileTwice: Buffer.from(file).toString('base64'),
      renewed: (await apple.issueToken('7000000000000001', 'b2@harbour.example')).file,
      origin: service.address,
      client: service.clientId,
      secret: service.clientSecret,
      bearer: await service.accessTokenOf(tenantId, service.clientId, service.clientSecret),
      reader: await service.accessTokenOf(tenantId, reader.id, reader.secret),
    }
  })
  afterAll(async () => {
    await service?.close()
    await apple?.close()
  })

  async function sent({ line, headers = [], body }: Form): Promise<RawAnswer> {
    const text = fill(body ?? '', known)
    const isSigned = headers.some((header) => /^authorization:/i.test(header))
    const isMeasured =
      body === undefined ||
      headers.some((header) => /^(content-length|transfer-encoding):/i.test(header))
    return sendRaw(service, {
      line: fill(line, known),
      headers: [
        ...(isSigned || line.includes('/oauth2/') ? [] : [`Authorization: Bearer ${known.bearer}`]),
        ...headers.map((header) => fill(header, known)),
        ...(isMeasured ? [] : [`Content-Length: ${Buffer.byteLength(text)}`]),
      ],
      body: text,
    })
  }

  test.each(named([...signIns, ...reads]))('for %s', async (_, form) => {
    const answer = await sent(form)
    expect(answer.status, answer.text).toBe(form.status)
    const [seen, wanted] = form.shows(answer, known)
    expect(seen).toEqual(wanted)
  })

  test('for a token that it has heard of elsewhere meets 404, and skips it', async () => {
    const answer = await sent({
      ...{ name: '', status: 404, shows: () => [0, 0] },
      line: `GET /v1.0/${tokens}/00000000-0000-4000-8000-000000000404`,
    })
    expect([answer.status, answer.json.error.code]).toEqual([404, 'ResourceNotFound'])
  })

  test('for a page leads to the next one, which is asked for word by word', async () => {
    const first = await sendRaw(service, {
      line: `GET /beta/${tokens}?$top=1`,
      headers: [`Authorization: Bearer ${known.bearer}`],
    })
    const next: string = first.json['@odata.nextLink']
    const second = await sendRaw(service, {
      line: `GET ${next.slice(service.address.length)}`,
      headers: [`Authorization: Bearer ${known.bearer}`],
    })
    expect([names(first), names(second)]).toEqual([['Kiel'], ['Bremen']])
    expect(second.json['@odata.nextLink']).toBeUndefined()
  })

  test('for twenty things at once gets twenty answers, whatever blanks and quotes stand in them', async () => {
    const requests = Array.from({ length: 20 }, (_, n) => ({
      id: String(n + 1),
      method: 'GET',
      url: `${n % 2 === 0 ? '/' : ''}${apps}?$filter=isof('microsoft.graph.iosVppApp') and publishingState eq 'published'`,
    }))
    const body = JSON.stringify({ requests })
    const answer = await sendRaw(service, {
      line: 'POST /beta/$batch',
      headers: [
        `Authorization: Bearer ${known.bearer}`,
        json,
        `Content-Length: ${Buffer.byteLength(body)}`,
      ],
      body,
    })
    expect(answer.status).toBe(200)
    expect(
      answer.json.responses.map(
        ({ id, status, body: own }: { id: string; status: number; body: { value: unknown[] } }) => [
          id,
          status,
          own.value.length,
        ],
      ),
    ).toEqual(requests.map(({ id }) => [id, 200, 2]))
  })

  // Each changes the world that the others look at, so they come last.
  test.each(named(writes))('for %s', async (_, form) => {
    const answer = await sent(form)
    expect(answer.status, answer.text).toBe(form.status)
    const [seen, wanted] = form.shows(answer, known)
    expect(seen).toEqual(wanted)
  })
})

describe('a client with Graph’s host name built in', () => {
  test('reaches Pomona over TLS, and every link carries that name', async () => {
    const graph = 'https://graph.microsoft.com'
    const service = await runningService({
      appleMode: 'off',
      settings: { 'public-origin': [graph] },
    })
    for (let n = 0; n < 2; n += 1) await service.ask('POST', `/v1.0/${tokens}`, { body: {} })
    const bearer = await service.accessTokenOf(tenantId, service.clientId, service.clientSecret)
    const answer = await sendRaw(service, {
      line: `GET /v1.0/${tokens}?$top=1`,
      host: 'graph.microsoft.com',
      headers: [`Authorization: Bearer ${bearer}`],
    })
    expect(answer.status).toBe(200)
    expect(answer.json['@odata.context']).toBe(`${graph}/v1.0/$metadata#${tokens}`)
    expect(answer.json['@odata.nextLink']).toContain(`${graph}/v1.0/${tokens}?$top=1&$skiptoken=`)
    expect(answer.headers['strict-transport-security']).toBe('max-age=31536000')
    await service.close()
  })
})
