import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'

/** A notification URL for tests: takes down what comes and answers as it is told. */
export interface TestReceiver {
  url: string
  received: ReceivedNotification[]
  /** HTTP status of the next answers; `hangUp` gives none, `holdBack` not before `letGo`. */
  answerWith(answer: number | 'hangUp' | 'holdBack'): void
  letGo(): void
  /** Resolves as soon as so many came, the earlier ones included. */
  arrived(count: number): Promise<void>
  stop(): Promise<void>
}

export interface ReceivedNotification {
  authorization: string | undefined
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  body: any
}

export async function testReceiver(tls?: { cert: string; key: string }): Promise<TestReceiver> {
  const received: ReceivedNotification[] = []
  let answer: number | 'hangUp' | 'holdBack' = 200
  let heldBack: (() => void)[] = []
  let waiting: { count: number; resolve: () => void }[] = []
  const onRequest = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    received.push({ authorization: request.headers.authorization, body })
    for (const { count, resolve } of waiting) if (received.length >= count) resolve()
    waiting = waiting.filter(({ count }) => received.length < count)
    if (answer === 'hangUp') response.destroy()
    else if (answer === 'holdBack') heldBack.push(() => response.writeHead(200).end())
    else response.writeHead(answer, { location: 'https://elsewhere.example/' }).end()
  }
  const server = tls ? createTlsServer(tls, onRequest) : createServer(onRequest)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const letGo = () => {
    for (const go of heldBack) go()
    heldBack = []
  }
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}/notify/n-01`,
    received,
    answerWith: (next) => {
      answer = next
    },
    letGo,
    arrived: (count) =>
      new Promise((resolve) => {
        if (received.length >= count) resolve()
        else waiting.push({ count, resolve })
      }),
    stop: () =>
      new Promise((resolve) => {
        letGo()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
