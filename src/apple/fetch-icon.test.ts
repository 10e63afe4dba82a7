import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Agent } from 'undici'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createIconFetcher, type IconSettings, mostIconBytes } from './fetch-icon.ts'

const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3])
const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3])

type Respond = (request: IncomingMessage, response: ServerResponse) => void

const picture =
  (bytes: Buffer, type = 'image/png', status = 200): Respond =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': type }).end(bytes)
  }

async function open(respond: Respond, settings: Partial<IconSettings> = {}) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    respond(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const dispatcher = new Agent()
  onTestFinished(async () => {
    await dispatcher.destroy()
    server.closeAllConnections()
    server.close()
  })
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const fetchIcon = createIconFetcher({
    ...{ dispatcher, hosts: [host], isSimulated: true, timeoutMs: 5_000 },
    ...settings,
  })
  return { fetchIcon, asked, url: `http://${host}/icon` }
}

describe('an icon', () => {
  test.each([
    ['image/png', png],
    ['image/jpeg', jpeg],
  ])('of type %s is fetched', async (type, bytes) => {
    const { fetchIcon, url } = await open(picture(bytes, `${type.toUpperCase()}; q=1`))
    expect(await fetchIcon(url)).toEqual({ type, value: bytes.toString('base64') })
  })

  test('may have 256 KiB, and no byte more', async () => {
    const largest = Buffer.concat([png, Buffer.alloc(mostIconBytes - png.length)])
    const fits = await open(picture(largest))
    expect((await fits.fetchIcon(fits.url))?.value).toBe(largest.toString('base64'))
    const tooLarge = await open(picture(Buffer.concat([largest, Buffer.alloc(1)])))
    expect(await tooLarge.fetchIcon(tooLarge.url)).toBeNull()
  })

  test.each<[string, Respond]>([
    ['a page', picture(Buffer.from('<html>'), 'text/html')],
    ['a page that is called a picture', picture(Buffer.from('<html>'))],
    ['a picture that is called a page', picture(png, 'text/html')],
    ['a picture that is called another kind', picture(jpeg, 'image/png')],
    ['a drawing that can hold a script', picture(Buffer.from('<svg/>'), 'image/svg+xml')],
    ['nothing', picture(Buffer.alloc(0))],
    ['a picture with an error', picture(png, 'image/png', 404)],
    [
      'an answer that is cut',
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'image/png', 'content-length': '100' })
        response.write(png, () => response.destroy())
      },
    ],
    ['no answer', (_request, response) => void response.destroy()],
  ])('is not made of %s', async (_what, respond) => {
    const { fetchIcon, url, asked } = await open(respond)
    expect(await fetchIcon(url)).toBeNull()
    expect(asked).toEqual(['/icon'])
  })

  test('is not looked for elsewhere', async () => {
    const { fetchIcon, url, asked } = await open((_request, response) => {
      response.writeHead(302, { location: '/other', 'content-type': 'image/png' }).end(png)
    })
    expect(await fetchIcon(url)).toBeNull()
    expect(asked).toEqual(['/icon'])
  })

  test('is not waited for longer than the time-out', async () => {
    const { fetchIcon, url } = await open(() => undefined, { timeoutMs: 50 })
    expect(await fetchIcon(url)).toBeNull()
  })

  test('is given up with the reason of whoever gives it up', async () => {
    const stop = new AbortController()
    const { fetchIcon, url } = await open(() => stop.abort(new Error('enough')))
    await expect(fetchIcon(url, stop.signal)).rejects.toThrow('enough')
  })

  test.each<[string, string, Partial<IconSettings>]>([
    ['a host that is not allowed', '', { hosts: ['*.mzstatic.com'] }],
    ['another port of an allowed host', '', { hosts: ['127.0.0.1'] }],
    ['plain http in mode live', '', { isSimulated: false }],
    ['no address', 'nowhere', {}],
    ['a file', 'file:///etc/passwd', {}],
    ['plain http beyond this machine', 'http://store.example/icon', { hosts: ['store.example'] }],
  ])('is not asked for at %s', async (_what, other, settings) => {
    const { fetchIcon, url, asked } = await open(picture(png), settings)
    expect(await fetchIcon(other === '' ? url : other)).toBeNull()
    expect(asked).toEqual([])
  })

  test.each([
    ['https://is1-ssl.mzstatic.com/a.png', true],
    ['https://a.b.mzstatic.com/a.png', true],
    ['https://mzstatic.com/a.png', false],
    ['https://evilmzstatic.com/a.png', false],
    ['https://is1-ssl.mzstatic.com.evil.example/a.png', false],
    ['https://is1-ssl.mzstatic.com:8443/a.png', false],
    ['https://user@is1-ssl.mzstatic.com/a.png', false],
    ['https://evil.example/is1-ssl.mzstatic.com/a.png', false],
    ['http://is1-ssl.mzstatic.com/a.png', false],
  ])('of %s, with *.mzstatic.com allowed, is asked for: %s', async (url, isAsked) => {
    const origins: unknown[] = []
    const refusing = new Agent().compose((_dispatch) => ({ origin }, _handler) => {
      origins.push(origin)
      throw new Error('no network in tests')
    })
    const hosts = ['*.mzstatic.com']
    const settings = { dispatcher: refusing, hosts, isSimulated: false, timeoutMs: 5_000 }
    expect(await createIconFetcher(settings)(url)).toBeNull()
    expect(origins).toHaveLength(isAsked ? 1 : 0)
  })
})
