import { describe, expect, it } from 'vitest'
import { Failure } from '../model/failure.ts'
import { OAuthRefusal } from './oauth-refusal.ts'
import { readTokenRequest } from './token-request.ts'

const clientId = '4f0c5ad8-33ff-4bd4-a0ff-2f5b6f1f7e77'
const otherId = 'eeeeeeee-0000-4000-8000-000000000000'
const secret = 'dGhpcyBpcyBub3QgYSByZWFsIHNlY3JldCBidXQgMTIz'
const scope = 'https://graph.microsoft.com/.default'
const good = {
  client_id: clientId,
  client_secret: secret,
  scope,
  grant_type: 'client_credentials',
}
const form = new URLSearchParams(good).toString()
const formType = 'application/x-www-form-urlencoded'

function read(
  sent: string | Uint8Array | Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string | undefined>> = { 'content-type': formType },
) {
  const text = sent instanceof Uint8Array || typeof sent === 'string' ? sent : formOf(sent)
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  return readTokenRequest({
    id: '11111111-2222-4333-8444-555555555555',
    method: 'POST',
    target: '/',
    headers,
    origin: 'https://localhost:8443',
    remoteAddress: '192.0.2.1',
    async readBody(limit) {
      if (bytes.length <= limit) return bytes
      throw new Failure('payloadTooLarge', `More than ${limit} bytes.`)
    },
  })
}

function formOf(parameters: Readonly<Record<string, string>>): string {
  return new URLSearchParams(parameters).toString()
}

async function refusalOf(request: Promise<unknown>): Promise<{ kind: string; message: string }> {
  const error = await request.then(
    () => new Error('was accepted'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof OAuthRefusal)) throw error
  return { kind: error.kind, message: error.message }
}

function basic(id: string, password: string): string {
  return `Basic ${Buffer.from(`${id}:${password}`).toString('base64')}`
}

describe('a token request', () => {
  const bare = { client_id: '', client_secret: '' }
  it.each([
    ['with everything in the form', {}, undefined],
    ['with its credentials in a Basic header', bare, basic(clientId, secret)],
    ['with the id in both places', { client_secret: '' }, basic(clientId, secret)],
    ['form-encoded in the header', bare, basic(clientId.replaceAll('-', '%2D'), secret)],
    ['beside a Bearer header', {}, 'Bearer stale'],
    [
      'with a slash after the address',
      { scope: 'https://graph.microsoft.com//.default' },
      undefined,
    ],
    ["with Graph's id", { scope: '00000003-0000-0000-c000-000000000000/.default' }, undefined],
    ['with the scope in capitals', { scope: 'HTTPS://Graph.Microsoft.com/.Default' }, undefined],
    ['with unknown parameters, even twice', { 'x-client-sku': 'a' }, undefined],
  ])('%s names client and secret', async (_, change, authorization) => {
    const headers = {
      'content-type': `Application/X-WWW-Form-Urlencoded; charset=UTF-8`,
      authorization,
    }
    expect(await read(`${formOf({ ...good, ...change })}&x-client-sku=b`, headers)).toEqual({
      clientId,
      clientSecret: secret,
    })
  })

  it('may be 16 KiB long and no byte longer', async () => {
    const padded = (bytes: number) => `${form}&a=`.padEnd(bytes, 'x')
    expect((await read(padded(16_384))).clientId).toBe(clientId)
    await expect(read(padded(16_385))).rejects.toMatchObject({ code: 'payloadTooLarge' })
  })
})

describe('a token request is refused', () => {
  const lacks = (name: string) => ({
    kind: 'missingParameter',
    message: `The form lacks the parameter '${name}'. Add it and send the request again.`,
  })
  const twice = (name: string) => ({
    kind: 'malformed',
    message: `The parameter '${name}' came more than once. Send it once.`,
  })
  const noSecret = {
    kind: 'missingSecret',
    message: "The form lacks the parameter 'client_secret'. Add the application's secret.",
  }
  const noAssertion = {
    kind: 'missingSecret',
    message: "Client assertions are not served. Send the application's secret as 'client_secret'.",
  }
  const wrongGrant = {
    kind: 'unsupportedGrant',
    message:
      "Only the grant type 'client_credentials' is served. Sign in as an application, with its id and secret.",
  }
  const wrongScope = {
    kind: 'invalidScope',
    message:
      "Only the scope 'https://graph.microsoft.com/.default' is served: it stands for every role of the application.",
  }
  const notText = {
    kind: 'malformed',
    message: 'The body is not UTF-8 text. Send a form in UTF-8.',
  }

  it.each([
    ['without a body', '', lacks('grant_type')],
    ['with junk', '%%%=&&&;;\u0000', lacks('grant_type')],
    ['with JSON called a form', JSON.stringify(good), lacks('grant_type')],
    ['with bytes that are no UTF-8', new Uint8Array([0xff, 0xfe]), notText],
    ['without client', { ...good, client_id: '' }, lacks('client_id')],
    ['without scope', { ...good, scope: '' }, lacks('scope')],
    ['without secret', { ...good, client_secret: '' }, noSecret],
    ['with a repeated grant type', `${form}&grant_type=client_credentials`, twice('grant_type')],
    ['with a repeated scope', `${form}&scope=b`, twice('scope')],
    ['with a repeated client', `${form}&client_id=b`, twice('client_id')],
    ['with a repeated secret', `${form}&client_secret=b`, twice('client_secret')],
    ['with an assertion', { ...good, client_assertion: 'x' }, noAssertion],
    ['with a password grant', { ...good, grant_type: 'password' }, wrongGrant],
    ['for one permission', { ...good, scope: 'https://graph.microsoft.com/User.Read' }, wrongScope],
    [
      'for another resource',
      { ...good, scope: 'https://management.azure.com/.default' },
      wrongScope,
    ],
    ['for two scopes', { ...good, scope: `${scope} openid` }, wrongScope],
  ])('%s', async (_, sent, refusal) => {
    expect(await refusalOf(read(sent))).toEqual(refusal)
  })

  it.each([
    undefined,
    '',
    'application/json',
    'multipart/form-data; boundary=x',
    `${formType}x`,
    `${formType}, ${formType}`,
  ])('with the content type %s', async (type) => {
    expect(await refusalOf(read(good, { 'content-type': type }))).toEqual({
      kind: 'malformed',
      message:
        'The body must be a form. Send it with the content type application/x-www-form-urlencoded.',
    })
  })

  const twoPlaces = {
    kind: 'malformed',
    message:
      'Credentials came in the form and in the Authorization header. Send them in one place only.',
  }
  const unreadable = {
    kind: 'missingSecret',
    message:
      'The Authorization header holds no client id and secret. Send them form-encoded and joined by a colon, in base64.',
  }
  it.each([
    ['a secret here and there', basic(clientId, secret), good, twoPlaces],
    [
      'another id here than there',
      basic(otherId, secret),
      { ...good, client_secret: '' },
      twoPlaces,
    ],
    ['a Basic header that is no base64', 'Basic %%%', good, unreadable],
    ['a Basic header without a colon', `Basic ${btoa('a')}`, good, unreadable],
    ['a Basic header without a secret', basic(clientId, ''), good, unreadable],
    ['a Basic header with a broken escape', basic(clientId, '%zz'), good, unreadable],
  ])('with %s', async (_, authorization, sent, refusal) => {
    const headers = { 'content-type': formType, authorization }
    expect(await refusalOf(read(sent, headers))).toEqual(refusal)
  })
})
