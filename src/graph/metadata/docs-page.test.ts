import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { HttpRequest } from '../../ports/route.ts'
import { operations } from '../operations.ts'
import { html } from './docs/html.ts'
import { docsAnswer } from './docs-page.ts'
import { addressOf } from './spelling.ts'

const answer = docsAnswer()
const request = (method: string, target: string): HttpRequest => ({
  id: 'c0ffee00-0000-4000-8000-000000000000',
  method,
  target,
  headers: {},
  origin: 'https://vpp.example.org:8443',
  remoteAddress: '127.0.0.1',
  readBody: () => Promise.reject(new Error('A document takes no body.')),
})
const ask = (method: string, target: string) => answer(request(method, target))

describe('the page', () => {
  test.each(['/docs', '/docs/', '/docs?x=1'])('answers at %s', async (target) => {
    const { status, headers } = await ask('GET', target)
    expect(status).toBe(200)
    expect(headers['Content-Type']).toBe('text/html; charset=utf-8')
  })

  test('lets nothing run or load but the one style it holds', async () => {
    const { headers, body = '' } = await ask('GET', '/docs')
    const policy = headers['Content-Security-Policy'] ?? ''
    const style = /<style>([\s\S]*)<\/style>/.exec(body)?.[1] ?? ''
    const hash = createHash('sha256').update(style).digest('base64')
    expect(policy).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    )
    expect(body).not.toMatch(/<script|style=|\son\w+=|src=|url\(/)
  })

  test('tells every operation, and nothing else', async () => {
    const { body = '' } = await ask('GET', '/docs')
    const shown = [
      ...body.matchAll(/<span class="verb \w+">(\w+)<\/span><code>(.*?)<\/code>/g),
    ].map(([, verb, address]) => `${verb} ${address?.replaceAll('<wbr>', '')}`)
    const served = operations.map(
      ({ verb, version, path }) => `${verb} /${version}${addressOf(path)}`,
    )
    expect(shown.sort()).toEqual([...new Set(served)].sort())
    expect(served.length).toBeGreaterThan(40)
  })

  test('gives each a command that a shell leaves as it is', async () => {
    const { body = '' } = await ask('GET', '/docs')
    expect(body).toContain(
      '&quot;https://vpp.example.org:8443/beta/organization/$ORG_ID/appleVolumePurchaseProgramTokens/$ID/syncApps&quot;',
    )
    expect(body).toContain('vppTokens/\\$count&quot;')
    expect(body).toContain(
      'curl -X POST &quot;https://vpp.example.org:8443/v1.0/deviceAppManagement/vppTokens&quot;',
    )
  })

  test('says where the authority of the certificate stands to whoever is on its machine, and to nobody else', async () => {
    const page = async (caFile: string | undefined, origin: string) =>
      (await docsAnswer(caFile)({ ...request('GET', '/docs'), origin })).body ?? ''
    const file = "/srv/o'neill/ca.pem"
    const here = await page(file, 'https://localhost:8443')
    expect(here).toContain("export CURL_CA_BUNDLE='/srv/o'\\''neill/ca.pem'")
    const elsewhere = await page(file, 'https://vpp.example.org:8443')
    expect(elsewhere).toContain("export CURL_CA_BUNDLE='ca.pem'")
    expect(elsewhere).not.toContain('/srv')
    expect(await page(undefined, 'https://localhost:8443')).not.toContain('CURL_CA_BUNDLE')
  })

  test('has no two elements of one id, and no link within that leads nowhere', async () => {
    const { body = '' } = await ask('GET', '/docs')
    const ids = [...body.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const links = [...body.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id)
    expect(links.filter((id) => !ids.includes(id))).toEqual([])
  })

  test('links only to documents that are there', async () => {
    const { body = '' } = await ask('GET', '/docs')
    const links = [...body.matchAll(/href="(\/[^"]+)"/g)].map(([, link = '']) => link)
    expect(links).toEqual([
      '/docs/openapi-v1.0.json',
      '/docs/openapi-beta.json',
      '/docs/openapi-pomona-v1.json',
      '/v1.0/$metadata',
      '/beta/$metadata',
    ])
    for (const link of links.slice(0, 3)) expect((await ask('GET', link)).status).toBe(200)
  })

  test('escapes what is put into it', () => {
    expect(html`<b title="${'"'}">${'<&>'}${[html`<i>${1}</i>`]}</b>`.html).toBe(
      '<b title="&quot;">&lt;&amp;&gt;<i>1</i></b>',
    )
  })
})

test('an OpenAPI document names the server as the caller reached it', async () => {
  const { headers, body = '' } = await ask('HEAD', '/docs/openapi-beta.json')
  expect(headers['Content-Type']).toBe('application/json')
  expect(JSON.parse(body).servers).toEqual([{ url: 'https://vpp.example.org:8443/beta' }])
})

test.each(['/docs/openapi-v2.json', '/docs/x', '/docsx'])('%s is not there', async (target) => {
  expect((await ask('GET', target)).status).toBe(404)
})

test.each(['POST', 'DELETE', 'OPTIONS'])('%s is not for documents', async (method) => {
  const { status, headers } = await ask(method, '/docs')
  expect([status, headers.Allow]).toEqual([405, 'GET, HEAD'])
})
