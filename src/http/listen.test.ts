import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { listenAt } from './listen.ts'
import type { Listener } from './listener.ts'

const made: Listener[] = []
const create = () => {
  const listener = createServer()
  made.push(listener)
  return listener
}
const isOpen = ({ listening }: Listener) => listening
afterEach(async () => {
  for (const each of made.splice(0))
    if (isOpen(each)) await new Promise((resolve) => each.close(resolve))
})

describe('a host', () => {
  it('that is an address is listened on there alone', async () => {
    const { port, listeners } = await listenAt({ host: '127.0.0.1', port: 0 }, create)
    const addresses = listeners.map((each) => each.address() as AddressInfo)
    expect(addresses).toMatchObject([{ address: '127.0.0.1', port }])
    expect(port).toBeGreaterThan(0)
  })

  it('that is a name is listened on at each of its addresses that this machine has, on one port', async () => {
    const { port, listeners } = await listenAt({ host: 'localhost', port: 0 }, create)
    const addresses = listeners.map((each) => each.address() as AddressInfo)
    expect(addresses.map(({ address }) => address)).toContain('127.0.0.1')
    expect(new Set(addresses.map((each) => each.port))).toEqual(new Set([port]))
    expect(made.filter(isOpen)).toEqual(listeners)
  })

  it('whose port is taken leaves nothing open', async () => {
    const { port } = await listenAt({ host: '127.0.0.1', port: 0 }, create)
    await expect(listenAt({ host: 'localhost', port }, create)).rejects.toMatchObject({
      code: 'misconfigured',
      property: 'listen',
      message: `The service cannot listen on localhost, port ${port}: something else listens there already. Choose another with --listen.`,
    })
    expect(made.filter(isOpen)).toHaveLength(1)
  })

  it('that is an address of another machine is refused', async () => {
    await expect(listenAt({ host: '192.0.2.1', port: 0 }, create)).rejects.toMatchObject({
      code: 'misconfigured',
      message:
        'The service cannot listen on 192.0.2.1, port 0: this machine does not have that address. Choose another with --listen.',
    })
  })
})
