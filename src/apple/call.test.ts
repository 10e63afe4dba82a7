import { createServer } from 'node:net'
import { Agent } from 'undici'
import { describe, expect, it, onTestFinished } from 'vitest'
import { start } from '../../test/apple-conversation.ts'
import { type ScriptedAnswer, startScriptedServer } from '../../test/scripted-server.ts'
import { createTurnedClock } from '../../test/turned-clock.ts'
import { type Call, call, type Network, type Outcome } from './call.ts'

const path = '/mdm/v2/assets'

function network(settings: Partial<Network> = {}): Network {
  const dispatcher = new Agent()
  onTestFinished(() => dispatcher.destroy())
  return {
    dispatcher,
    clock: createTurnedClock(start),
    requestTimeoutMs: 60_000,
    maxAnswerBytes: 1_000,
    ...settings,
  }
}

async function answered(
  answer: ScriptedAnswer,
  settings: Partial<Network> = {},
): Promise<Outcome & { readonly host: string }> {
  const server = await startScriptedServer()
  server.script(path, answer)
  const url = new URL(`${server.origin}${path}`)
  const asked = { url, shape: 'GET /assets', credential: 'b3V0ZXI=' }
  return { ...(await call(network(settings), asked)), host: url.host }
}

function refusalOf(outcome: Outcome) {
  if (outcome.ok) throw new Error('the answer was taken for a good one')
  return outcome.refusal
}

describe('one call', () => {
  it('sends the credential untouched as bearer and asks for JSON', async () => {
    const server = await startScriptedServer()
    server.script(path, { json: { assets: [] } })
    const url = new URL(`${server.origin}${path}?pageIndex=0`)
    const outcome = await call(network(), { url, shape: '', credential: 'eyJ+/8=' })
    expect(outcome).toMatchObject({ ok: true, body: { assets: [] } })
    const [request] = server.requests
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer eyJ+/8=',
      accept: 'application/json',
    })
    expect(request?.target).toBe('/mdm/v2/assets?pageIndex=0')
  })

  it('sends no Authorization without a credential', async () => {
    const server = await startScriptedServer()
    server.script(path, { json: {} })
    await call(network(), { url: new URL(`${server.origin}${path}`), shape: '' })
    expect(server.requests[0]?.headers.authorization).toBeUndefined()
  })

  it('reads an error number whatever the status (Apple C2)', async () => {
    const outcome = await answered({ status: 200, json: { errorNumber: 9622, assets: [] } })
    expect(refusalOf(outcome).finding).toEqual({
      reason: 'rejectedByApple',
      isDefinite: true,
      errorNumber: 9622,
      httpStatus: 200,
    })
  })

  it('reads an error number that is written as text', async () => {
    const outcome = await answered({ status: 401, json: { errorNumber: '9625' } })
    expect(refusalOf(outcome).finding.reason).toBe('revokedByApple')
  })

  it('does not take the list of numbers in service/config for an error', async () => {
    const json = { errorCodes: [{ errorNumber: 9601 }], errorNumber: null }
    expect(await answered({ json })).toMatchObject({ ok: true, body: json })
  })

  it.each([
    ['HTML', { body: '<html>Sign in</html>' }, 'the answer is not a JSON object'],
    ['an empty body', { body: '' }, 'the answer is not a JSON object'],
    ['cut JSON', { body: '{"assets":[{"adam' }, 'the answer is not a JSON object'],
    ['a JSON list', { json: [] }, 'the answer is not a JSON object'],
    ['a JSON text', { json: 'assets' }, 'the answer is not a JSON object'],
    ['HTML with 401', { status: 401, body: '<html/>' }, 'HTTP 401'],
    ['an empty 404', { status: 404, body: '' }, 'HTTP 404'],
    ['an object with 500', { status: 500, json: {} }, 'HTTP 500'],
    [
      'a body beyond the limit',
      { body: `"${'x'.repeat(1_000)}"` },
      'the answer is longer than 1000 bytes',
    ],
    ['nothing', { cut: 'beforeHeaders' }, 'the connection was cut (UND_ERR_SOCKET)'],
    [
      'half a body',
      { cut: 'midBody', json: { assets: [] } },
      'the connection was cut (UND_ERR_SOCKET)',
    ],
  ] satisfies [string, ScriptedAnswer, string][])(
    'finds no usable answer in %s and may ask again (Apple 4.2)',
    async (_, answer, detail) => {
      const outcome = await answered(answer)
      const { finding, meaning } = refusalOf(outcome)
      expect(finding).toMatchObject({
        reason: 'appleUnavailable',
        isDefinite: false,
        detail,
        host: outcome.host,
      })
      expect(meaning.retry).toBe('again')
    },
  )

  it('takes 429 without a number for throttling', async () => {
    const { finding, meaning } = refusalOf(await answered({ status: 429, body: '' }))
    expect(finding).toMatchObject({ reason: 'throttled', isDefinite: false, httpStatus: 429 })
    expect(meaning.retry).toBe('again')
  })

  it.each([301, 302, 303, 307, 308])('never follows a redirect: %i', async (status) => {
    const elsewhere = await startScriptedServer()
    const outcome = await answered({
      status,
      headers: { location: `${elsewhere.origin}/` },
      body: '',
    })
    const { finding, meaning } = refusalOf(outcome)
    expect(finding).toMatchObject({ reason: 'appleUnavailable', httpStatus: status })
    expect(meaning.retry).toBe('never')
    expect(elsewhere.requests).toEqual([])
  })

  it('gives up when the whole answer takes too long', async () => {
    const outcome = await answered({ hangs: true }, { requestTimeoutMs: 40 })
    expect(refusalOf(outcome).finding).toMatchObject({
      reason: 'appleUnavailable',
      detail: 'the whole answer did not come within 0.04 s',
    })
  })

  it('says when the connection is refused or the host has no address', async () => {
    const closed = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => closed.once('listening', resolve))
    const address = closed.address()
    await new Promise((resolve) => closed.close(resolve))
    const port = typeof address === 'object' ? address?.port : 0
    const asked = (host: string): Call => ({ url: new URL(`http://${host}/assets`), shape: '' })
    const refused = await call(network(), asked(`127.0.0.1:${port}`))
    expect(refusalOf(refused).finding.detail).toBe('the connection was refused (ECONNREFUSED)')
    const unknown = await call(network(), asked('apple.invalid'))
    expect(refusalOf(unknown).finding.detail).toMatch(
      /^the name of the host could not be resolved \((ENOTFOUND|EAI_AGAIN)\)$/,
    )
  })

  it("rejects with the signal's reason when the caller gives up", async () => {
    const server = await startScriptedServer()
    server.script(path, { hangs: true })
    const abort = new AbortController()
    const asked = { url: new URL(`${server.origin}${path}`), shape: '' }
    const calling = call(network(), asked, abort.signal)
    abort.abort(new Error('lease lost'))
    await expect(calling).rejects.toThrow('lease lost')
    await expect(call(network(), asked, abort.signal)).rejects.toThrow('lease lost')
  })

  it("hands on Apple's clock and its wish to wait", async () => {
    const date = 'Tue, 01 Dec 2026 09:00:00 GMT'
    const outcome = await answered({
      status: 503,
      json: { errorNumber: 9729 },
      headers: { date, 'retry-after': 'Tue, 01 Dec 2026 09:00:07 GMT' },
    })
    expect(outcome.appleTimeMs).toBe(start.getTime())
    expect(refusalOf(outcome).retryAfterMs).toBe(7_000)
  })

  it('does not repeat a credential that a server echoes, and shortens long texts', async () => {
    const errorMessage = `No: Bearer b3V0ZXI= ${'x'.repeat(600)}`
    const { finding } = refusalOf(await answered({ json: { errorNumber: 9625, errorMessage } }))
    expect(finding.detail).toHaveLength(500)
    expect(finding.detail).toMatch(/^No: Bearer \[content token\] x+$/)
  })
})
