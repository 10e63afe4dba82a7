import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { answerAtDoor, type Door } from './answer-at-door.ts'
import { healthDoor } from './health.ts'
import { knownOrigins } from './host-names.ts'
import { trustedProxies } from './trusted-proxies.ts'

const doors: readonly Door[] = [
  healthDoor(async () => undefined),
  {
    takes: () => true,
    answer: async ({ origin, remoteAddress }) => ({
      status: 200,
      headers: {},
      body: `${origin} for ${remoteAddress}`,
    }),
  },
]

function ask(from: string, isTls: boolean, url = '/v1.0') {
  const socket = Object.defineProperty(new Socket(), 'remoteAddress', { value: from })
  const message = Object.assign(new IncomingMessage(socket), {
    method: 'GET',
    url,
    headers: { host: 'pomona.example', 'x-forwarded-for': '203.0.113.9' },
  })
  return answerAtDoor(
    {
      origins: knownOrigins(['https://pomona.example']),
      proxies: trustedProxies(['10.0.0.0/8']),
      doors,
      isTls,
      observe: () => undefined,
    },
    message,
    new ServerResponse(message),
  )
}

describe('plain HTTP', () => {
  it.each([
    ['10.0.0.1', 'https://pomona.example for 203.0.113.9'],
    ['::ffff:10.0.0.1', 'https://pomona.example for 203.0.113.9'],
    ['127.0.0.1', 'https://pomona.example for 127.0.0.1'],
    ['::1', 'https://pomona.example for ::1'],
  ])('is spoken with %s', async (from, body) => {
    expect(await ask(from, false)).toMatchObject({ status: 200, body })
  })

  it.each(['192.0.2.1', '::ffff:192.0.2.1', '2001:db8::1', ''])(
    'is not spoken with %j, but for a question after its health',
    async (from) => {
      const refused = await ask(from, false)
      expect(refused.status).toBe(403)
      expect(refused.body).toContain('plain HTTP, with its trusted proxies only')
      expect(await ask(from, false, '/health/live')).toMatchObject({ status: 200, body: 'live\n' })
    },
  )
})

describe('HTTPS', () => {
  it('is spoken with everybody, who then stands for himself', async () => {
    expect(await ask('192.0.2.1', true)).toMatchObject({
      status: 200,
      body: 'https://pomona.example for 192.0.2.1',
    })
  })
})
