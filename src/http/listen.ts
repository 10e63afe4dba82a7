/** Opens a listener on each address that a host's name stands for, all of them on one port. */
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { Failure } from '../model/failure.ts'
import type { Listener } from './listener.ts'

export interface ListenAt {
  /** A name, or an address without brackets. */
  readonly host: string
  /** 0 picks a free one. */
  readonly port: number
}

/**
 * Answers the port, and the listeners on it. Failure `misconfigured` when there is none, or when one of the addresses is
 * taken: whoever holds it would be taken for this server.
 */
export async function listenAt(
  { host, port }: ListenAt,
  create: () => Listener,
): Promise<{ readonly port: number; readonly listeners: readonly Listener[] }> {
  const listeners: Listener[] = []
  let bound = port
  let absent: unknown
  try {
    for (const { address } of await lookup(host, { all: true })) {
      const listener = create()
      try {
        bound = await boundPort(listener, address, bound)
        listeners.push(listener)
      } catch (error) {
        // `localhost` stands for an IPv6 address even where there is no IPv6.
        if (!absentAddress.has(codeOf(error))) throw error
        absent = error
      }
    }
    if (listeners.length === 0) throw absent
    return { port: bound, listeners }
  } catch (error) {
    for (const listener of listeners) listener.close()
    throw notListening({ host, port }, error)
  }
}

async function boundPort(listener: Listener, host: string, port: number): Promise<number> {
  listener.listen({ host, port })
  await once(listener, 'listening')
  return (listener.address() as AddressInfo).port
}

const absentAddress: ReadonlySet<string> = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT'])

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function notListening({ host, port }: ListenAt, cause: unknown): unknown {
  const why = {
    EADDRINUSE: 'something else listens there already',
    EACCES: 'this user may not listen there',
    EADDRNOTAVAIL: 'this machine does not have that address',
    EAFNOSUPPORT: 'this machine does not have that address',
    ENOTFOUND: 'nobody knows that name',
    EAI_AGAIN: 'the name cannot be looked up at present',
  }[codeOf(cause)]
  if (why === undefined) return cause
  return new Failure(
    'misconfigured',
    `The service cannot listen on ${host}, port ${port}: ${why}. Choose another with --listen.`,
    { property: 'listen', cause },
  )
}
