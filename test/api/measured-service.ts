/** A service in a process of its own, and what one request costs it. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Cost, FuzzTarget, Told } from './fuzz-service.ts'

export interface MeasuredService {
  readonly target: FuzzTarget
  /**
   * Sends these bytes alone and answers what came back until the connection was closed, and its price. `isSettled`: what was
   * left to be collected is collected before, so that none of it counts. Throws when the service's process has ended.
   */
  cost(request: Buffer, how: { isWhole: boolean; isSettled: boolean }): Promise<Paid>
  close(): Promise<void>
}

export interface Paid extends Cost {
  readonly answer: string
}

/** `library`: Apple's side and a content token of it, to have apps to ask for. */
export async function measuredService(library?: {
  readonly appleUrl: string
  readonly file: string
}): Promise<MeasuredService> {
  const script = fileURLToPath(new URL('./fuzz-service.ts', import.meta.url))
  const given = library ? [library.appleUrl, library.file] : []
  // With little room to be lazy in, what is only not collected yet stays small beside what a request really needs.
  const execArgv = ['--expose-gc', '--max-old-space-size=128', '--max-semi-space-size=4']
  const child = fork(script, given, { execArgv })
  const tell = (word: Told) => {
    if (!child.connected) throw new Error("The service's process has ended")
    child.send(word)
  }
  const target = await told<FuzzTarget>(child)
  return {
    target,
    async cost(request, { isWhole, isSettled }) {
      tell(isSettled ? 'settleAndBegin' : 'begin')
      await told(child)
      const answer = await answerTo(target.port, request, isWhole)
      tell('end')
      return { ...(await told<Cost>(child)), answer }
    },
    async close() {
      if (child.exitCode !== null) return
      const ended = once(child, 'exit')
      tell('close')
      await ended
    },
  }
}

/** What the process says next. */
async function told<T>(child: ChildProcess): Promise<T> {
  const heard = new AbortController()
  const { signal } = heard
  const crashed = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`The service's process ended with ${code}`)
  })
  crashed.catch(() => undefined)
  try {
    const [answer] = await Promise.race([once(child, 'message', { signal }), crashed])
    return answer as T
  } finally {
    heard.abort()
  }
}

/** Throws when the connection is held for ten seconds. */
async function answerTo(port: number, request: Buffer, isWhole: boolean): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port })
  socket.setTimeout(10_000, () => socket.destroy(new Error('No answer in ten seconds')))
  // Who has half a request to send must say that no more is to come, or the service would wait for it.
  if (isWhole) socket.write(request)
  else socket.end(request)
  const pieces: Buffer[] = []
  try {
    for await (const piece of socket) pieces.push(piece)
  } catch (error) {
    // Cut by the service while we were still writing: what was answered until then is the answer.
    if (!['ECONNRESET', 'EPIPE'].includes((error as { code?: string }).code ?? '')) throw error
  }
  return Buffer.concat(pieces).toString('latin1')
}
