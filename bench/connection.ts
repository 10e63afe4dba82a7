/**
 * One connection that is kept open, with one request under way at a time. Bare sockets: `node:http` as a client, and undici too,
 * take longer for a request than the floor takes to answer it, and would measure themselves.
 */
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type Answer, answerReader } from './answer-reader.ts'

export interface Connection {
  /** Sends a whole request, ASCII only, and resolves with the answer. */
  ask(request: string): Promise<Answer>
  close(): void
}

/** `ca`: the PEM certificate to trust when the origin is https. */
export async function openConnection(origin: string, ca?: string): Promise<Connection> {
  const socket = await connected(new URL(origin), ca)
  const reader = answerReader()
  let waiting: PromiseWithResolvers<Answer> | undefined

  let trouble: Error | undefined

  const fail = (error: Error) => {
    trouble ??= error
    waiting?.reject(trouble)
    waiting = undefined
  }
  socket.setNoDelay(true)
  socket.on('data', (chunk) => {
    const answer = reader.read(chunk)
    if (!answer) return
    const asked = waiting
    waiting = undefined
    asked?.resolve(answer)
  })
  socket.on('error', fail)
  socket.on('close', () => fail(new Error(`${origin} closed the connection`)))

  return {
    ask(request) {
      if (trouble) return Promise.reject(trouble)
      waiting = Promise.withResolvers()
      socket.write(request, 'latin1')
      return waiting.promise
    },
    close: () => {
      socket.destroy()
    },
  }
}

function connected({ protocol, hostname, port }: URL, ca: string | undefined): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const place = { host: hostname, port: Number(port) }
    const socket =
      protocol === 'https:'
        ? connectTls({ ...place, servername: hostname, ...(ca === undefined ? {} : { ca }) })
        : connect(place)
    socket.once(protocol === 'https:' ? 'secureConnect' : 'connect', () => resolve(socket))
    socket.once('error', reject)
  })
}
