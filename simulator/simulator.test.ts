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
