import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'
import { afterEach, describe, expect, test } from 'vitest'
import { type RunningSimulator, type SimulatorOptions, startSimulator } from './simulator.ts'

const loopback: SimulatorOptions = {
  listen: '127.0.0.1:0',
  control: '127.0.0.1:0',
  seeds: ['small'],
}
let running: RunningSimulator | undefined

afterEach(async () => {
  await running?.close()
  running = undefined
})

describe('starting a simulator (Apple contract 11.1)', () => {
  test('it tells where it listens and makes up a key', async () => {
    running = await startSimulator(loopback)
    expect(running.dataUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mdm\/v2$/)
    expect(running.controlUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/simulator$/)
    expect(running.controlKey).toMatch(/^[\w-]{32}$/)
  })

  test('after close nothing listens any more', async () => {
    const simulator = await startSimulator(loopback)
    await simulator.close()
    await expect(fetch(`${simulator.dataUrl}/service/config`)).rejects.toThrow('fetch failed')
  })

  test('a port that is taken is told with what to do', async () => {
    running = await startSimulator(loopback)
    const listen = new URL(running.dataUrl).host
    await expect(startSimulator({ ...loopback, listen })).rejects.toThrow(
      `Nothing can listen on ${listen}: another program does already. Choose another port, or 0 for a free one.`,
    )
  })

  test('addresses in its answers carry the name that the client called it by', async () => {
    running = await startSimulator(loopback)
    const { port } = new URL(running.dataUrl)
    const path = '/mdm/v2/service/config'
    const request = get({ port, path, headers: { host: 'apple.example:8443' } })
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    const { urls } = (await json(response)) as { urls: Record<string, string> }
    expect(urls.getAssets).toBe('http://apple.example:8443/mdm/v2/assets')
  })

  test.each([
    ['the data plane', { listen: '0.0.0.0:0' }],
    ['the control plane', { control: '[::]:0' }],
    ['both, with a key but without TLS', { listen: '0.0.0.0:0', controlKey: 'a-long-control-key' }],
    ['both, with TLS but without a key', { listen: '0.0.0.0:0', tls: { cert: 'x', key: 'x' } }],
  ])('an open door is refused: %s', async (_, options) => {
    await expect(startSimulator({ ...loopback, ...options })).rejects.toThrow(
      /can be reached from other machines\. That needs TLS and a control key of your own\./,
    )
  })

  test.each([
    [
      'an unknown seed',
      { seeds: ['stats'] },
      'There is no seed "stats". Perhaps you meant "states".',
    ],
    ['a time that is none', { at: 'tomorrow' }, '"tomorrow" is no time.'],
    ['an address without port', { listen: '127.0.0.1' }, '"127.0.0.1" is no address to listen on.'],
  ])('%s is refused', async (_, options, message) => {
    await expect(startSimulator({ ...loopback, ...options })).rejects.toThrow(message)
  })
})
